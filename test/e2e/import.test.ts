// `kitcn import` of each source into an app on a deployment: everybody is there, signs in with the old password, and
// nothing is imported twice, whatever kills the run.
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SOURCES, type SourceName } from "../../codegen/import/types.js";
import { SECRET, startAuthApp, type AuthApp } from "../faults/support/auth-app.js";
import { PASSWORD, writeExport } from "../support/import/exports.js";
import { writeZip } from "../support/import/zip.js";

vi.setConfig({ testTimeout: 600_000, hookTimeout: 300_000 });

const COUNT = 200;

const AUTH = `import { admin, magicLink, organization, twoFactor } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  user: { additionalFields: { plan: { type: "string", required: true, defaultValue: "free", input: false } } },
  rateLimit: { enabled: false },
  plugins: [convex({ authConfig, jwks: process.env.JWKS }), admin(), organization(), twoFactor(), magicLink({ sendMagicLink: () => {} })],
  telemetry: { enabled: false },
}));
`;

let app: AuthApp;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kitcn-import-"));
  app = await startAuthApp("split", AUTH);
});
afterAll(async () => {
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

type Document = Readonly<Record<string, unknown>> & { readonly _id: string };

const rowsOf = async (table: string) =>
  ((await app.deployment.rows())[""]?.[table] ?? []) as readonly Document[];

const signIn = (email: string, password = PASSWORD) =>
  app.browser().post("/sign-in/email", { email, password });

test.each(SOURCES)("%s: 200 users, with passwords, accounts and organizations", async (source) => {
  const made = await writeExport(source, join(folder, source), COUNT);
  const dry = await app.kitcn("import", source, ...made.paths, "--dry-run");
  expect(dry, dry.stderr).toMatchObject({ code: 0 });
  expect(dry.stdout).toContain(`user: ${COUNT} rows`);
  const { id: _id, ...before } = await counts(source);
  expect(before).toMatchObject({ user: 0 });

  const ran = await app.kitcn("import", source, ...made.paths, "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  expect(await counts(source)).toMatchObject({
    user: made.users,
    account: made.accounts,
    organization: made.organizations,
    member: made.members,
  });

  const email = made.emailOf(0);
  expect((await signIn(email, "a wrong one")).status).toBe(401);
  const browser = app.browser();
  const signedIn = await browser.post("/sign-in/email", { email, password: PASSWORD });
  expect(signedIn.status, await signedIn.clone().text()).toBe(200);
  const accounts = (await (await browser.get("/list-accounts")).json()) as { providerId: string }[];
  expect(accounts.map(({ providerId }) => providerId).sort()).toEqual(["credential", "github"]);
  if (made.organizations > 0) {
    const listed = (await (await browser.get("/organization/list")).json()) as object[];
    expect(listed).toMatchObject([{ slug: `${source}-0` }]);
  }
  const again = await app.kitcn("import", source, ...made.paths, "--yes");
  expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
  expect(again.stdout).toContain("everything is in place");
  expect(await counts(source)).toMatchObject({ user: made.users, account: made.accounts });

  for (const text of [ran.stdout, ran.stderr, dry.stdout, report(source)])
    expect(text).not.toMatch(/\$2b\$|[0-9a-f]{64}|@\w|JBSWY/);
});

test("clerk: what only the API knows of a user comes along, also where the CSV has the user, too", async () => {
  const rows = (await rowsOf("user")).filter(({ email }) => String(email).includes("@clerk."));
  const [banned] = rows.filter((row) => row.banned === true);
  expect(banned).toMatchObject({
    email: "person-2@clerk.example.com",
    image: "https://example.com/2.png",
    createdAt: Date.UTC(2024, 0, 1) + 2000,
  });
  expect(rows.filter((row) => row.banned === true)).toHaveLength(1);
});

test("better-auth-component: sessions go on, and second factors come along", async () => {
  const [factor] = await rowsOf("twoFactor");
  expect(factor).toMatchObject({ secret: "sealed secret", backupCodes: "sealed codes" });
  const user = (await rowsOf("user")).find(({ _id }) => _id === factor?.userId);
  expect(user).toMatchObject({ email: "person-1@better-auth-component.example.com" });
  expect(user).toMatchObject({ twoFactorEnabled: true, emailVerified: true, plan: "free" });

  // The cookie of a browser that signed in with the old library.
  const token = "better-auth-component-user-1-token";
  const signature = createHmac("sha256", SECRET).update(token).digest("base64");
  const cookie = `better-auth.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  const response = await fetch(`${app.deployment.siteUrl}/api/auth/get-session`, {
    headers: { cookie },
  });
  expect(await response.json()).toMatchObject({ user: { id: user?._id } });
});

test("convex-auth: who signed in by mailed links only is the same, verified user after the next link", async () => {
  const email = "linked@convex-auth.example.com";
  const path = join(folder, "linked.zip");
  writeZip(path, {
    "users/documents.jsonl": `{"_id":"linked","_creationTime":1,"email":"${email}","emailVerificationTime":2}\n`,
    "authAccounts/documents.jsonl": `{"_id":"by-link","_creationTime":1,"userId":"linked","provider":"resend","providerAccountId":"${email}","emailVerified":"${email}"}\n`,
  });
  const ran = await app.kitcn("import", "convex-auth", path, "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  const userOf = async () => (await rowsOf("user")).filter((row) => row.email === email);
  const [imported] = await userOf();
  expect(imported).toMatchObject({ emailVerified: true });

  const browser = app.browser();
  expect((await browser.post("/sign-in/magic-link", { email })).status).toBe(200);
  // In this placement, the component has the rows of links.
  const rows = Object.values(await app.deployment.rows()).flatMap((of) => of.verification ?? []);
  const link = rows.find(({ value }) => String(value).includes(email));
  const token = String(link?.identifier).replace("magic-link:", "");
  expect((await browser.get(`/magic-link/verify?token=${token}`)).status).toBe(200);
  const { user } = (await (await browser.get("/get-session")).json()) as { user: { id: string } };
  expect(user.id).toBe(imported?._id);
  expect(await userOf()).toMatchObject([{ emailVerified: true }]);
});

/** Rows that the import of a source made. */
async function counts(source: SourceName) {
  const map = (await rowsOf("importedId")).filter((row) => row.source === source);
  const made: Record<string, number> = { user: 0 };
  for (const { model } of map) made[String(model)] = (made[String(model)] ?? 0) + 1;
  const ids = new Set(map.map(({ newId }) => newId));
  expect(ids.size).toBe(map.length);
  return { id: map.length, organization: 0, member: 0, ...made };
}

function report(source: SourceName): string {
  return readFileSync(join(app.root, `kitcn-import-${source}.json`), "utf8");
}
