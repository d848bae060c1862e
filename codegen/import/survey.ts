// Reads a source once and says what it comes to, without a deployment: the dry run, and what a run is checked against.
// Holds counts and a small sample only, whatever the size of the source.
import { isBcrypt, isOwnHash } from "../../src/auth/passwords/imported-hashes.js";
import type { DroppedRow, ImportRow } from "../../src/import/types.js";
import { importIncomplete, nothingToImport } from "../errors/import.js";
import { fitPlanned, type FitInput, type Fitted } from "./fit.js";
import { unknownNames, type KnownNames } from "./known-names.js";
import { watchKeys, type KeyWatch } from "./needs.js";
import type { ImportStep } from "./types.js";

/** What a source comes to. */
export type Survey = {
  readonly records: number;
  /** Rows that would be sent, by model. */
  readonly rows: Readonly<Record<string, number>>;
  /** Rows that would not, by model and reason. */
  readonly dropped: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly droppedRows: readonly DroppedRow[];
  /** Fields that the app has no place for, and of how many rows. */
  readonly ignored: Readonly<Record<string, number>>;
  /** Providers and roles that auth.ts does not have, and in how many rows. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Kinds of password hashes, and how many. */
  readonly passwords: Readonly<Record<string, number>>;
  /** Rows to look at in the end, spread over the source. */
  readonly sample: readonly ImportRow[];
};

/** One record, fitted, and where it is. */
export type FittedRecord = Fitted & { readonly position: number };

/**
 * The records of all steps, in order, counted from 1; of all files of users, those with a verified address come first.
 * `watch` gets the names of their fields.
 */
export async function* fittedRecords(
  steps: readonly ImportStep[],
  input: FitInput,
  watch?: (step: ImportStep) => KeyWatch,
): AsyncGenerator<FittedRecord> {
  let position = 0;
  for (const ofKind of byKind(steps)) {
    const unverified = new Set<ImportStep>();
    for (const step of ofKind) {
      const watched = watch?.(step);
      for await (const record of step.records(watched?.all)) {
        watched?.some(Object.keys(record));
        const fitted = fitPlanned(step.plan(record), input);
        if (isUnverified(fitted, input)) unverified.add(step);
        else yield { ...fitted, position: ++position };
      }
      watched?.end();
    }
    // The first user with an address keeps it, and that must not be somebody who only typed it in. Read once more
    // rather than held, since it may be a million records.
    for (const step of unverified)
      for await (const record of step.records()) {
        const fitted = fitPlanned(step.plan(record), input);
        if (isUnverified(fitted, input)) yield { ...fitted, position: ++position };
      }
  }
}

/**
 * Surveys a source.
 *
 * @throws CodegenError `EMPTY_IMPORT` where there are records and none can be imported, `IMPORT_INCOMPLETE` where the app asks for what the source does not have; those of reading
 */
export async function surveySource(
  steps: readonly ImportStep[],
  input: FitInput & {
    readonly onRecord: (position: number) => void;
    /** Default: nothing is looked for. */
    readonly known?: KnownNames;
  },
): Promise<Survey> {
  const rows: Record<string, number> = {};
  const dropped: Record<string, Record<string, number>> = {};
  const droppedRows: DroppedRow[] = [];
  const ignored: Record<string, number> = {};
  const missing: Record<string, number> = {};
  const passwords: Record<string, number> = {};
  const unknown: Record<string, number> = {};
  const { known = new Map(), tables } = input;
  const samples = new Map<string, Sample>();
  let records = 0;
  for await (const record of fittedRecords(steps, input, (step) => watchKeys(step, input))) {
    records = record.position;
    input.onRecord(records);
    for (const row of record.rows) {
      add(rows, row.model);
      keep(samples, row);
      for (const name of unknownNames(row, { known, tables })) add(unknown, name);
      const column = tables.account?.fields.password?.column ?? "password";
      if (row.model === "account" && typeof row.columns[column] === "string")
        add(passwords, kindOf(row.columns[column]));
    }
    for (const one of record.dropped) {
      add((dropped[one.model] ??= {}), one.reason);
      if (droppedRows.length < MAX_NAMED) droppedRows.push(one);
    }
    for (const name of record.ignored) add(ignored, name);
    for (const name of record.missing) add(missing, name);
  }
  const [first] = Object.keys(missing);
  if (first !== undefined) {
    const fields = Object.entries(missing).map(([name, count]) => `${name} (${count} rows)`);
    throw importIncomplete({ fields, first });
  }
  if (records > 0 && Object.keys(rows).length === 0)
    throw nothingToImport({ reasons: reasonsOf(dropped) });
  const sample = [...samples.values()].flatMap(({ rows: kept }) => kept);
  return { records, rows, dropped, droppedRows, ignored, unknown, passwords, sample };
}

/** What made a password hash, by its look. */
export function kindOf(hash: string): string {
  if (isOwnHash(hash)) return "scrypt";
  if (isBcrypt(hash)) return "bcrypt";
  const name = /^\$(\w+)/.exec(hash)?.[1];
  return name === undefined ? "unknown" : name.toLowerCase();
}

// --- internal ---

const MAX_NAMED = 1000;
const SAMPLES_PER_MODEL = 20;

/** The steps in order; those of one kind together. */
function byKind(steps: readonly ImportStep[]): ImportStep[][] {
  const groups: ImportStep[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (step.kind !== undefined && last?.[0]?.kind === step.kind) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

/** Of n rows each is kept with the same chance; the generator is seeded, so that a second run takes the same. */
type Sample = { seen: number; seed: number; readonly rows: ImportRow[] };

function keep(samples: Map<string, Sample>, row: ImportRow): void {
  const sample = samples.get(row.model) ?? { seen: 0, seed: 1, rows: [] };
  samples.set(row.model, sample);
  sample.seen++;
  if (sample.rows.length < SAMPLES_PER_MODEL) {
    sample.rows.push(row);
    return;
  }
  sample.seed = (sample.seed * 48_271) % 2_147_483_647;
  const at = sample.seed % sample.seen;
  if (at < SAMPLES_PER_MODEL) sample.rows[at] = row;
}

function isUnverified({ rows }: Fitted, { tables }: FitInput): boolean {
  const column = tables.user?.fields.emailVerified?.column ?? "";
  return rows.some((row) => row.model === "user" && row.columns[column] !== true);
}

function reasonsOf(dropped: Survey["dropped"]): string[] {
  const reasons = Object.entries(dropped).flatMap(([model, counts]) =>
    Object.entries(counts).map(([reason, count]) => `${model}, ${reason}: ${count} rows`),
  );
  return reasons.length > 0 ? reasons : ["They have nothing that an app keeps."];
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
