// The order of a write: every `before` may refuse or add, then the change is made, then `after` and `change` see it.
// Runs triggers where the caller is; the changes are made where the documents are, which may be a component.
import type { AuthTables } from "../metadata.js";
import {
  TriggerCancelledError,
  type BeforeWrite,
  type HookData,
  type WriteHooks,
} from "../triggers/hooks.js";
import type { Applied, Change, Changer, ReadyChange, Writes } from "./change.js";
import { modelOf } from "./db.js";
import type { OperationResult, WriteOperation } from "./operation.js";
import { definedColumns } from "./rows.js";
import type { CreateInput, Row } from "./store.js";

/** What a write needs beside its changes. */
export type WriteScope<Place extends Changer = Changer> = {
  readonly tables: AuthTables;
  readonly hooks: WriteHooks | undefined;
  readonly changer: Place;
};

/** Performs an operation: what the method of Store of that name returns. */
export async function runWrite(
  scope: WriteScope<Writes>,
  operation: WriteOperation,
): Promise<OperationResult> {
  if (operation.kind === "create") return writeNew(scope, operation.input);
  const { changes, result } = await scope.changer.load(operation);
  // Where a document is read again to update it, it is checked again, too.
  const whenFound = (one: Change) => ({ ...one, wheres: [operation.input.where] });
  const made = await writeAll(scope, result === undefined ? changes.map(whenFound) : changes);
  // Somebody else may have been faster: what is returned is what was really written.
  if (typeof result === "number") return countOf(made.slice(made.length - result));
  if (result) return made.at(-1) ? result : null;
  return operation.kind === "updateMany" ? countOf(made) : (made[0]?.row ?? null);
}

export async function writeNew(scope: WriteScope, { model, data }: CreateInput): Promise<Row> {
  const change: Change = { operation: "create", model, columns: definedColumns(data) };
  const [made] = await writeAll(scope, [change]);
  return made?.row as Row; // a create always leaves one
}

/**
 * Makes changes one after the other, and returns what became of them. Every deletion may be refused before the
 * first change is made. Changes that no trigger listens to are made in one call with those around them.
 *
 * @throws TriggerCancelledError
 */
export async function writeAll(scope: WriteScope, changes: readonly Change[]): Promise<Made[]> {
  const { changer } = scope;
  const made: Made[] = [];
  let ready: ReadyChange[] = [];
  const flush = async (): Promise<Made> => {
    const applied = ready.length > 0 ? await changer.apply(ready) : [];
    ready = [];
    made.push(...applied);
    return applied.at(-1) ?? null;
  };
  let hasRun = false; // true once a trigger has run, which may have deleted any document
  for (const change of changes.toReversed()) {
    if (change.operation !== "delete" || !isHeard(scope, change)) continue;
    await runBefore(scope, change);
    hasRun = true;
  }
  for (const change of changes) {
    const { operation } = change;
    if (operation === "update" && hasRun && (await changer.isGone(change.document._id))) continue;
    if (!isHeard(scope, change)) {
      ready.push({ change, isHeard: false });
      continue;
    }
    if (operation !== "delete") await flush();
    const added = operation === "delete" ? undefined : await runBefore(scope, change);
    ready.push({ change, isHeard: true, ...(added && { added }) });
    const applied = await flush();
    if (applied) await runAfter(scope, change, applied);
    hasRun = true;
  }
  await flush();
  return made;
}

// --- internal ---

type Made = Applied | null;

function countOf(made: readonly Made[]): number {
  return made.filter(Boolean).length;
}

function isHeard({ tables, hooks }: WriteScope, { model, operation }: Change): boolean {
  const { table } = modelOf(tables, model);
  return hooks !== undefined && hooks.concerns?.({ model, table, operation }) !== false;
}

/** What the hook adds to the columns. @throws TriggerCancelledError */
async function runBefore(scope: WriteScope, change: Change): Promise<HookData | undefined> {
  const write = beforeWrite(scope, change);
  const verdict = await scope.hooks?.before?.(write);
  if (verdict === false) throw new TriggerCancelledError(write);
  return verdict ? verdict.data : undefined;
}

function beforeWrite({ tables }: WriteScope, change: Change): BeforeWrite {
  const { model } = change;
  const { table } = modelOf(tables, model);
  switch (change.operation) {
    case "create":
      return { operation: "create", model, table, data: change.columns };
    case "update":
      return { operation: "update", model, table, data: change.columns, doc: change.document };
    case "delete":
      return { operation: "delete", model, table, doc: change.document };
  }
}

async function runAfter(
  { tables, hooks }: WriteScope,
  { model, operation }: Change,
  { id, oldDoc, newDoc }: Applied,
): Promise<void> {
  const { table } = modelOf(tables, model);
  const event = { operation, model, table, id, oldDoc, newDoc };
  await hooks?.after?.(event);
  await hooks?.change?.(event);
}
