// On a phone, a mailed link signs in by a session in its address. The app accepts one only if it asked for a link: anybody
// can write a link that opens the app, with a session of their own.
import { getSetCookie, storageAdapter } from "@better-auth/expo/client";
import * as SecureStore from "expo-secure-store";
import { Platform } from "react-native";
import { authClient } from "../auth-client.js";

/** Remembers that the user has asked for a mail with a link. */
export async function expectLink(): Promise<void> {
  if (Platform.OS !== "web") await SecureStore.setItemAsync(ASKED, String(Date.now()));
}

/**
 * Signs in with the session of a link.
 *
 * @returns false if the user did not ask for a link on this phone within the last hour
 */
export async function takeSession(setCookie: string): Promise<boolean> {
  const asked = Number((await SecureStore.getItemAsync(ASKED)) ?? 0);
  if (Date.now() - asked > HOUR_MS) return false;
  await SecureStore.deleteItemAsync(ASKED);
  const storage = storageAdapter(SecureStore);
  const before = await storage.getItemAsync(COOKIES);
  await storage.setItemAsync(COOKIES, getSetCookie(setCookie, before ?? undefined));
  authClient.$store.notify("$sessionSignal");
  return true;
}

const ASKED = "auth-page.asked-for-link";
const HOUR_MS = 3_600_000;

/** Where `expoClient()` of your auth client keeps its cookies. It differs if you set `storagePrefix`. */
const COOKIES = "better-auth_cookie";
