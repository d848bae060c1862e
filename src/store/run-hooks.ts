// Calls the hooks around a write. Must not write itself.
import type { AuthTables } from "../metadata.js";
import {
  TriggerCancelledError,
  type AfterWrite,
  type BeforeWrite,
  type WriteHooks,
} from "../triggers/hooks.js";
import { modelOf, type Columns, type Reader } from "./db.js";

/** What a write needs beside its input. */
export type WriteScope = {
  readonly db: Reader;
  readonly tables: AuthTables;
  readonly hooks: WriteHooks | undefined;
};

/** The columns to write, as the hook leaves them; undefined removes one. @throws TriggerCancelledError */
export async function runBefore({ hooks }: WriteScope, write: BeforeWrite): Promise<Columns> {
  const given = write.operation === "delete" ? {} : write.data;
  const verdict = await hooks?.before?.(write);
  if (verdict === false) throw new TriggerCancelledError(write);
  return { ...given, ...(verdict ? verdict.data : {}) };
}

export async function runAfter(
  { db, tables, hooks }: WriteScope,
  write: Omit<AfterWrite, "table" | "newDoc">,
): Promise<void> {
  if (!hooks?.after && !hooks?.change) return;
  const target = { ...write, table: modelOf(tables, write.model).table };
  if (hooks.concerns?.(target) === false) return;
  const newDoc = write.operation === "delete" ? null : await db.get(write.id);
  const event = { ...target, newDoc };
  await hooks.after?.(event);
  await hooks.change?.(event);
}
