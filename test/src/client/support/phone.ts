// A phone without a screen: React Native's AppState, Expo's SecureStore, and the real `expoClient()` over them. The
// modules of Expo and of React Native that it imports are stand-ins, by esbuild.
import type { expoClient } from "@better-auth/expo/client";
import { build } from "esbuild";

type State = "active" | "inactive" | "background";

/** What `expoClient()` needs of expo-secure-store. */
export type SecureStore = {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  getItemAsync(key: string): Promise<string | null>;
  setItemAsync(key: string, value: string): Promise<void>;
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
    },
    enter: (state) => {
      for (const listener of listeners) listener(state);
    },
    listeners: () => listeners.size,
  };
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
  const { outputFiles } = await build({
    stdin: {
      contents: 'export { expoClient } from "@better-auth/expo/client";',
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: "esm",
    plugins: [
      {
        name: "phone",
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^(react-native|expo-[\w-]+)$/ }, ({ path }) => ({
            path,
            namespace: "phone",
          }));
          onLoad({ filter: /.*/, namespace: "phone" }, ({ path }) => ({ contents: MODULES[path] }));
        },
      },
    ],
    logLevel: "error",
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  const loaded = (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as {
    expoClient: typeof expoClient;
  }; // what was bundled above
  return loaded.expoClient;
}

// --- internal ---

type AppState = {
  addEventListener(type: "change", listener: (state: State) => void): { remove(): void };
};

/** Where the stand-ins find the phone. */
const held = ((globalThis as { phoneUnderTest?: { current?: AppState } }).phoneUnderTest ??= {}); // ours

const MODULES: Record<string, string> = {
  "react-native": `
    export const Platform = { OS: "ios" };
    export const AppState = {
      addEventListener: (...args) => globalThis.phoneUnderTest.current.addEventListener(...args),
    };`,
  "expo-constants": 'export default { expoConfig: { scheme: "notes" } };',
  "expo-linking":
    'export const createURL = (path, { scheme = "notes" } = {}) => `${scheme}://${path}`;',
  "expo-network": "export const addNetworkStateListener = () => ({ remove() {} });",
  "expo-web-browser": "export const openAuthSessionAsync = async () => ({ type: 'cancel' });",
};
