// Sends a source batch by batch, from where the deployment says it is. Holds one batch at a time.
import type { DroppedRow, ImportBatch, ImportRow, ImportState } from "../../src/import/types.js";
import type { FitInput } from "./fit.js";
import { fittedRecords } from "./survey.js";
import { isTooMuch } from "./limits.js";
import { sizeOf, type Transport } from "./transport.js";
import type { ImportStep } from "./types.js";

export type SendInput = {
  readonly steps: readonly ImportStep[];
  readonly fit: FitInput;
  readonly transport: Transport;
  readonly source: string;
  /** Fingerprint of the files. */
  readonly file: string;
  readonly records: number;
  readonly link: boolean;
  /** From the first record on, whatever the deployment says. Rows that it has are counted as known. */
  readonly restart?: boolean;
  readonly onState: (state: ImportState) => void;
};

/**
 * Sends whatever the deployment does not have yet.
 *
 * @throws CodegenError of the transport; what was sent stays, and the next run goes on after it
 */
export async function sendSource(input: SendInput): Promise<ImportState> {
  const { steps, fit, transport, source, file, records, restart } = input;
  let state = (await transport.call("importState", { source })) as ImportState | null; // of generated/import.ts
  const begun = state?.file === file && !restart ? state : undefined;
  if (begun?.isDone) return begun;
  let done = begun?.position ?? 0;
  const sizes = { rows: MAX_ROWS };
  let batch: Entry[] = [];
  const around = { from: records, to: records, rows: [], dropped: [], isLast: false };
  const empty = sizeOf(argsOf(input, around));
  let bytes = empty;
  const flush = async () => {
    state = await sendEntries(batch, { ...input, from: done, sizes });
    done = state.position;
    input.onState(state);
    batch = [];
    bytes = empty;
  };
  for await (const { position, rows, dropped } of fittedRecords(steps, fit)) {
    if (position <= done) continue;
    const size = sizeOf(rows) + sizeOf(dropped);
    const count = batch.reduce((sum, entry) => sum + entry.rows.length, 0) + rows.length;
    if (batch.length > 0 && (bytes + size > transport.maxBytes || count > sizes.rows))
      await flush();
    batch.push({ position, rows, dropped });
    bytes += size;
  }
  // Also where nothing is left: the last batch says that the import is done.
  if (batch.length > 0) await flush();
  if (done === records && state?.file === file && state.isDone) return state;
  return call(input, { from: done, to: records, rows: [], dropped: [], isLast: true });
}

// --- internal ---

type Entry = {
  readonly position: number;
  readonly rows: readonly ImportRow[];
  readonly dropped: readonly DroppedRow[];
};

/** Rows of one transaction: each costs a few look-ups, of which Convex allows 4,096, and one second of time. */
const MAX_ROWS = 250;

/** Sends records as one batch, or as ever smaller ones where a transaction cannot take them. */
async function sendEntries(
  entries: readonly Entry[],
  input: SendInput & { readonly from: number; readonly sizes: { rows: number } },
): Promise<ImportState> {
  const to = entries.at(-1)?.position ?? input.from;
  const rows = entries.flatMap((entry) => entry.rows);
  const dropped = entries.flatMap((entry) => entry.dropped);
  try {
    const isLast = to === input.records;
    return await call(input, { from: input.from, to, rows, dropped, isLast });
  } catch (error) {
    if (entries.length < 2 || !isTooMuch(error)) throw error;
    const half = Math.ceil(entries.length / 2);
    input.sizes.rows = Math.max(10, Math.ceil(rows.length / 2));
    const first = await sendEntries(entries.slice(0, half), input);
    return sendEntries(entries.slice(half), { ...input, from: first.position });
  }
}

type Batch = Pick<ImportBatch, "from" | "to" | "rows" | "dropped" | "isLast">;

const argsOf = ({ source, file, link, restart }: SendInput, batch: Batch) => ({
  batch: { source, file, link, ...(restart && batch.from === 0 && { restart }), ...batch },
});

async function call(input: SendInput, batch: Batch): Promise<ImportState> {
  const sent = argsOf(input, batch);
  return (await input.transport.call("importBatch", sent)) as ImportState; // of generated/import.ts
}
