// What the stand-in refuses that Convex bundles in place of the schema printer.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const noCreateSchema = errorOf(
  "NO_CREATE_SCHEMA",
  "A schema can only be printed by Node, where the app's files are.",
  "Run `npx kitcn add auth --schema --yes` in the app.",
);
