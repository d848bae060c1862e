// How a request over HTTP fails as a whole. http.ts loads it, also without Better Auth.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const requestNeverSettles = errorOf(
  "REQUEST_NEVER_SETTLES",
  "<method> <path> asked for something new in each of <runs> runs.",
  "A hook or callback in auth.ts is not deterministic; move what it fetches into an action.",
);

export const storeFailed = errorOf(
  "STORE_FAILED",
  "Reading or writing the auth tables failed.",
  "The function's log has the reason: run `npx convex logs`, or look into the dashboard.",
);
