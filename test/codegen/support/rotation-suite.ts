// An app with auth on a deployment whose keys are rotated, and what a kill -9 leaves behind. The default suite and the
// matrix choose where the command is killed.
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startDeployment, type Deployment } from "../../deployment/index.js";
import { killSwitch, liveApp, runKitcn, signUp } from "./live-app.js";

export type Rotating = {
  readonly deployment: () => Deployment;
  /** Who is signed in. A test that ends the session signs in anew. */
  browser: Awaited<ReturnType<typeof signUp>>;
  readonly write: (file: string, text: string) => void;
  /** `kill`: before or after which call of the deployment the command dies. */
  readonly kitcn: (args: string[], kill?: string) => ReturnType<typeof runKitcn>;
  readonly succeeds: (...args: string[]) => Promise<void>;
  /** Whether Convex takes the token. */
  readonly passes: (token: string) => Promise<boolean>;
};

/** Declares an app for the tests of this file. */
export function rotatingApp(): Rotating {
  // Every command is a process or two of its own, on a machine that may be busy.
  vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
  let deployment: Deployment;
  let app: ReturnType<typeof liveApp>;
  const rotating: Rotating = {
    deployment: () => deployment,
    browser: undefined as never, // signed in before the first test
    write: (file, text) => app.write(file, text),
    kitcn: (args, kill) =>
      runKitcn(app, args, {
        ...deployment.cliEnv,
        ...(kill !== undefined && { KILL_KITCN: kill }),
      }),
    succeeds: async (...args) => {
      const ran = await rotating.kitcn(args);
      expect(ran, ran.stderr).toMatchObject({ code: 0 });
    },
    passes: async (token) => {
      const client = new ConvexHttpClient(deployment.url);
      client.setAuth(token);
      try {
        return (await client.query(whoami, {})) !== null;
      } catch {
        return false;
      }
    },
  };
  beforeAll(async () => {
    deployment = await startDeployment();
    app = liveApp({
      "convex/who.ts": `import { query } from "./_generated/server";
export const am = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
`,
    });
    await rotating.succeeds("add", "auth", "--yes");
    rotating.browser = await signUp(deployment.siteUrl);
    killSwitch(app);
  });
  afterAll(() => deployment?.stop());
  return rotating;
}

/** Calls of a rotation: list the variables, rotateKeys, set JWKS. */
export function killedRotations(on: Rotating, kills: readonly string[]): void {
  test.each(kills)(
    "killed %s: all is as before or as after, and a rerun finishes",
    async (kill) => {
      const token = await on.browser.token();
      const killed = await on.kitcn(["env", "push", "--rotate", "--grace", "--yes"], kill);
      expect(killed.code, killed.stderr).toBeNull();
      expect(await on.passes(token)).toBe(true);
      expect(await on.passes(await on.browser.token())).toBe(true);
      await on.succeeds("env", "push", "--rotate", "--grace", "--yes");
      expect(await on.passes(token)).toBe(true);
      expect(await on.passes(await on.browser.token())).toBe(true);
    },
  );
}

/** Calls: list the variables, set values and secret, latestJwks, set JWKS. */
export function killedSecrets(on: Rotating, kills: readonly string[]): void {
  test.each(kills)(
    "a changed secret, killed %s: new tokens pass, and a rerun finishes",
    async (kill) => {
      const secret = `${kill.replace(" ", "-")}-${"0123456789abcdefghijklmnop".repeat(2)}`;
      on.write("convex/.env", `SITE_URL=http://localhost:3000\nBETTER_AUTH_SECRET=${secret}\n`);
      const killed = await on.kitcn(["env", "push"], kill);
      expect(killed.code, killed.stderr).toBeNull();
      // Cookies are signed with the secret, so it takes a new session.
      const { siteUrl } = on.deployment();
      const other = await signUp(siteUrl, `${kill.replace(" ", "-")}@example.com`);
      expect(await on.passes(await other.token())).toBe(true);
      await on.succeeds("env", "push");
      expect(await on.passes(await other.token())).toBe(true);
    },
  );
}

// --- internal ---

const whoami = anyApi.who!.am as FunctionReference<"query">; // the app's types are not ours
