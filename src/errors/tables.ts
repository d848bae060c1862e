// What every access to the auth tables refuses, also the smallest: a query that reads its session loads this file.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

/** The next step where the tables are older than auth.ts. */
export const FIT_SCHEMA =
  "Run `npx kitcn add auth --schema --yes` and push, so that the schema fits auth.ts.";

export const readOnly = errorOf(
  "READ_ONLY",
  "Auth tried to write from a query, which Convex does not allow.",
  "Call it from a mutation, an action or an HTTP action.",
);

export const unknownModel = errorOf(
  "UNKNOWN_MODEL",
  'Better Auth uses the model "<model>", which the generated tables do not have.',
  FIT_SCHEMA,
);
