// A phone without a screen: React Native's AppState, Expo's SecureStore, and the real `expoClient()` over them. The
// modules of Expo and of React Native that it imports are stand-ins, by esbuild.
import type { expoClient } from "@better-auth/expo/client";
import { resolve } from "node:path";
import { build } from "esbuild";
import type * as mailedSession from "../../../../templates/expo-page/auth-page/mailed-session.js";

type State = "active" | "inactive" | "background";

/** What `expoClient()` and the page of an Expo app need of expo-secure-store. */
export type SecureStore = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  getItemAsync(key: string): Promise<string | null>;
  setItemAsync(key: string, value: string): Promise<void>;
  deleteItemAsync(key: string): Promise<void>;
};

/** What one phone keeps, whichever app process runs on it. */
export type Phone = {
  /** The SecureStore: what was stored, by key. */
  readonly stored: Map<string, string>;
  /** Storage of a locked phone, which answers with an error. */
  isLocked: boolean;
  readonly storage: SecureStore;
  /** Leads the app into another state. */
  enter(state: State): void;
  /** How many listeners AppState has. */
  readonly listeners: () => number;
};

/** A phone that was just switched on. */
export function createPhone(): Phone {
  const stored = new Map<string, string>();
  const listeners = new Set<(state: State) => void>();
  const opened = () => {
    if (phone.isLocked) throw new Error("User interaction is not allowed.");
    return stored;
  };
  const phone: Phone = {
    stored,
    isLocked: false,
    storage: {
      getItem: (key) => opened().get(key) ?? null,
      setItem: (key, value) => void opened().set(key, value),
      getItemAsync: async (key) => opened().get(key) ?? null,
      setItemAsync: async (key, value) => void opened().set(key, value),
      deleteItemAsync: async (key) => void opened().delete(key),
    },
    enter: (state) => {
      for (const listener of listeners) listener(state);
    },
    listeners: () => listeners.size,
  };
  held.storage = phone.storage;
  held.current = {
    addEventListener: (_: "change", listener: (state: State) => void) => {
      listeners.add(listener);
      return { remove: () => void listeners.delete(listener) };
    },
  };
  return phone;
}

/** The `expoClient` of the installed package, on the phone that was made last. */
export async function loadExpoClient(): Promise<typeof expoClient> {
  const loaded = (await load('export { expoClient } from "@better-auth/expo/client";')) as {
    expoClient: typeof expoClient;
  }; // what was bundled
  return loaded.expoClient;
}

/** The part of an Expo app's page that signs in with a mailed link, for an auth client on the phone that was made last. */
export async function loadMailedSession(authClient: object): Promise<typeof mailedSession> {
  held.authClient = authClient;
  const path = resolve("templates/expo-page/auth-page/mailed-session.ts");
  return (await load(`export * from ${JSON.stringify(path)};`)) as typeof mailedSession; // what was bundled
}

// --- internal ---

type AppState = {
  addEventListener(type: "change", listener: (state: State) => void): { remove(): void };
};

/** Where the stand-ins find the phone. */
const held = ((globalThis as { phoneUnderTest?: Held }).phoneUnderTest ??= {}); // ours

type Held = { current?: AppState; storage?: SecureStore; authClient?: object };

async function load(contents: string): Promise<unknown> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: "esm",
    plugins: [
      {
        name: "phone",
        setup({ onResolve, onLoad }) {
          const filter = /^(react-native|expo-[\w-]+|\.\.\/auth-client\.js)$/;
          onResolve({ filter }, ({ path }) => ({ path, namespace: "phone" }));
          onLoad({ filter: /.*/, namespace: "phone" }, ({ path }) => ({ contents: MODULES[path] }));
        },
      },
    ],
    logLevel: "error",
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  return import(/* @vite-ignore */ `data:text/javascript;base64,${code}`);
}

const MODULES: Record<string, string> = {
  "react-native": `
    globalThis.expo = { uuidv4: () => crypto.randomUUID() }; // of Expo's native part
    export const Platform = { OS: "ios" };
    export const AppState = {
      addEventListener: (...args) => globalThis.phoneUnderTest.current.addEventListener(...args),
    };`,
  "expo-constants": 'export default { expoConfig: { scheme: "notes" } };',
  "expo-linking": `
    export const createURL = (path, { scheme = "notes", queryParams = {} } = {}) => {
      const query = String(new URLSearchParams(queryParams));
      return scheme + "://" + path.replace(/^[/]/, "") + (query && "?" + query);
    };
    export const useLinkingURL = () => null;`,
  "expo-secure-store": `
    const storage = () => globalThis.phoneUnderTest.storage;
    export const getItem = (key) => storage().getItem(key);
    export const setItem = (key, value) => storage().setItem(key, value);
    export const getItemAsync = (key) => storage().getItemAsync(key);
    export const setItemAsync = (key, value) => storage().setItemAsync(key, value);
    export const deleteItemAsync = async (key) => storage().deleteItemAsync(key);`,
  "../auth-client.js": `
    export const authClient = new Proxy({}, {
      get: (_, name) => globalThis.phoneUnderTest.authClient[name],
    });`,
  "expo-network": "export const addNetworkStateListener = () => ({ remove() {} });",
  "expo-web-browser": "export const openAuthSessionAsync = async () => ({ type: 'cancel' });",
};
