// Where Better Auth may send the browser afterwards: relative paths are meant for the app, not for Convex.
// Must not judge whether a place is trusted: Better Auth checks that.
import type { GenericEndpointContext } from "better-auth";
import { changedPlaces, placesOf } from "../better-auth/callback-places.js";
import { LEAVING_PATHS, SOCIAL_PATHS } from "../better-auth/paths.js";
import { ONE_TIME_TOKEN_PARAM } from "./set-cookie.js";

/** Places where somebody may arrive signed in. */
const ARRIVALS: ReadonlySet<string> = new Set(["callbackURL", "newUserCallbackURL"]);

type Asked = { readonly path: string; readonly body?: unknown; readonly query?: unknown };
type Changed = { body?: Record<string, string>; query?: Record<string, string> };

/** True where a body or a query names a relative place to go to. */
export function hasRelativeCallback(values: unknown): boolean {
  return placesOf(values).some(([, place]) => isRelative(place));
}

/** The parts of the context to replace, so that every relative place is one of `base`. */
export function absoluteCallbacks({ body, query }: Asked, base: string): Changed {
  return changed({ body, query }, (place) => absolute(place, base));
}

/**
 * The same for a request of a cross-domain client, with a way back where it leaves the page. The places
 * where it arrives signed in are marked, so that a mailed link knows whom it is for.
 */
export function clientCallbacks(
  { path, body, query }: GenericEndpointContext,
  base: string,
): Changed {
  const isLeaving = LEAVING_PATHS.has(path);
  const asked = isLeaving ? { callbackURL: "/", ...(body as object | undefined) } : body; // these paths take an object
  const isLink = !SOCIAL_PATHS.has(path);
  return {
    ...changed({ query }, (place) => absolute(place, base)),
    ...changed({ body: asked }, (place, field) => {
      const target = absolute(place, base);
      return isLink && ARRIVALS.has(field) ? marked(target) : target;
    }),
  };
}

/** The place without the mark, and whether it had one. */
export function unmarked(place: string): { readonly target: string; readonly isMarked: boolean } {
  const url = parseUrl(place);
  if (url?.searchParams.get(ONE_TIME_TOKEN_PARAM) !== "") return { target: place, isMarked: false };
  url.searchParams.delete(ONE_TIME_TOKEN_PARAM);
  return { target: url.toString(), isMarked: true };
}

/** Null where the text is no absolute URL. `URL.canParse` is younger than some runtimes this runs in. */
export function parseUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

// --- internal ---

function changed(
  { body, query }: Partial<Omit<Asked, "path">>,
  change: (place: string, field: string) => string,
): Changed {
  const inBody = changedPlaces(body, change);
  const inQuery = changedPlaces(query, change);
  return {
    ...(Object.keys(inBody).length > 0 ? { body: inBody } : {}),
    ...(Object.keys(inQuery).length > 0 ? { query: inQuery } : {}),
  };
}

function isRelative(place: string): boolean {
  return /^\/(?![/\\])/.test(place);
}

function absolute(place: string, base: string): string {
  return isRelative(place) ? new URL(place, base).toString() : place;
}

/** An empty one-time token in the place of the one to come. */
function marked(place: string): string {
  const url = parseUrl(place);
  if (!url) return place;
  url.searchParams.set(ONE_TIME_TOKEN_PARAM, "");
  return url.toString();
}
