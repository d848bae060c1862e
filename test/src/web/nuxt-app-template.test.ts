// The app's plugin of Nuxt apps, as an app's build has it in the browser, but with stand-ins for what Nuxt and Convex
// give it. A build of a whole app is in the matrix.
import { beforeAll, expect, test, vi } from "vitest";
import type { ConnectAuthOptions, ConvexAuthState } from "../../../src/client/browser.js";
import { loadTemplate } from "./support/template.js";

type Nuxt = {
  isHydrating: boolean;
  hooks: { hookOnce: (name: string, run: () => void) => void };
};

type Plugin = { setup: (nuxt: Nuxt) => Promise<unknown> };

let plugin: Plugin;

beforeAll(async () => {
  const module = await loadTemplate<{ default: Plugin }>("nuxt/app/plugins/convex-auth.ts", {
    standIns: {
      "#imports": `export const defineNuxtPlugin = (plugin) => plugin;
export const useError = () => ({ value: undefined });
export const useRequestEvent = () => undefined;
export const useRuntimeConfig = () => ({ public: { convexUrl: "https://happy-animal-123.convex.cloud" } });
export const useState = (key) => globalThis.nuxtStates[key];`,
      "convex/browser":
        "export const ConvexClient = Object; export const ConvexHttpClient = Object;",
      "kitcn/auth/browser": `export const convexClient = () => ({});
export const connectAuth = (options) => globalThis.connectAuth(options);`,
      "better-auth/vue": "export const createAuthClient = () => ({});",
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
  await plugin.setup(nuxt);
  const change = (next: ConvexAuthState) => connected?.onChange?.(next);
  const hydrate = () => {
    nuxt.isHydrating = false;
    resolve();
  };
  return { state, change, hydrate, connected };
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
