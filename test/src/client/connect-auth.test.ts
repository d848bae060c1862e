// @vitest-environment happy-dom
// connectAuth over the real clients of Better Auth and Convex; both servers are stand-ins.
import { build } from "esbuild";
import { makeFunctionReference } from "convex/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connectAuth } from "../../../src/client/connect-auth.js";
import { createAuthServer, createClient, makeToken, type Session } from "./support/auth-server.js";
import { createPlainSyncServer } from "./support/sync-server.js";

const ada: Session = { user: "ada", session: "s-ada" };
const bea: Session = { user: "bea", session: "s-bea" };
const whoami = makeFunctionReference<"query", Record<string, never>, string | null>("users:whoami");

let leave: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});

afterEach(async () => {
  for (const end of leave) end();
  leave = [];
  await vi.advanceTimersByTimeAsync(1_000);
  vi.useRealTimers();
});

function start(session: Session | null, { initialToken }: { initialToken?: string } = {}) {
  const server = createAuthServer(session);
  const sync = createPlainSyncServer();
  const authClient = createClient(server);
  const states: string[] = [];
  const results: (string | null)[] = [];
  sync.client.onUpdate(whoami, {}, (who) => void results.push(who));
  const disconnect = connectAuth({
    client: sync.client,
    authClient,
    initialToken,
    onChange: ({ isLoading, isAuthenticated }) =>
      states.push(isLoading ? "loading" : isAuthenticated ? "in" : "out"),
  });
  leave.push(disconnect);
  return { server, sync, authClient, states, results, disconnect };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("a user: loading until Convex confirmed, then in", async () => {
  const { states, results, server } = start(ada);
  expect(states).toEqual([]);
  await pass(1_000);
  expect(states).toEqual(["in"]);
  expect(results.at(-1)).toBe("ada");
  expect(server.peak()).toBe(1);
});

test("a visitor: out, and no token is asked for", async () => {
  const { states, results, server } = start(null);
  await pass(1_000);
  expect(states).toEqual(["out"]);
  expect(results.at(-1)).toBeNull();
  expect(server.counts).toEqual({ session: 1, token: 0 });
});

test("a token from the server is used before the session is known", async () => {
  const { states, server } = start(ada, { initialToken: makeToken(ada) });
  server.sessionMode = "down";
  await pass(1_000);
  expect(states).toEqual(["in"]);
});

const expired = (session: Session) => makeToken(session, 900, Date.now() - 3_600_000);

test("a page with an expired token is loading at once, and then in with a new one", async () => {
  const { states, results } = start(ada, { initialToken: expired(ada) });
  expect(states).toEqual(["loading"]);
  await pass(1_000);
  expect(states).toEqual(["loading", "in"]);
  expect(results.at(-1)).toBe("ada");
});

test("a page of a session that is over is loading, then out, and its token is never sent", async () => {
  const { states, server, sync } = start(null, { initialToken: expired(ada) });
  expect(states).toEqual(["loading"]);
  await pass(60_000);
  expect(states).toEqual(["loading", "out"]);
  expect(server.counts).toEqual({ session: 1, token: 0 });
  expect(sync.identities.filter((one) => one !== null)).toEqual([]);
});

test("a page of an account that another one has replaced is loading before it is in", async () => {
  const { states, results } = start(bea, { initialToken: makeToken(ada) });
  expect(states).toEqual([]);
  await pass(1_000);
  expect(states).toEqual(["loading", "in"]);
  expect(results.at(-1)).toBe("bea");
});

test("signing out makes Convex forget the user", async () => {
  const { states, results, sync, authClient } = start(ada);
  await pass(1_000);
  await authClient.signOut();
  await pass(1_000);
  expect(states).toEqual(["in", "out"]);
  expect(results.at(-1)).toBeNull();
  expect(sync.identities.at(-1)).toBeNull();
});

test("between two accounts it is loading, and Convex is nobody's", async () => {
  const { states, results, sync, server, authClient } = start(ada);
  await pass(1_000);
  server.session = bea;
  authClient.$store.notify("$sessionSignal");
  await pass(2_000);
  expect(states).toEqual(["in", "loading", "in"]);
  expect(sync.identities.filter((one, at, all) => one !== all[at - 1])).toEqual([
    "ada",
    null,
    "bea",
  ]);
  expect(results.at(-1)).toBe("bea");
});

test("failures sign nobody out", async () => {
  const { states, server } = start(ada);
  await pass(1_000);
  server.sessionMode = "down";
  server.tokenMode = 503;
  await pass(1_200_000);
  expect(states).toEqual(["in"]);
  server.sessionMode = "up";
  server.tokenMode = "up";
  await pass(60_000);
  expect(states.at(-1)).toBe("in");
});

test("a refused session is out, and tried again when the user comes back", async () => {
  const { states, server } = start(ada);
  server.tokenMode = 401;
  await pass(1_000);
  expect(states).toEqual(["out"]);
  server.tokenMode = "up";
  await pass(60_000);
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(1_000);
  expect(states).toEqual(["out", "loading", "in"]);
});

test("disconnecting leaves Convex without a user, and asks for nothing more", async () => {
  const { states, sync, server, disconnect } = start(ada);
  await pass(1_000);
  disconnect();
  await pass(1_000);
  const asked = { ...server.counts };
  await pass(3_600_000);
  expect(server.counts).toEqual(asked);
  expect(sync.identities.at(-1)).toBeNull();
  expect(states).toEqual(["in"]);
});

test("the entry takes no React into an app", async () => {
  const { metafile } = await build({
    entryPoints: ["src/client/browser.ts"],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    logLevel: "silent",
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toContain("src/client/connect-auth.ts");
  expect(inputs.filter((path) => /node_modules\/react|convex\/.*\/react/.test(path))).toEqual([]);
});
