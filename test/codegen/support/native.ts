// React Native and Expo without a phone, for pages in a DOM: components are elements, and a test says which device it is.
import { join } from "node:path";
import type { Plugin } from "esbuild";

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
    export const createURL = (path) => "notes://" + path.replace(/^\\//, "");
    export const useLinkingURL = () => useSyncExternalStore(subscribe, address, address);`,
  "expo-secure-store": `
    const stored = () => globalThis.testDevice.device.stored;
    export const getItem = (key) => stored().get(key) ?? null;
    export const setItem = (key, value) => void stored().set(key, value);
    export const getItemAsync = async (key) => getItem(key);
    export const setItemAsync = async (key, value) => setItem(key, value);
    export const deleteItemAsync = async (key) => void stored().delete(key);`,
};
