// `kitcn env push --rotate` on a deployment: who stays signed in, and what a kill -9 at each step leaves behind.
import { randomUUID } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startDeployment, type Deployment } from "../../deployment/index.js";
import type { CliApp } from "../support/cli.js";
import { killSwitch, liveApp, runKitcn, signUp } from "../support/live-app.js";

// Every command is a process or two of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const whoami = anyApi.who!.am as FunctionReference<"query">; // the app's types are not ours

let deployment: Deployment;
let app: CliApp;
let browser: Awaited<ReturnType<typeof signUp>>;

const kitcn = (args: string[], kill?: string) =>
  runKitcn(app, args, { ...deployment.cliEnv, ...(kill !== undefined && { KILL_KITCN: kill }) });

async function passes(token: string): Promise<boolean> {
  const client = new ConvexHttpClient(deployment.url);
  client.setAuth(token);
  try {
    return (await client.query(whoami, {})) !== null;
  } catch {
    return false;
  }
}

async function succeeds(...args: string[]): Promise<void> {
  const ran = await kitcn(args);
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
}

beforeAll(async () => {
  deployment = await startDeployment();
  app = liveApp({
    "convex/who.ts": `import { query } from "./_generated/server";
export const am = query({ args: {}, handler: (ctx) => ctx.auth.getUserIdentity() });
`,
  });
  await succeeds("add", "auth", "--yes");
  browser = await signUp(deployment.siteUrl);
  killSwitch(app);
});
afterAll(() => deployment?.stop());

describe("--rotate", () => {
  test("--keep-sessions invalidates every token at once; the session lives, and gets new ones", async () => {
    const token = await browser.token();
    expect(await passes(token)).toBe(true);
    await succeeds("env", "push", "--rotate", "--keep-sessions", "--yes");
    expect(await passes(token)).toBe(false);
    expect(await passes(await browser.token())).toBe(true);
  });

  test("--grace logs nobody out", async () => {
    const token = await browser.token();
    await succeeds("env", "push", "--rotate", "--grace", "--yes");
    expect(await passes(token)).toBe(true);
    const fresh = await browser.token();
    expect(kidOf(fresh)).not.toBe(kidOf(token));
    expect(await passes(fresh)).toBe(true);
  });

  // Calls of a rotation: list the variables, rotateKeys, set JWKS.
  test.each(["before 2", "after 2", "after 3"])(
    "killed %s: all is as before or as after, and a rerun finishes",
    async (kill) => {
      const token = await browser.token();
      const killed = await kitcn(["env", "push", "--rotate", "--grace", "--yes"], kill);
      expect(killed.code, killed.stderr).toBeNull();
      expect(await passes(token)).toBe(true);
      expect(await passes(await browser.token())).toBe(true);
      await succeeds("env", "push", "--rotate", "--grace", "--yes");
      expect(await passes(token)).toBe(true);
      expect(await passes(await browser.token())).toBe(true);
    },
  );
});

test("--rotate without grace, killed with the key made and not stored: a rerun ends the old one", async () => {
  const token = await browser.token();
  const rotate = ["env", "push", "--rotate", "--keep-sessions", "--yes"];
  const killed = await kitcn(rotate, "after 2");
  expect(killed.code, killed.stderr).toBeNull();
  expect(await passes(await browser.token())).toBe(true);
  await succeeds(...rotate);
  expect(await passes(token)).toBe(false);
  expect(await passes(await browser.token())).toBe(true);
});

describe("--rotate without more ends sessions", () => {
  // Sessions of before, in the table as Better Auth writes them.
  const crowd = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, at) =>
        signUp(deployment.siteUrl, `crowd-${randomUUID()}-${at}@x.dev`),
      ),
    );
  const sessions = async () => (await deployment.rows())[""]?.session?.length ?? 0;

  test("of everybody, and the triggers of the table run", async () => {
    await crowd(3);
    const token = await browser.token();
    expect(await sessions()).toBeGreaterThan(3);
    const ran = await kitcn(["env", "push", "--rotate", "--yes"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(/Sessions ended: \d+\. Everybody signs in again\./);
    expect(await sessions()).toBe(0);
    expect(await passes(token)).toBe(false);
    expect((await browser.request("/convex/token")).status).toBe(401);
    const [back] = await crowd(1);
    expect(await passes(await back!.token())).toBe(true);
  });

  // Calls: list the variables, rotateKeys, set JWKS, endSessions.
  test("killed before it began with them, and run again", async () => {
    await crowd(2);
    const killed = await kitcn(["env", "push", "--rotate", "--yes"], "after 3");
    expect(killed.code, killed.stderr).toBeNull();
    expect(await sessions()).toBeGreaterThan(1);
    await succeeds("env", "push", "--rotate", "--yes");
    expect(await sessions()).toBe(0);
    browser = await signUp(deployment.siteUrl, "back@example.com");
  });
});

// Calls: list the variables, set values and secret, latestJwks, set JWKS.
test.each(["after 2", "after 3"])(
  "a changed secret, killed %s: new tokens pass, and a rerun finishes",
  async (kill) => {
    const secret = `${kill.replace(" ", "-")}-${"0123456789abcdefghijklmnop".repeat(2)}`;
    app.write("convex/.env", `SITE_URL=http://localhost:3000\nBETTER_AUTH_SECRET=${secret}\n`);
    const killed = await kitcn(["env", "push"], kill);
    expect(killed.code, killed.stderr).toBeNull();
    // Cookies are signed with the secret, so it takes a new session.
    const other = await signUp(deployment.siteUrl, `${kill.replace(" ", "-")}@example.com`);
    expect(await passes(await other.token())).toBe(true);
    await succeeds("env", "push");
    expect(await passes(await other.token())).toBe(true);
  },
);

function kidOf(token: string): string {
  const header = JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()) as {
    kid: string;
  };
  return header.kid;
}
