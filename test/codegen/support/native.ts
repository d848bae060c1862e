// React Native and Expo without a phone, for pages in a DOM: components are elements, and a test says which device it is.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { expoClient } from "@better-auth/expo/client";
import { build, type Plugin } from "esbuild";

const REPO = join(import.meta.dirname, "../../..");

export type Device = {
  readonly os: "ios" | "android" | "web";
  /** The link that opened the app; in a browser its address. */
  readonly address: string | null;
  /** SecureStore. */
  readonly stored: Map<string, string>;
};

/** From now on, pages run on this device. One that differs only in its address was opened by another link. */
export function setDevice(device: Device): void {
  held.device = device;
  for (const listener of held.listeners) listener();
}

/** Replaces the modules of React Native and Expo in a page that esbuild bundles. */
export const NATIVE: Plugin = {
  name: "native",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@better-auth\/expo\/client$/ }, () => ({
      path: join(REPO, "node_modules/@better-auth/expo/dist/client.js"),
    }));
    onResolve({ filter: /^(react-native|expo-[\w-]+)$/ }, ({ path }) => ({
      path,
      namespace: "native",
    }));
    onLoad({ filter: /.*/, namespace: "native" }, ({ path }) => ({
      contents: MODULES[path],
      resolveDir: REPO,
    }));
  },
};

/** Makes the real `expoClient()` over the device's SecureStore. Writes its bundle into the folder. */
export async function loadExpoPlugin(dir: string): Promise<() => ReturnType<typeof expoClient>> {
  const outfile = join(dir, "expo-client.mjs");
  const contents = `import { expoClient } from "@better-auth/expo/client";
import * as storage from "expo-secure-store";
export const create = () => expoClient({ scheme: "notes", storage });`;
  await build({
    stdin: { contents, resolveDir: REPO },
    outfile,
    bundle: true,
    format: "esm",
    plugins: [NATIVE],
    logLevel: "error",
  });
  const loaded = (await import(pathToFileURL(outfile).href)) as {
    create: () => ReturnType<typeof expoClient>;
  }; // what was bundled
  return loaded.create;
}

/** Lets the app read the cookies of answers, as React Native does. A DOM hides them. */
export function showCookies(response: typeof Response): typeof Response {
  return new Proxy(response, {
    construct(target, [body, init]: [BodyInit | null, ResponseInit | undefined]) {
      const made = new target(body, init);
      const cookie = Object.entries(init?.headers ?? {}).find(([name]) => name === "set-cookie");
      const get = made.headers.get.bind(made.headers);
      made.headers.get = (name) => (cookie && name === "set-cookie" ? cookie[1] : get(name));
      return made;
    },
  });
}

// --- internal ---

type Held = { device: Device | undefined; readonly listeners: Set<() => void> };

/** Where the modules find the device. */
const held = ((globalThis as { testDevice?: Held }).testDevice ??= {
  device: undefined,
  listeners: new Set(),
}); // ours

const MODULES: Record<string, string> = {
  "react-native": `
    import { createElement } from "react";
    globalThis.expo = { uuidv4: () => crypto.randomUUID() }; // of Expo's native part
    // What a DOM knows by the same name.
    const attributes = (props) =>
      Object.fromEntries(
        Object.entries(props).filter(([name]) => /^(role|aria-.*|children|disabled|ref)$/.test(name)),
      );
    const element = (tag) => (props) => createElement(tag, attributes(props));
    export const View = element("div");
    export const ScrollView = element("div");
    export const Text = element("div");
    export const ActivityIndicator = element("div");
    export const Pressable = ({ onPress, ...props }) =>
      createElement("button", { ...attributes(props), onClick: onPress });
    export const Switch = ({ value, onValueChange, ...props }) =>
      createElement("input", {
        ...attributes(props),
        type: "checkbox",
        checked: value,
        onChange: (event) => onValueChange(event.target.checked),
      });
    export const TextInput = ({ value, onChangeText, inputMode, secureTextEntry, ...props }) =>
      createElement("input", {
        ...attributes(props),
        value,
        inputMode,
        type: secureTextEntry ? "password" : "text",
        onChange: (event) => onChangeText(event.target.value),
      });
    export const AccessibilityInfo = { announceForAccessibility() {} };
    export const AppState = { addEventListener: () => ({ remove() {} }) };
    export const Linking = { openURL: async () => true };
    export const Platform = {
      get OS() { return globalThis.testDevice.device.os; },
      select: (of) => of[globalThis.testDevice.device.os] ?? of.default,
    };
    export const StyleSheet = { create: (styles) => styles };
    export const useColorScheme = () => "light";`,
  "expo-constants": 'export default { expoConfig: { scheme: "notes" } };',
  "expo-network": "export const addNetworkStateListener = () => ({ remove() {} });",
  "expo-web-browser": "export const openAuthSessionAsync = async () => ({ type: 'cancel' });",
  "expo-linking": `
    import { useSyncExternalStore } from "react";
    const held = globalThis.testDevice;
    const subscribe = (listener) => {
      held.listeners.add(listener);
      return () => held.listeners.delete(listener);
    };
    const address = () => held.device.address;
    export const createURL = (path, { queryParams = {} } = {}) => {
      const query = String(new URLSearchParams(queryParams));
      return "notes://" + path.replace(/^\\//, "") + (query && "?" + query);
    };
    export const useLinkingURL = () => useSyncExternalStore(subscribe, address, address);`,
  "expo-secure-store": `
    const stored = () => globalThis.testDevice.device.stored;
    export const getItem = (key) => stored().get(key) ?? null;
    export const setItem = (key, value) => void stored().set(key, value);
    export const getItemAsync = async (key) => getItem(key);
    export const setItemAsync = async (key, value) => setItem(key, value);
    export const deleteItemAsync = async (key) => void stored().delete(key);`,
};
