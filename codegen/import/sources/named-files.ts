// Finds the files of a vendor by what their names say: users, organizations, members and so on.
// Pure, but for opening files.
import { fileOfNoKind } from "../../errors/import.js";
import { readRecords } from "../read/records.js";
import type {
  ImportStep,
  Need,
  Planned,
  SourceFile,
  SourceOptions,
  SourceRecord,
} from "../types.js";

/** What one record of a kind of file becomes. */
export type PlanRecord = (record: SourceRecord, options: SourceOptions) => Planned;

/** True for a file, or a step of one, with lines of a table. */
export const isCsv = ({ name }: { readonly name: string }): boolean => /\.csv$/i.test(name);

/** A kind of files, and what becomes of their records; `only` of some of them. A kind may have several. */
export type FilePlan<Kind> = readonly [
  kind: Kind,
  plan: PlanRecord,
  needs: readonly Need[],
  only?: (record: SourceRecord) => boolean,
];

/**
 * The steps of a vendor's files, in the order of `plans`. A kind without a plan is known and has no step.
 *
 * @throws CodegenError `UNKNOWN_IMPORT_FILE` for a file whose name says nothing, unless it is the only one
 */
export function namedSteps<Kind extends string>(
  files: readonly SourceFile[],
  {
    kinds,
    fallback,
    plans,
    options,
  }: {
    /** The first pattern that fits the name decides. */
    readonly kinds: Readonly<Record<Kind, RegExp>>;
    readonly fallback: NoInfer<Kind>;
    readonly plans: readonly FilePlan<NoInfer<Kind>>[];
    readonly options: SourceOptions;
  },
): ImportStep[] {
  const found = filesByKind(files, kinds, fallback);
  return plans.flatMap(([kind, plan, needs, only]) =>
    (found.get(kind) ?? []).map((file) => ({
      name: file.name,
      kind,
      needs,
      records: (onKeys) => {
        const records = readRecords(file, onKeys);
        return only ? filtered(records, only) : records;
      },
      plan: (record: SourceRecord) => plan(record, options),
    })),
  );
}

// --- internal ---

async function* filtered(
  records: AsyncIterable<SourceRecord>,
  isMeant: (record: SourceRecord) => boolean,
): AsyncGenerator<SourceRecord> {
  for await (const record of records) if (isMeant(record)) yield record;
}

function filesByKind<Kind extends string>(
  files: readonly SourceFile[],
  patterns: Readonly<Record<Kind, RegExp>>,
  fallback: Kind,
): ReadonlyMap<Kind, readonly SourceFile[]> {
  const readable = files.filter(({ name }) => /\.(csv|json|jsonl|ndjson)$/i.test(name));
  const kinds = Object.entries<RegExp>(patterns) as [Kind, RegExp][]; // its own entries
  const found = new Map<Kind, SourceFile[]>();
  for (const file of readable) {
    const stem = (file.name.split("/").at(-1) ?? "").toLowerCase();
    const kind = kinds.find(([, pattern]) => pattern.test(stem))?.[0];
    const own = kind ?? (readable.length === 1 ? fallback : undefined);
    if (own === undefined) throw fileOfNoKind({ file: file.name, kinds: Object.keys(patterns) });
    found.set(own, [...(found.get(own) ?? []), file]);
  }
  return found;
}
