// What the instance of Better Auth and what is around it refuse. Only what loads Better Auth has it.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const noDefinition = errorOf(
  "NO_DEFINITION",
  "auth.ts has no default export made by defineAuth().",
  "Write `export default defineAuth(() => ({ ... }))`; triggers of Better Auth's writes are looked up there.",
);

export const noRequestKey = errorOf(
  "NO_REQUEST_KEY",
  "A query that serves a request tried to write.",
  "This is a defect of kitcn, not of your app. `npx convex logs` shows the path of the request.",
);

export const providerNotConfigured = errorOf(
  "PROVIDER_NOT_CONFIGURED",
  'The social provider "<provider>" has no <options> on this deployment.',
  "`npx kitcn doctor` names the variables that auth.ts reads for it. Write their values into convex/.env and run `npx kitcn env push`. For production: `npx kitcn doctor --prod`, the file .env.production, and `npx kitcn env push --prod --from-file .env.production`.",
);

export const initFetch = errorOf(
  "INIT_FETCH",
  "A plugin fetches from <origin> when it starts, which a query or a mutation cannot do, and no answer is kept.",
  "Make the call in an action, or over HTTP once: the answer is kept for the queries and mutations after it.",
);

export const sessionStorageFailed = errorOf(
  "SESSION_STORAGE_FAILED",
  "The sessions are in secondaryStorage, and a query could not read it: <reason>",
  "A storage that calls fetch can only be read in an action. Call getSession there, or set `session: { storeSessionInDatabase: true }` in auth.ts and run `npx kitcn add auth --schema --yes`.",
);

export const callbackGone = errorOf(
  "DEFERRED_CALLBACK_GONE",
  "auth.ts no longer has the callback <callback>, which a request left to be called.",
  "A deploy in between removed it. Nothing was sent; the user has to ask again.",
);

export const callbackFailed = errorOf(
  "DEFERRED_CALLBACK_FAILED",
  "<callback> of auth.ts failed: <reason>",
  "What the request wrote is committed. Fix the callback; it is not called again by itself. It runs in an action, where ctx.db and ctx.orm are undefined: use ctx.runQuery and ctx.runMutation there.",
);

export const callbackSealed = errorOf(
  "DEFERRED_CALLBACK_SEALED",
  "<callback> cannot be called: its arguments were sealed with another BETTER_AUTH_SECRET.",
  "The secret changed in between, so the user has to ask again. At the next change, keep the old secret for a while: set BETTER_AUTH_SECRETS to `2:<new secret>,1:<old secret>`.",
);
