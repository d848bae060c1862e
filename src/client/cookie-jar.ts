// The cookies of a cross-domain client, kept in a storage of the app's choice.
// Gives cookies no meaning: keeps, expires and deletes them as a browser would.
import { parseSetCookie, splitSetCookies } from "../cross-domain/set-cookie.js";

/** `localStorage`, or anything alike; answers may be promises. */
export type CookieStorage = {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>;
  setItem(key: string, value: string): unknown;
};

export type CookieJar = {
  /** The value of a `Cookie` header: unexpired cookies only, "" where there are none. */
  header(): Promise<string>;
  /** Applies joined `Set-Cookie` lines. */
  apply(setCookies: string): Promise<void>;
};

/** A jar under one key of a storage. Every access reads the storage: other tabs write it too. */
export function createCookieJar({
  storage,
  key,
}: {
  storage: CookieStorage;
  key: string;
}): CookieJar {
  let last: Promise<unknown> = Promise.resolve();
  const load = async (): Promise<Stored> => parseStored(await storage.getItem(key));

  const update = async (setCookies: string): Promise<void> => {
    const cookies = await load();
    const now = Date.now();
    for (const line of splitSetCookies(setCookies)) {
      const cookie = parseSetCookie(line, now);
      if (!cookie) continue;
      const { name, value, expiresAt } = cookie;
      if (expiresAt !== undefined && expiresAt <= now) delete cookies[name];
      else cookies[name] = { value, ...(expiresAt === undefined ? {} : { expiresAt }) };
    }
    await storage.setItem(key, JSON.stringify(cookies));
  };

  return {
    async header() {
      await last;
      const now = Date.now();
      return Object.entries(await load())
        .filter(([, { expiresAt }]) => expiresAt === undefined || expiresAt > now)
        .map(([name, { value }]) => `${name}=${value}`)
        .join("; ");
    },
    apply(setCookies) {
      // One after the other: two answers at once must not lose each other's cookies.
      const done = last.then(() => update(setCookies));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

/** A storage that lasts as long as the page, for where there is no other. */
export function memoryStorage(): CookieStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  };
}

// --- internal ---

type Stored = Record<string, { value: string; expiresAt?: number }>;

/** What other code put under the key is dropped: a jar that cannot be read holds no session. */
function parseStored(text: string | null | undefined): Stored {
  const stored: Stored = Object.create(null) as Stored; // a cookie may be called __proto__
  try {
    for (const [name, value] of Object.entries(JSON.parse(text || "{}") as object)) {
      const cookie = value as { value?: unknown; expiresAt?: unknown } | null; // checked below
      if (typeof cookie?.value !== "string") continue;
      stored[name] = {
        value: cookie.value,
        ...(typeof cookie.expiresAt === "number" ? { expiresAt: cookie.expiresAt } : {}),
      };
    }
  } catch {
    return Object.create(null) as Stored; // as above
  }
  return stored;
}
