// Runs an import from files to rows in memory: the sources, the batches and the check of the end are the real ones, the
// deployment is a fake database.
import { Readable } from "node:stream";
import type { BetterAuthOptions } from "better-auth";
import { getAuthTables } from "better-auth/db";
import type { FitInput } from "../../../codegen/import/fit.js";
import { stepsOf } from "../../../codegen/import/sources/index.js";
import { sendSource } from "../../../codegen/import/send.js";
import { surveySource } from "../../../codegen/import/survey.js";
import type { Transport } from "../../../codegen/import/transport.js";
import type { SourceFile, SourceName } from "../../../codegen/import/types.js";
import { verifyImport } from "../../../codegen/import/verify.js";
import { withImportTables } from "../../../codegen/plan/import-tables.js";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import { importBatch, importState } from "../../../src/import/batch.js";
import type { ImportBatch, ImportRow } from "../../../src/import/types.js";
import { compareRows, countMapped } from "../../../src/import/verify.js";
import { authDbOf } from "../auth-db.js";

export type ImportWorld = ReturnType<typeof importWorld>;

/** An app with these options, and its deployment. */
export function importWorld(options: BetterAuthOptions = {}) {
  const source = withImportTables(getAuthTables(options));
  const { tables } = planTables(source, { placement: "app" });
  const { store } = authDbOf(tables);
  const scope = { tables, stores: { app: store, component: store } };
  const functions: Readonly<Record<string, (args: never) => Promise<unknown>>> = {
    importState: (args: { source: string }) => importState(scope, args),
    importBatch: ({ batch }: { batch: ImportBatch }) => importBatch(scope, batch),
    importCount: (args: Parameters<typeof countMapped>[1]) => countMapped(scope, args),
    importCompare: (args: { source: string; rows: ImportRow[] }) => compareRows(scope, args),
  };
  const transport: Transport = {
    maxBytes: 1024 * 1024,
    call: (name, args) => functions[name]?.(args as never) ?? Promise.reject(new Error(name)), // as the real one
  };
  return { store, scope, tables, source, transport };
}

/** A file that is read as often as it is opened. */
export function textFile(name: string, text: string): SourceFile {
  return { name, open: () => Promise.resolve(Readable.from([Buffer.from(text)])) };
}

/** The table of a `convex export`; of a component's, with its folder. */
export function tableFile(table: string, rows: readonly object[]): SourceFile {
  return textFile(
    `${table}/documents.jsonl`,
    rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  );
}

/** What a source's files come to in the app's tables. */
export function prepareSource(
  { tables, source }: Pick<ImportWorld, "tables" | "source">,
  name: SourceName,
  files: readonly SourceFile[],
) {
  const options = { providers: new Map<string, string>(), roles: new Map<string, string>() };
  const steps = stepsOf(name, { files, options, tables, source });
  const fit: FitInput = { tables, source, defaults: new Map() };
  return { steps, fit };
}

/** Imports all of it. */
export async function runSource(
  world: ImportWorld,
  name: SourceName,
  files: readonly SourceFile[],
  { file = "file", link = false, restart = false, key = name as string } = {},
) {
  const { steps, fit } = prepareSource(world, name, files);
  const { transport } = world;
  const survey = await surveySource(steps, { ...fit, onRecord: () => {} });
  const { records } = survey;
  const input = { steps, fit, transport, source: key, file, records, link, restart };
  const state = await sendSource({ ...input, onState: () => {} });
  const verified = await verifyImport({ transport, source: key, survey, state });
  return { survey, state, verified };
}
