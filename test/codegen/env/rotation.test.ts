// `kitcn env push --rotate` on a deployment: who stays signed in, and what a kill -9 leaves behind. test/matrix kills it
// at the other steps.
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { signUp } from "../support/live-app.js";
import { killedRotations, killedSecrets, rotatingApp } from "../support/rotation-suite.js";

const on = rotatingApp();
const { deployment, kitcn, passes, succeeds } = on;

describe("--rotate", () => {
  test("--keep-sessions invalidates every token at once; the session lives, and gets new ones", async () => {
    const token = await on.browser.token();
    expect(await passes(token)).toBe(true);
    await succeeds("env", "push", "--rotate", "--keep-sessions", "--yes");
    expect(await passes(token)).toBe(false);
    expect(await passes(await on.browser.token())).toBe(true);
  });

  test("--grace logs nobody out", async () => {
    const token = await on.browser.token();
    await succeeds("env", "push", "--rotate", "--grace", "--yes");
    expect(await passes(token)).toBe(true);
    const fresh = await on.browser.token();
    expect(kidOf(fresh)).not.toBe(kidOf(token));
    expect(await passes(fresh)).toBe(true);
  });

  killedRotations(on, ["after 2"]);
});

test("--rotate without grace, killed with the key made and not stored: a rerun ends the old one", async () => {
  const token = await on.browser.token();
  const rotate = ["env", "push", "--rotate", "--keep-sessions", "--yes"];
  const killed = await kitcn(rotate, "after 2");
  expect(killed.code, killed.stderr).toBeNull();
  expect(await passes(await on.browser.token())).toBe(true);
  await succeeds(...rotate);
  expect(await passes(token)).toBe(false);
  expect(await passes(await on.browser.token())).toBe(true);
});

describe("--rotate without more ends sessions", () => {
  // Sessions of before, in the table as Better Auth writes them.
  const crowd = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, at) =>
        signUp(deployment().siteUrl, `crowd-${randomUUID()}-${at}@x.dev`),
      ),
    );
  const sessions = async () => (await deployment().rows())[""]?.session?.length ?? 0;

  test("of everybody, and the triggers of the table run", async () => {
    await crowd(3);
    const token = await on.browser.token();
    expect(await sessions()).toBeGreaterThan(3);
    const ran = await kitcn(["env", "push", "--rotate", "--yes"]);
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toMatch(/Sessions ended: \d+\. Everybody signs in again\./);
    expect(await sessions()).toBe(0);
    expect(await passes(token)).toBe(false);
    expect((await on.browser.request("/convex/token")).status).toBe(401);
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
    on.browser = await signUp(deployment().siteUrl, "back@example.com");
  });
});

killedSecrets(on, ["after 3"]);

function kidOf(token: string): string {
  const header = JSON.parse(Buffer.from(token.split(".")[0]!, "base64url").toString()) as {
    kid: string;
  };
  return header.kid;
}
