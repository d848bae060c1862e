// The parts of React Native and Expo that the page uses, so that lint and the compiler can check its modules here. No app
// gets this file; test/matrix compiles the page with the real packages.
declare module "react-native" {
  import type { FunctionComponent, ReactNode, Ref } from "react";

  type Style = unknown;
  type Accessible = {
    role?: "alert" | "button" | "heading" | "listitem" | "radio" | "radiogroup" | "status";
    accessibilityLabel?: string;
    "aria-busy"?: boolean;
    "aria-checked"?: boolean;
    "aria-label"?: string;
    "aria-live"?: "assertive" | "polite";
    children?: ReactNode;
    style?: Style;
  };
  export type TextInputProps = Omit<Accessible, "role"> & {
    accessibilityHint?: string | undefined;
    autoCapitalize?: "none";
    autoComplete?:
      | "current-password"
      | "email"
      | "name"
      | "new-password"
      | "one-time-code"
      | "organization"
      | "username";
    autoCorrect?: boolean;
    autoFocus?: boolean;
    inputMode?: "email" | "numeric" | "text";
    onChangeText?: (text: string) => void;
    onSubmitEditing?: () => void;
    secureTextEntry?: boolean;
    value?: string;
  };
  export const ActivityIndicator: FunctionComponent<Accessible>;
  export const Pressable: FunctionComponent<
    Accessible & { disabled?: boolean; hitSlop?: number; onPress?: () => void }
  >;
  export const ScrollView: FunctionComponent<
    Accessible & { contentContainerStyle?: Style; keyboardShouldPersistTaps?: "handled" }
  >;
  export const Switch: FunctionComponent<
    Accessible & { value?: boolean; onValueChange?: (value: boolean) => void }
  >;
  export const Text: FunctionComponent<
    Accessible & { "aria-level"?: number; selectable?: boolean }
  >;
  export type TextInput = { focus(): void };
  export const TextInput: FunctionComponent<TextInputProps & { ref?: Ref<TextInput> }>;
  export const View: FunctionComponent<Accessible>;
  export const AccessibilityInfo: { announceForAccessibility(text: string): void };
  export const Linking: { openURL(url: string): Promise<unknown> };
  export const Platform: {
    OS: "android" | "ios" | "web";
    select<T>(of: { ios: T; default: T }): T;
  };
  export const StyleSheet: { create<T extends Record<string, object>>(styles: T): T };
  export function useColorScheme(): "dark" | "light" | null | undefined;
}

declare module "expo-linking" {
  export function createURL(
    path: string,
    options?: { queryParams?: Record<string, string> },
  ): string;
  export function useLinkingURL(): string | null;
}

declare module "expo-secure-store" {
  export function getItem(key: string): string | null;
  export function setItem(key: string, value: string): void;
  export function getItemAsync(key: string): Promise<string | null>;
  export function setItemAsync(key: string, value: string): Promise<void>;
  export function deleteItemAsync(key: string): Promise<void>;
}
