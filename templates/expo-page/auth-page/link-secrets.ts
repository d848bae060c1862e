// Anybody can write a link that opens the app. Therefore each link that kitcn's page asks a mail for carries a secret, which
// only this phone and the mail have.
import * as SecureStore from "expo-secure-store";

/** React Native has no `crypto`. Expo's native part makes random identifiers. */
export function createSecret(): string {
  const { expo } = globalThis as { expo?: { uuidv4?: () => string } };
  if (!expo?.uuidv4) throw new Error("Links by mail need Expo 52 or later.");
  return expo.uuidv4();
}

/** From now on, for an hour, this phone accepts a link with the secret. */
export async function expectLink(secret: string): Promise<void> {
  const links = [...(await loadLinks()), { secret, askedAt: Date.now() }];
  await SecureStore.setItemAsync(LINKS, JSON.stringify(links.slice(-MOST_LINKS)));
}

/** True for the secret of a link that this phone expects. */
export async function isExpected(secret: string | null): Promise<boolean> {
  return (await loadLinks()).some((link) => link.secret === secret);
}

/** From now on, this phone accepts no link that was mailed before. */
export async function forgetSecrets(): Promise<void> {
  await SecureStore.deleteItemAsync(LINKS);
}

type Link = { secret: string; askedAt: number };

const LINKS = "auth-page.links";
/** Somebody who asks again may open the earlier mail. */
const MOST_LINKS = 5;
const HOUR_MS = 3_600_000;

async function loadLinks(): Promise<Link[]> {
  // What `expectLink` has stored.
  const links = JSON.parse((await SecureStore.getItemAsync(LINKS)) ?? "[]") as Link[];
  return links.filter(({ askedAt }) => Math.abs(Date.now() - askedAt) < HOUR_MS);
}
