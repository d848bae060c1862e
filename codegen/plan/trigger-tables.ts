// Refuses schema triggers that could never run: of tables that do not exist, and of tables in the component. Pure.
import { CodegenError } from "../errors.js";

/** A table that `defineTriggers` was given triggers for; `at` is file and line. */
export type TriggerTable = { readonly table: string; readonly at: string };

/** The tables an app has, by where they are. */
export type KnownTables = {
  /** Of schema.ts. */
  readonly app: ReadonlySet<string>;
  readonly component: ReadonlySet<string>;
};

/** @throws CodegenError `UNKNOWN_TRIGGER_TABLE`, with the first of them */
export function assertTriggerTables(
  triggers: readonly TriggerTable[],
  { app, component }: KnownTables,
): void {
  const lost = triggers.find(({ table }) => !app.has(table));
  if (!lost) return;
  const { table, at } = lost;
  throw component.has(table)
    ? new CodegenError({
        code: "UNKNOWN_TRIGGER_TABLE",
        message: `${at}: triggers of defineTriggers for "${table}" would never run, since that table is in the kitcn component.`,
        hint: "Move them to `triggers` of defineAuth in auth.ts: those run for tables of the component, too. Nothing was written.",
      })
    : new CodegenError({
        code: "UNKNOWN_TRIGGER_TABLE",
        message: `${at}: defineTriggers has triggers for "${table}", which schema.ts does not declare.`,
        hint: `Correct the name, or remove them. The tables are ${[...app].sort().join(", ")}. Nothing was written.`,
      });
}
