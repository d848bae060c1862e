// @vitest-environment happy-dom
// The store that bindings of Convex take in, over the real client of Better Auth; the auth routes are a stand-in.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAuthStore, type AuthStoreState } from "../../../src/client/auth-store.js";
import { createAuthServer, createClient, makeToken, type Session } from "./support/auth-server.js";

const ada: Session = { user: "ada", session: "s-ada" };
const bea: Session = { user: "bea", session: "s-bea" };

let leave: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});

afterEach(async () => {
  for (const end of leave) end();
  leave = [];
  await vi.advanceTimersByTimeAsync(1_000);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

function start(session: Session | null, { initialToken }: { initialToken?: string } = {}) {
  const server = createAuthServer(session);
  const authClient = createClient(server);
  const store = createAuthStore({ authClient, initialToken });
  const states: AuthStoreState[] = [];
  leave.push(store.subscribe((state) => states.push(state)));
  const names = () =>
    states.map((one) => (one.isLoading ? "loading" : one.isAuthenticated ? "in" : "out"));
  return { server, authClient, store, states, names };
}

test("a user: loading at once, then in, with a function that gives the token", async () => {
  const { names, states } = start(ada);
  expect(names()).toEqual(["loading"]);
  await pass(1_000);
  expect(names().at(-1)).toBe("in");
  const token = await states.at(-1)!.fetchAccessToken({ forceRefreshToken: false });
  expect(token).toMatch(/^[\w-]+\.[\w-]+\./);
});

test("a visitor: out, and no token is asked for", async () => {
  const { names, server } = start(null);
  await pass(1_000);
  expect(names()).toEqual(["loading", "out"]);
  expect(server.counts.token).toBe(0);
});

test("a token of the server's: in from the start, and none is asked for", async () => {
  const initialToken = makeToken(ada, 900);
  const { names, states, server } = start(ada, { initialToken });
  expect(names()).toEqual(["in"]);
  expect(await states[0]!.fetchAccessToken({ forceRefreshToken: false })).toBe(initialToken);
  await pass(1_000);
  expect(names()).toEqual(["in"]);
  expect(server.counts.token).toBe(0);
});

test("another account: loading in between", async () => {
  const { names, server, authClient } = start(ada);
  await pass(1_000);
  server.session = bea;
  authClient.$store.notify("$sessionSignal");
  await pass(1_000);
  expect(names()).toEqual(["loading", "in", "loading", "in"]);
});

test("who left is told nothing more", async () => {
  const { names, store } = start(ada);
  await pass(1_000);
  const seen: AuthStoreState[] = [];
  store.subscribe((state) => seen.push(state))();
  await pass(1_000);
  expect([names().at(-1), seen.length]).toEqual(["in", 1]);
});

test("on a server it says how it begins, and asks nobody", async () => {
  vi.stubGlobal("window", undefined);
  const token = start(ada, { initialToken: makeToken(ada, 900) });
  const none = start(ada);
  await pass(1_000);
  expect([token.names(), none.names()]).toEqual([["in"], ["loading"]]);
  expect([token.server.counts, none.server.counts]).toEqual([
    { session: 0, token: 0 },
    { session: 0, token: 0 },
  ]);
});
