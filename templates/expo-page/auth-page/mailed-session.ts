// On a phone, a mailed link signs in by a session in its address. Anybody can write such a link, with a session of their
// own. Therefore each link carries a secret, which only this phone and the mail have.
import * as SecureStore from "expo-secure-store";
import { Platform } from "react-native";
import { authClient } from "../auth-client.js";
import { returnAddress, type MailedLink } from "./links.js";

/** A link to mail: where it leads, and what makes this phone accept it, once and within an hour. */
export function createLink(): { address: string; expect: () => Promise<void> } {
  if (Platform.OS === "web") return { address: returnAddress(), expect: async () => {} };
  const secret = createSecret();
  return {
    address: returnAddress({ link: secret }),
    expect: async () => {
      const links = [...(await loadLinks()), { secret, askedAt: Date.now() }];
      await SecureStore.setItemAsync(LINKS, JSON.stringify(links.slice(-MOST_LINKS)));
    },
  };
}

/**
 * Signs in with the session of a link. Call it only while nobody is signed in.
 *
 * @returns false if this phone does not expect the link
 */
export async function takeSession({ secret, cookie }: MailedLink): Promise<boolean> {
  if (!(await loadLinks()).some((link) => link.secret === secret)) return false;
  await forgetLinks();
  // `expoClient()` stores the cookies of answers, one answer after the other, and looks the session up.
  await authClient.$fetch("/ok", {
    customFetchImpl: async () => new Response("null", { headers: { "set-cookie": cookie } }),
  });
  return true;
}

/** From now on, this phone accepts no link that was mailed before. */
export async function forgetLinks(): Promise<void> {
  if (Platform.OS !== "web") await SecureStore.deleteItemAsync(LINKS);
}

type Link = { secret: string; askedAt: number };

const LINKS = "auth-page.links";
/** Somebody who asks again may open the earlier mail. */
const MOST_LINKS = 5;
const HOUR_MS = 3_600_000;

async function loadLinks(): Promise<Link[]> {
  // What `expect` has stored.
  const links = JSON.parse((await SecureStore.getItemAsync(LINKS)) ?? "[]") as Link[];
  return links.filter(({ askedAt }) => Math.abs(Date.now() - askedAt) < HOUR_MS);
}

/** React Native has no `crypto`. Expo's native part makes random identifiers. */
function createSecret(): string {
  const { expo } = globalThis as { expo?: { uuidv4?: () => string } };
  if (!expo?.uuidv4) throw new Error("Links by mail need Expo 52 or later.");
  return expo.uuidv4();
}
