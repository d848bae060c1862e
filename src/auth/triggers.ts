// Connects the triggers of schema.ts and auth.ts to the stores of a context, wherever the tables live.
// Must not import better-auth.
import type { GenericDataModel } from "convex/server";
import { unknownAuthTable } from "../errors/app-store.js";
import type { AuthTables, ModelPlacement } from "../metadata.js";
import type { Hears } from "../store/routed-store.js";
import { listensTo } from "../triggers/dispatch.js";
import type { WriteHooks } from "../triggers/hooks.js";
import type { Triggers } from "../triggers/types.js";
import { writeHooksOf } from "../triggers/write-hooks.js";
import { isMutationCtx } from "./context.js";
import type { AuthCtx } from "./types.js";

/** All triggers that a write of Better Auth may fire. */
export type DeclaredTriggers<DataModel extends GenericDataModel> = {
  readonly schema?: Triggers<DataModel> | undefined;
  readonly inline?: Triggers<DataModel> | undefined;
};

/** The hooks of a store for tables in one place; none in a query or an action, which write elsewhere. */
export function hooksAt<DataModel extends GenericDataModel>(
  placement: ModelPlacement,
  ctx: AuthCtx<DataModel>,
  { schema, inline }: DeclaredTriggers<DataModel>,
): WriteHooks | undefined {
  if (!isMutationCtx(ctx)) return undefined;
  // Schema triggers are for tables of the app: one of the same name in the component is another table.
  return writeHooksOf({ ctx, inline, ...(placement === "app" && { schema }) });
}

/** Tells which writes inline triggers listen to; undefined where there are no such triggers. */
export function hearsInline(inline: object | undefined): Hears | undefined {
  return inline && ((write) => listensTo(inline, write));
}

/** @throws KitcnError `UNKNOWN_TRIGGER_TABLE` for inline triggers that could never fire */
export function assertTriggerTables(tables: AuthTables, inline: object | undefined): void {
  const known = Object.entries(tables).flatMap(([model, { table }]) => [model, table]);
  const unknown = Object.keys(inline ?? {}).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw unknownAuthTable({ table: unknown, tables: Object.keys(tables) });
}
