// The client half of crossDomain(): cookies travel in headers, and a redirect's one-time token is
// exchanged for the session. Must not look into cookies, and must not touch other plugins' requests.
import type { BetterAuthClientPlugin } from "better-auth/client";
import type { crossDomain } from "../cross-domain/plugin.js";
import {
  COOKIE_HEADER,
  EXCHANGE_PATH,
  ONE_TIME_TOKEN_PARAM,
  parseSetCookie,
  SET_COOKIE_HEADER,
  splitSetCookies,
} from "../cross-domain/set-cookie.js";
import { createCookieJar, memoryStorage, type CookieStorage } from "./cookie-jar.js";

/** Where `crossDomainClient()` keeps the cookies that the browser withholds. */
export type CrossDomainClientOptions = {
  /** Where cookies are kept. Default: `localStorage`, or memory if there is none. A server keeps none. */
  storage?: CookieStorage | undefined;
  /** Prefix of the storage key. Default: `better-auth`. */
  storagePrefix?: string | undefined;
};

// Written out, and structural, for the reason that ConvexClientPlugin is.
/**
 * What `crossDomainClient()` returns. TypeScript names it in the declarations of your auth client.
 *
 * @example
 * import { crossDomainClient, type CrossDomainClientPlugin } from "kitcn/auth/client";
 *
 * export const plugin: CrossDomainClientPlugin = crossDomainClient();
 */
export type CrossDomainClientPlugin = {
  id: "cross-domain";
  $InferServerPlugin: ReturnType<typeof crossDomain>;
  pathMethods: { "/cross-domain/exchange": "POST" };
  getActions: (fetch: Send) => { getCookie: () => Promise<string> };
  fetchPlugins: {
    id: string;
    name: string;
    init: (
      url: string,
      options: RequestOptions | undefined,
    ) => Promise<{ url: string; options: { headers: Headers; credentials: "omit" } }>;
    hooks: { onResponse: (context: { response: Response }) => Promise<void> };
  }[];
};

/**
 * For apps on another site than the auth routes: goes with `crossDomain()` on the server. The client's
 * `baseURL` is the Convex site. `authClient.getCookie()` is the `Better-Auth-Cookie` header of requests
 * that the app makes itself.
 *
 * @example
 * import { createAuthClient } from "better-auth/react";
 * import { convexClient, crossDomainClient } from "kitcn/auth/client";
 *
 * export const authClient = createAuthClient({
 *   baseURL: import.meta.env.VITE_CONVEX_SITE_URL,
 *   plugins: [convexClient(), crossDomainClient()],
 * });
 */
export function crossDomainClient({
  storage = defaultStorage(),
  storagePrefix = "better-auth",
}: CrossDomainClientOptions = {}): CrossDomainClientPlugin {
  const jar = createCookieJar({ storage, key: `${storagePrefix}.cookies` });
  /** The exchange of a redirect's token. No other request starts before it is over. */
  let exchange: Promise<unknown> = Promise.resolve();

  return {
    id: "cross-domain",
    // Never read: Better Auth wants only its type.
    $InferServerPlugin: {} as ReturnType<typeof crossDomain>,
    pathMethods: { [EXCHANGE_PATH]: "POST" },
    getActions: ($fetch) => {
      const arrival = takeOneTimeToken();
      if (arrival) exchange = exchangeToken($fetch, arrival);
      return { getCookie: () => jar.header() };
    },
    fetchPlugins: [
      {
        id: "cross-domain",
        name: "Cross-domain cookies",
        async init(url, options) {
          if (!url.endsWith(EXCHANGE_PATH)) await exchange;
          const headers = new Headers(headersOf(options?.headers));
          headers.set(COOKIE_HEADER, await jar.header());
          return { url, options: { ...options, headers, credentials: "omit" } };
        },
        hooks: {
          async onResponse({ response }) {
            const setCookies = response.headers.get(SET_COOKIE_HEADER);
            if (!setCookies) return;
            await jar.apply(setCookies);
            showReadable(setCookies);
          },
        },
      },
    ],
  } satisfies CrossDomainClientPlugin & BetterAuthClientPlugin;
}

