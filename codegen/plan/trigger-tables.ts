// Refuses schema triggers that could never run: of tables that do not exist, and of tables in the component. Pure.
import { triggersOfComponent, unknownTriggerTable } from "../errors/tables.js";

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
  const { table, at: place } = lost;
  if (component.has(table)) throw triggersOfComponent({ place, table });
  throw unknownTriggerTable({ place, table, tables: [...app].sort() });
}
