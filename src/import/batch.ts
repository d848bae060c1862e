// Imports one batch: the rows, the map of their ids, the counts and the cursor, all in one transaction.
// A batch that was applied already changes nothing, so a killed run is simply run again.
import { importOutOfStep } from "../errors/import.js";
import type { Value } from "convex/values";
import type { Row } from "../store/store.js";
import { addCounts, countDropped, MAX_DROPPED, noTally } from "./counts.js";
import { IMPORT_MODELS } from "./models.js";
import { writeRows } from "./rows.js";
import { findPlaced, runPlaced, type ImportScope } from "./scope.js";
import type { ImportBatch, ImportState } from "./types.js";

/**
 * Applies a batch and moves the cursor.
 *
 * @throws KitcnError `IMPORT_OUT_OF_STEP` where the batch is not the next one, and those of the store
 */
export async function importBatch(scope: ImportScope, batch: ImportBatch): Promise<ImportState> {
  const row = await loadRun(scope, batch.source);
  const kept = row && stateOf(row);
  const current = kept?.file === batch.file && !batch.restart ? kept : undefined;
  if (current && current.position >= batch.to && (!batch.isLast || current.isDone)) return current;
  const position = current?.position ?? 0;
  if (batch.from !== position)
    throw importOutOfStep({ source: batch.source, from: batch.from, position });

  const tally = noTally();
  for (const one of batch.dropped) countDropped(tally, one);
  await writeRows(scope, { batch, tally });
  const next: ImportState = {
    source: batch.source,
    file: batch.file,
    position: batch.to,
    isDone: batch.isLast,
    counts: addCounts(current?.counts ?? {}, Object.fromEntries(tally.counts)),
    dropped: [...(current?.dropped ?? []), ...tally.dropped].slice(0, MAX_DROPPED),
  };
  await writeRun(scope, { row, state: next });
  return next;
}

/** How far the import of a source is; null where it did not begin. */
export async function importState(
  scope: ImportScope,
  { source }: { readonly source: string },
): Promise<ImportState | null> {
  const row = await loadRun(scope, source);
  return row && stateOf(row);
}

/** Forgets how far an import is; the map stays. */
export async function forgetRun(scope: ImportScope, source: string): Promise<void> {
  const where = [{ column: "source", value: source }];
  await runPlaced(scope, [{ kind: "deleteMany", input: { model: IMPORT_MODELS.runs, where } }]);
}

/** Notes a step that has no file, so that it is known to have been done. */
export async function noteRun(scope: ImportScope, source: string): Promise<void> {
  const row = await loadRun(scope, source);
  const state = { source, file: "", position: 0, isDone: true, counts: {}, dropped: [] };
  await writeRun(scope, { row, state });
}

// --- internal ---

async function loadRun(scope: ImportScope, source: string): Promise<Row | null> {
  const where = [{ column: "source", value: source }];
  const [row] = await findPlaced(scope, [{ model: IMPORT_MODELS.runs, where }]);
  return row ?? null;
}

function stateOf(row: Row): ImportState {
  const { id: _id, updatedAt: _updatedAt, ...state } = row;
  return state as object as ImportState; // written below
}

async function writeRun(
  scope: ImportScope,
  { row, state }: { readonly row: Row | null; readonly state: ImportState },
): Promise<void> {
  // Plain data of this package's own making, which Convex takes as it is.
  const data = { ...(state as object as Record<string, Value>), updatedAt: Date.now() };
  const model = IMPORT_MODELS.runs;
  const where = [{ column: "source", value: state.source }];
  await runPlaced(scope, [
    row
      ? { kind: "update", input: { model, where, data } }
      : { kind: "create", input: { model, data } },
  ]);
}
