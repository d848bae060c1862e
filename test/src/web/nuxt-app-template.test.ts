// The app's plugin of Nuxt apps, as an app's build has it in the browser, but with stand-ins for what Nuxt and Convex
// give it. A build of a whole app is in the matrix.
import { beforeAll, expect, test, vi } from "vitest";
import type { ConnectAuthOptions, ConvexAuthState } from "../../../src/client/browser.js";
import { loadTemplate } from "./support/template.js";

type Nuxt = {
  isHydrating: boolean;
  hooks: { hookOnce: (name: string, run: () => void) => void };
};

type Plugin = {
  setup: (nuxt: Nuxt) => Promise<{ provide: { convexQuery: () => Promise<unknown> } }>;
};

type SessionState = { isPending: boolean; isRefetching: boolean };

/** What Better Auth's client knows of the session. */
const session = {
  value: { isPending: false, isRefetching: false },
  listeners: new Set<() => void>(),
  get: (): SessionState => session.value,
  listen(listener: () => void) {
    session.listeners.add(listener);
    return () => void session.listeners.delete(listener);
  },
  set(value: Partial<SessionState>) {
    session.value = { isPending: false, isRefetching: false, ...value };
    for (const listener of session.listeners) listener();
  },
};

let plugin: Plugin;

beforeAll(async () => {
  vi.stubGlobal("sessionAtom", session);
  const module = await loadTemplate<{ default: Plugin }>("nuxt/app/plugins/convex-auth.ts", {
    standIns: {
      "#imports": `export const defineNuxtPlugin = (plugin) => plugin;
export const useError = () => ({ value: undefined });
export const useRequestEvent = () => undefined;
export const useRuntimeConfig = () => ({ public: { convexUrl: "https://happy-animal-123.convex.cloud" } });
export const useState = (key) => globalThis.nuxtStates[key];`,
      "convex/browser":
        "export class ConvexClient { async query() { return globalThis.asked(); } }\nexport const ConvexHttpClient = Object;",
      "kitcn/auth/browser": `export const convexClient = () => ({});
export const connectAuth = (options) => globalThis.connectAuth(options);`,
      "better-auth/vue":
        "export const createAuthClient = () => ({ $store: { atoms: { session: globalThis.sessionAtom } } });",
    },
    define: { "import.meta.server": "false", "import.meta.client": "true" },
  });
  plugin = module.default;
});

const IN: ConvexAuthState = { isLoading: false, isAuthenticated: true };
const OUT: ConvexAuthState = { isLoading: false, isAuthenticated: false };
const LOADING: ConvexAuthState = { isLoading: true, isAuthenticated: false };

/** What the plugin makes of a page that the server rendered with this token. */
async function start(token: string | null | undefined, atOnce?: ConvexAuthState) {
  const state: { value: ConvexAuthState | undefined } = { value: undefined };
  vi.stubGlobal("nuxtStates", { "convex-token": { value: token }, "convex-auth": state });
  let connected: ConnectAuthOptions | undefined;
  vi.stubGlobal("connectAuth", (options: ConnectAuthOptions) => {
    connected = options;
    if (atOnce) options.onChange?.(atOnce);
  });
  let resolve = () => {};
  const hookOnce: Nuxt["hooks"]["hookOnce"] = (name, run) => {
    expect(name).toBe("app:suspense:resolve");
    resolve = run;
  };
  const nuxt: Nuxt = { isHydrating: true, hooks: { hookOnce } };
  const { provide } = await plugin.setup(nuxt);
  const change = (next: ConvexAuthState) => connected?.onChange?.(next);
  const hydrate = () => {
    nuxt.isHydrating = false;
    resolve();
  };
  return { state, change, hydrate, connected, query: provide.convexQuery };
}

test("an expired token shows its user until the page is hydrated, and not longer", async () => {
  const { state, change, hydrate, connected } = await start("a.b.c", LOADING);
  expect(connected?.initialToken).toBe("a.b.c");
  expect(state.value).toEqual(IN);
  hydrate();
  expect(state.value).toEqual(LOADING);
  change(OUT);
  expect(state.value).toEqual(OUT);
});

test("the last news before the page is hydrated counts", async () => {
  const { state, change, hydrate } = await start("a.b.c", LOADING);
  change(OUT);
  expect(state.value).toEqual(IN);
  hydrate();
  expect(state.value).toEqual(OUT);
});

test.each([
  { token: "a.b.c", want: IN },
  { token: null, want: OUT },
  { token: undefined, want: LOADING },
])("a page begins with what the server knew: $token", async ({ token, want }) => {
  const { state, hydrate } = await start(token);
  hydrate();
  expect(state.value).toEqual(want);
});

/** Until everything that can happen at once has happened. */
const rested = () => new Promise((done) => setTimeout(done));

test("a page that follows a sign-in asks when Convex knows the user, and not before", async () => {
  const asked = vi.fn();
  vi.stubGlobal("asked", asked);
  const { change, hydrate, query } = await start(null);
  hydrate();
  session.set({ isRefetching: true });
  const answer = query();
  await rested();
  expect(asked).not.toHaveBeenCalled();
  change(LOADING);
  session.set({});
  await rested();
  expect(asked).not.toHaveBeenCalled();
  change(IN);
  await answer;
  expect(asked).toHaveBeenCalledOnce();
  expect(session.listeners.size).toBe(0);
});

test.each([
  { who: "a visitor", token: null },
  { who: "a user of the server's page", token: "a.b.c" },
])("$who asks at once", async ({ token }) => {
  const asked = vi.fn();
  vi.stubGlobal("asked", asked);
  const { query } = await start(token);
  await query();
  expect(asked).toHaveBeenCalledOnce();
});