// --- internal ---

type Send = (path: string, options: { method: "POST"; body: unknown }) => Promise<unknown>;

/** Better Fetch has many more options; they are passed on as they are. */
type RequestOptions = { headers?: unknown };

function defaultStorage(): CookieStorage {
  // All users of a server would share what it keeps.
  if (typeof window === "undefined") return { getItem: () => null, setItem: () => {} };
  try {
    if (window.localStorage) return window.localStorage;
  } catch {
    // Reading the property throws where the browser forbids storage.
  }
  return memoryStorage();
}

/** Plugins read from the page what the server meant them to read: `lastLoginMethodClient()` does. */
function showReadable(setCookies: string): void {
  if (typeof document === "undefined") return;
  for (const line of splitSetCookies(setCookies)) {
    const cookie = /;\s*httponly/i.test(line) ? null : parseSetCookie(line, Date.now());
    if (!cookie) continue;
    const { name, value, expiresAt } = cookie;
    const end = expiresAt === undefined ? "" : `; expires=${new Date(expiresAt).toUTCString()}`;
    document.cookie = `${name}=${value}; path=/; samesite=lax${end}`;
  }
}

type Arrival = { readonly token: string; readonly address: URL; readonly page: Location };

/** The one-time token of a redirect, taken out of the address so that it is neither shared nor kept. */
function takeOneTimeToken(): Arrival | undefined {
  const page = typeof window === "undefined" ? undefined : window.location;
  if (!page?.href) return undefined;
  const address = new URL(page.href);
  const token = address.searchParams.get(ONE_TIME_TOKEN_PARAM);
  if (token === null) return undefined;
  address.searchParams.delete(ONE_TIME_TOKEN_PARAM);
  window.history?.replaceState(window.history.state, "", address);
  return token === "" ? undefined : { token, address, page };
}

/** Whatever comes of it, the session tells. Better Auth may want to be somewhere else: an error page, say. */
async function exchangeToken(send: Send, { token, address, page }: Arrival): Promise<void> {
  let answer: unknown;
  try {
    answer = await send(EXCHANGE_PATH, { method: "POST", body: { token } });
  } catch {
    // With `throw: true` in its fetchOptions, the client throws what it otherwise returns.
    return;
  }
  const { data = answer } = (answer ?? {}) as { data?: unknown }; // with `throw: true`, the answer is the data
  const { url } = (data ?? {}) as { url?: unknown }; // checked in the next line
  if (typeof url !== "string" || !/^https?:/i.test(url)) return;
  const next = new URL(url);
  if (hrefOf(next) === hrefOf(address)) return;
  page.replace(next.href);
  // Another page comes: what this one asks for in between would be answered too early.
  if (placeOf(next) !== placeOf(address)) await new Promise(() => {});
}

/** As takeOneTimeToken leaves an address, which prints its query anew. */
function hrefOf(url: URL): string {
  const copy = new URL(url);
  copy.searchParams.delete(ONE_TIME_TOKEN_PARAM);
  return copy.href;
}

/** Without the fragment, whose change loads no page. */
function placeOf(url: URL): string {
  return hrefOf(url).split("#")[0] ?? "";
}

/** Better Fetch takes headers as an object too, in which undefined means absent. */
function headersOf(headers: unknown): [string, string][] {
  if (headers instanceof Headers) return [...headers];
  if (Array.isArray(headers)) return headers as [string, string][]; // HeadersInit's second form
  return Object.entries((headers ?? {}) as Record<string, unknown>).flatMap(
    ([name, value]): [string, string][] => (typeof value === "string" ? [[name, value]] : []), // its third
  );
}
