// What caches between a server and its users may keep: nothing that was made for one user.
// Must not import a framework: headers come in as whatever can name, set and delete them.

/** The headers of an answer: the standard `Headers`, or a framework's own in this form. */
export type AnswerHeaders = {
  /** The names that are set. */
  keys(): Iterable<string>;
  set(name: string, value: string): void;
  delete(name: string): void;
};

/**
 * Makes headers say that no cache may keep the answer, whatever they said before. Headers for CDNs alone are deleted,
 * because a CDN obeys them before `cache-control`.
 *
 * @example
 * import { keepPrivate } from "kitcn/auth/web";
 *
 * const headers = new Headers({ "cache-control": "public, max-age=600", "cdn-cache-control": "max-age=86400" });
 * keepPrivate(headers);
 * headers.get("cache-control"); // "private, no-store"
 * headers.has("cdn-cache-control"); // false
 */
export function keepPrivate(headers: AnswerHeaders): void {
  for (const name of [...headers.keys()]) if (FOR_CDNS.test(name)) headers.delete(name);
  headers.set("cache-control", "private, no-store");
}

/**
 * Copies a response that was made for one user, with headers that let no cache keep it. A copy, because the headers of
 * a redirect or of a fetched response cannot be changed. A response that changes the protocol (below 200) is returned
 * as it is: it cannot be copied, and is never cached.
 *
 * @example
 * import { createWebAuth, privateResponse } from "kitcn/auth/web";
 *
 * const auth = createWebAuth({ convexUrl: "https://happy-animal-123.convex.cloud" });
 *
 * export async function answer(request: Request): Promise<Response> {
 *   const response = Response.json({ isUser: await auth.forRequest(request).isAuthenticated() });
 *   return auth.isPersonal(request) ? privateResponse(response) : response;
 * }
 */
export function privateResponse(response: Response): Response {
  if (response.status < 200) return response;
  const copy = new Response(response.body, response);
  keepPrivate(copy.headers);
  return copy;
}

// --- internal ---

/** Of the standard and its forms by vendor, Fastly, Akamai and nginx. */
const FOR_CDNS = /^(.+-)?cdn-cache-control$|^(surrogate|edge)-control$|^x-accel-expires$/i;
