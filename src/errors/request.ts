// How a request over HTTP fails as a whole. http.ts loads it, also without Better Auth.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const requestNeverSettles = errorOf(
  "REQUEST_NEVER_SETTLES",
  "<method> <path> asked for something new in each of <runs> runs.",
  "A hook or callback in auth.ts calls something else in each run. Let it schedule an action that makes the call: ctx.scheduler.runAfter(0, internal.<your module>.<your action>, { ... }).",
);

export const storeFailed = errorOf(
  "STORE_FAILED",
  "Reading or writing the auth tables failed.",
  "The function's log has the reason: run `npx convex logs`, or look into the dashboard.",
);

export const hookNeedsDb = errorOf(
  "HOOK_NEEDS_DB",
  "<hook> uses ctx.db or ctx.orm, and what it sends names a new row or differs from run to run, so it has to run after the commit, in an action without a database.",
  "In this hook of auth.ts, read and write with ctx.runQuery and ctx.runMutation; or schedule an action with ctx.scheduler, which sends the id.",
);
