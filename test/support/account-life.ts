// The whole life of an account in one placement: packed kitcn, real convex CLI, Better Auth's own client. The default
// suite and the matrix choose the placement.
import { createOTP } from "@better-auth/utils/otp";
import { createAuthClient } from "better-auth/client";
import { organizationClient, twoFactorClient } from "better-auth/client/plugins";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, makeFunctionReference, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { createCookieJar } from "./cookie-fetch.js";
import { LIFE_FILES, OWN_TABLES } from "./account-life-app.js";
import { installApp, siblingApp, snapshotOf, type PackedApp } from "./packed-app.js";

const ORIGIN = "http://localhost:3000";
const user = { name: "Ada", email: "ada@example.com", password: "correct horse battery" };
const NEXT_PASSWORD = "another horse battery";

const call = (module: string, name: string) => anyApi[module]![name] as FunctionReference<"query">; // the apps' types are not ours
const here = call("me", "here");
const log = call("log", "all");
const inAction = anyApi["me"]!["inAction"] as FunctionReference<"action">; // as above

/** Only the stand-in shows its documents. */
const isReal = Boolean(process.env.CONVEX_SELF_HOSTED_URL);

export const LIVES = {
  split: { title: "split", placement: "split", changed: {} },
  packaged: { title: "component", placement: "component", changed: {} },
  own: {
    title: "component, with fields that only the app's own has",
    placement: "component",
    changed: OWN_TABLES,
  },
  app: { title: "app", placement: "app", changed: {} },
} as const;

type Life = (typeof LIVES)[keyof typeof LIVES];

/** A folder for `livesOut`. `name`: below .tmp. */
export function installForLife(name: string): Promise<PackedApp> {
  return installApp({ from: "examples/notes", name });
}

