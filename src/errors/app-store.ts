// What generated/store.ts refuses where it does not fit auth.ts, the component or their triggers.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const triggerRecursion = errorOf(
  "TRIGGER_RECURSION",
  'Triggers wrote into each other <levels> levels deep; the last was the <operation> in table "<table>".',
  "In these triggers write only where something changes, or through withoutTriggers(ctx).",
);

export const triggersNotLoaded = errorOf(
  "NO_DEFINITION",
  "A write asked for the triggers of auth.ts where only the store is loaded.",
  "Run `npx kitcn codegen` and push, so that the generated modules fit each other.",
);

export const unknownAuthTable = errorOf(
  "UNKNOWN_TRIGGER_TABLE",
  'The triggers of auth.ts name "<table>", which is not a table of Better Auth here.',
  "Triggers of defineAuth run for <tables>. Move those of other tables to defineTriggers in schema.ts. After adding a plugin, run `npx kitcn add auth --schema --yes`.",
);

export const noComponent = errorOf(
  "NO_COMPONENT",
  "Some auth tables live in the kitcn component, which this app has not mounted.",
  'Add `import authComponent from "kitcn/convex.config"` and `app.use(authComponent)` to convex.config.ts, then run `npx kitcn codegen`.',
);
