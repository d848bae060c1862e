// The client half of crossDomain(): cookies travel in headers, and a redirect's one-time token is
// exchanged for the session. Must not look into cookies, and must not touch other plugins' requests.
import type { BetterAuthClientPlugin } from "better-auth/client";
import type { crossDomain } from "../cross-domain/plugin.js";
import {
  COOKIE_HEADER,
  EXCHANGE_PATH,
  ONE_TIME_TOKEN_PARAM,
  SET_COOKIE_HEADER,
} from "../cross-domain/set-cookie.js";
import { createCookieJar, memoryStorage, type CookieStorage } from "./cookie-jar.js";

export type CrossDomainClientOptions = {
  /** Where cookies are kept. Default: `localStorage`; memory where there is none. */
  storage?: CookieStorage | undefined;
  /** Prefix of the storage key. Default: `better-auth`. */
  storagePrefix?: string | undefined;
};

// Written out, and structural, for the reason that ConvexClientPlugin is.
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
      const token = takeOneTimeToken();
      if (token !== null)
        // Whatever came of it, the session tells.
        exchange = $fetch(EXCHANGE_PATH, { method: "POST", body: { token } }).catch(
          () => undefined,
        );
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
            if (setCookies) await jar.apply(setCookies);
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
  try {
    if (typeof window !== "undefined" && window.localStorage) return window.localStorage;
  } catch {
    // Reading the property throws where the browser forbids storage.
  }
  return memoryStorage();
}

/** The one-time token of a redirect, taken out of the address so that it is neither shared nor kept. */
function takeOneTimeToken(): string | null {
  if (typeof window === "undefined" || !window.location?.href) return null;
  const url = new URL(window.location.href);
  const token = url.searchParams.get(ONE_TIME_TOKEN_PARAM);
  if (token === null) return null;
  url.searchParams.delete(ONE_TIME_TOKEN_PARAM);
  window.history?.replaceState(window.history.state, "", url);
  return token;
}

/** Better Fetch takes headers as an object too, in which undefined means absent. */
function headersOf(headers: unknown): [string, string][] {
  if (headers instanceof Headers) return [...headers];
  if (Array.isArray(headers)) return headers as [string, string][]; // HeadersInit's second form
  return Object.entries((headers ?? {}) as Record<string, unknown>).flatMap(
    ([name, value]): [string, string][] => (typeof value === "string" ? [[name, value]] : []), // its third
  );
}