/** Declares the tests of one placement, inside of its `describe`. */
export function livesOut(installed: () => PackedApp, { placement, changed }: Life): void {
  const isOwn = changed === OWN_TABLES;
  let app: PackedApp;
  let deployment: Deployment;
  const succeed = async (command: readonly string[]) => {
    const ran = await app.run(command, deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  };

  beforeAll(async () => {
    app = await siblingApp(installed(), {
      name: isOwn ? "in-own" : `in-${placement}`,
      files: { ...LIFE_FILES, ...changed },
    });
    deployment = await startDeployment();
    await succeed(["kitcn", "add", "auth", "--yes", "--placement", placement]);
    // Where tsc has a test of its own, below, the push need not run it too.
    const types = placement === "app" ? [] : ["--typecheck", "disable"];
    await succeed(["convex", "deploy", "--yes", ...types]);
  });
  afterAll(() => deployment?.stop());

  test("the tables are where they were asked for", async () => {
    const after = await snapshotOf(app);
    const schema = after["convex/schema.ts"] ?? "";
    const tables = [...schema.matchAll(/^export const (\w+)Table = /gm)].map(([, name]) => name);
    const core = [
      "user",
      "session",
      "account",
      "organization",
      "member",
      "invitation",
      "twoFactor",
    ];
    const secret = ["verification", "jwks"];
    expect(tables.sort()).toEqual(
      { split: core, component: [] as string[], app: [...core, ...secret] }[placement].sort(),
    );
    expect("convex/convex.config.ts" in after).toBe(placement !== "app");
    expect("convex/components/auth/schema.ts" in after).toBe(isOwn);
    expect(JSON.parse(after["convex/plugins.lock.json"] ?? "{}")).toMatchObject({
      plugins: { "better-auth": { placement } },
    });
  });

  test.runIf(placement !== "app")("triggers, sessions and components are typed", async () => {
    await succeed(["tsc", "-p", "convex"]);
  });

  test("only the app's own functions are public", async () => {
    const spec = await app.run(["convex", "function-spec"], deployment.cliEnv);
    const { functions } = JSON.parse(spec.stdout) as {
      functions: { identifier?: string; visibility?: { kind: string } }[];
    };
    const own = ["log.js:all", "me.js:here", "me.js:inAction"];
    const named = functions.filter(({ identifier }) => identifier !== undefined);
    const isPublic = ({ visibility }: (typeof named)[number]) => visibility?.kind === "public";
    expect(named.length).toBeGreaterThan(own.length);
    expect(named.filter(isPublic).map(({ identifier }) => identifier)).toEqual(own);
    const client = new ConvexHttpClient(deployment.url);
    const operations = [{ kind: "findMany", input: { model: "account", where: [] } }];
    for (const path of [
      "generated/store:authRead",
      "auth/store:read",
      "components/auth/store:read",
    ])
      await expect(
        client.query(makeFunctionReference<"query">(path), { operations }),
      ).rejects.toThrow("Could not find public function");
  });

  test.runIf(placement === "split")(
    "empty tables move to another placement, and back",
    async () => {
      const schemaNow = async () => (await snapshotOf(app))["convex/schema.ts"];
      const before = await schemaNow();
      await succeed(["kitcn", "add", "auth", "--schema", "--yes", "--placement", "component"]);
      expect(await schemaNow()).not.toContain("userTable");
      await succeed(["kitcn", "add", "auth", "--schema", "--yes", "--placement", "split"]);
      expect(await schemaNow()).toBe(before);
    },
  );

  test("sign-up, organization, two-factor, password reset, token, rotation", async () => {
    const jar = createCookieJar(ORIGIN);
    const client = createAuthClient({
      baseURL: deployment.siteUrl,
      fetchOptions: { customFetchImpl: jar.fetch },
      plugins: [organizationClient(), twoFactorClient()],
    });
    const convex = new ConvexHttpClient(deployment.url);
    const token = async () => {
      const response = await jar.fetch(`${deployment.siteUrl}/api/auth/convex/token`);
      return ((await response.json()) as { token: string }).token;
    };

    const signedUp = await client.signUp.email(user);
    expect(signedUp.error).toBeNull();
    const elsewhere = placement === "component" ? "split" : "component";
    const moved = ["kitcn", "add", "auth", "--schema", "--yes", "--placement", elsewhere];
    const refused = await app.run(moved, deployment.cliEnv);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("the tables have rows of user, session, account");
    const id = signedUp.data?.user.id;
    expect((await client.signUp.email(user)).error).toMatchObject({ status: 422 });

    const created = await client.organization.create({ name: "Engines", slug: "engines" });
    expect(created.error).toBeNull();
    convex.setAuth(await token());
    expect(await convex.query(here, {})).toEqual({
      id,
      organization: created.data?.id,
      name: "Ada!",
    });
    expect(await convex.action(inAction, {})).toBe(id);

    const enabled = await client.twoFactor.enable({ password: user.password });
    expect(enabled.error).toBeNull();
    const secret = new URL(
      enabled.data && "totpURI" in enabled.data ? enabled.data.totpURI : "",
    ).searchParams.get("secret");
    const otp = createOTP(decodeBase32(secret ?? ""));
    expect((await client.twoFactor.verifyTotp({ code: await otp.totp() })).error).toBeNull();

    await client.signOut();
    expect((await client.getSession()).data).toBeNull();
    const first = await client.signIn.email({ email: user.email, password: user.password });
    expect(first.data).toMatchObject({ twoFactorRedirect: true });
    expect((await client.twoFactor.verifyTotp({ code: await otp.totp() })).error).toBeNull();
    expect((await client.getSession()).data?.user.name).toBe("Ada!");

    expect(
      (await client.requestPasswordReset({ email: user.email, redirectTo: "/reset" })).error,
    ).toBeNull();
    // The mail is sent by a function that the request scheduled.
    await deployment.settled();
    const lines = (await convex.query(log, {})) as string[]; // what log:all returns
    const reset = lines.find((line) => line.startsWith("reset "))?.slice("reset ".length);
    expect(
      (await client.resetPassword({ newPassword: NEXT_PASSWORD, token: reset ?? "" })).error,
    ).toBeNull();
    expect(
      (await client.signIn.email({ email: user.email, password: user.password })).error,
    ).toMatchObject({ status: 401 });
    expect(
      (await client.signIn.email({ email: user.email, password: NEXT_PASSWORD })).data,
    ).toMatchObject({ twoFactorRedirect: true });
    expect((await client.twoFactor.verifyTotp({ code: await otp.totp() })).error).toBeNull();

    expect(lines).toContain(`user ${user.email}`);
    expect(lines.filter((line) => line.startsWith("user "))).toHaveLength(1);
    expect(lines).toContain("session create");
    expect(lines).toContain("session delete");
    expect(lines.some((line) => /^verification \S+ 13$/.test(line))).toBe(true);

    const jwks = await (await jar.fetch(`${deployment.siteUrl}/api/auth/convex/jwks`)).text();
    expect(jwks).toContain('"keys"');
    expect(jwks).not.toMatch(/privateKey|"d":/);
    const shown = await Promise.all(
      ["get-session", "list-sessions", "list-accounts"].map(async (path) =>
        (await jar.fetch(`${deployment.siteUrl}/api/auth/${path}`)).text(),
      ),
    );
    expect(shown.join()).not.toMatch(/password|privateKey/);
    if (!isReal) await assertStoredSecrets(deployment);

    const old = await token();
    convex.setAuth(old);
    expect(await convex.query(here, {})).toMatchObject({ id });
    await succeed(["kitcn", "env", "push", "--rotate", "--keep-sessions", "--yes"]);
    await expect(convex.query(here, {})).rejects.toThrow();
    convex.setAuth(await token());
    expect(await convex.query(here, {})).toMatchObject({ id });

    // Without --keep-sessions everybody has to sign in again.
    await succeed(["kitcn", "env", "push", "--rotate", "--yes"]);
    await expect(convex.query(here, {})).rejects.toThrow();
    expect((await client.getSession()).data).toBeNull();
    await client.signIn.email({ email: user.email, password: NEXT_PASSWORD });
    expect((await client.twoFactor.verifyTotp({ code: await otp.totp() })).error).toBeNull();

    expect((await client.deleteUser({ password: NEXT_PASSWORD })).error).toBeNull();
    expect((await client.getSession()).data).toBeNull();
    expect(
      (await client.signIn.email({ email: user.email, password: NEXT_PASSWORD })).error,
    ).toMatchObject({ status: 401 });
  });

  test("a second run changes nothing", async () => {
    const before = await snapshotOf(app);
    await succeed(["kitcn", "add", "auth", "--yes"]);
    expect(await snapshotOf(app)).toEqual(before);
    await succeed(["kitcn", "add", "auth", "--schema", "--check"]);
  });
}

// --- internal ---

/** What whoever reads the tables finds: no key that signs, no password. */
async function assertStoredSecrets(deployment: Deployment): Promise<void> {
  const tables = Object.values(await deployment.rows());
  const of = (table: string) => tables.flatMap((one) => one[table] ?? []);
  const keys = of("jwks").map(({ privateKey }) => JSON.parse(String(privateKey)) as unknown);
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) expect(key).toEqual(expect.stringMatching(/^[0-9a-f]{100,}$/)); // ciphertext, no JWK
  const passwords = of("account").map(({ password }) => String(password));
  expect(passwords).toEqual([expect.stringMatching(/^[0-9a-f]{32}:[0-9a-f]{128}$/)]);
}

/** TOTP secrets are shown in base 32; createOTP wants the text itself. */
function decodeBase32(text: string): string {
  const bits = [...text.replace(/=+$/, "")]
    .map((letter) =>
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"),
    )
    .join("");
  const bytes = bits.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [];
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
