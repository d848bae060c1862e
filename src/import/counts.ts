// Counts of an import: added up row by row, and kept in the deployment as plain data. Pure.
import type { DroppedRow, ImportCounts, ModelCounts } from "./types.js";

/** How many dropped rows are kept by name; all are counted. */
export const MAX_DROPPED = 100;

/** What one batch came to, while it is counted. */
export type Tally = {
  readonly counts: Map<string, ModelCounts>;
  readonly dropped: DroppedRow[];
};

export function noTally(): Tally {
  return { counts: new Map(), dropped: [] };
}

export function countRow(
  { counts }: Tally,
  model: string,
  what: "created" | "linked" | "known",
): void {
  const now = counts.get(model) ?? NOTHING;
  counts.set(model, { ...now, [what]: now[what] + 1 });
}

export function countDropped({ counts, dropped }: Tally, row: DroppedRow): void {
  const now = counts.get(row.model) ?? NOTHING;
  // Convex takes names of printable ASCII, and a reason may quote what the source calls a provider.
  const reason = row.reason.replace(/[^ -~]/g, "?");
  const sum = (now.dropped[reason] ?? 0) + 1;
  counts.set(row.model, { ...now, dropped: { ...now.dropped, [reason]: sum } });
  if (dropped.length < MAX_DROPPED) dropped.push(row);
}

/** The sums of both. */
export function addCounts(a: ImportCounts, b: ImportCounts): ImportCounts {
  const models = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries(
    [...models].map((model) => [model, addModel(a[model] ?? NOTHING, b[model] ?? NOTHING)]),
  );
}

// --- internal ---

const NOTHING: ModelCounts = { created: 0, linked: 0, known: 0, dropped: {} };

function addModel(a: ModelCounts, b: ModelCounts): ModelCounts {
  const dropped = { ...a.dropped };
  for (const [reason, count] of Object.entries(b.dropped))
    dropped[reason] = (dropped[reason] ?? 0) + count;
  return {
    created: a.created + b.created,
    linked: a.linked + b.linked,
    known: a.known + b.known,
    dropped,
  };
}
