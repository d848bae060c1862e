// `kitcn import --rewrite` and `kitcn import <source> --undo`: what follows an import, page by page.
import type { RewrittenBatch, RewrittenField, UndoneBatch } from "../../src/import/types.js";
import { CodegenError } from "../errors.js";
import {
  importRewritten,
  importShared,
  importUsed,
  rewriteNoField,
  rewriteNoTable,
  rewriteNothing,
  rewriteRefused,
  rewriteUnknownField,
  undoNeedsYes,
} from "../errors/import-after.js";
import { withinLimits } from "../import/limits.js";
import { findDeclared } from "../load/declared-fields.js";
import { openWorkspace } from "../workspace/stage.js";
import { importCommand } from "../import/origin.js";
import { createProgress } from "../import/progress.js";
import { shownId } from "../import/shown-id.js";

import { EMPTY_REPORT, type Report } from "./report.js";
import { loadApp } from "../monorepo/load-app.js";
import type { Ui } from "../terminal/ui.js";
import { openTarget } from "./import.js";

export type RewriteOptions = {
  readonly cwd: string;
  /** `table.field`; a path of fields below it may follow. */
  readonly field: string;
  readonly model?: string | undefined;
  readonly source?: string | undefined;
  readonly prod: boolean;
  readonly dryRun: boolean;
  readonly back: boolean;
};

/**
 * Points a field of the app's own documents at the new ids.
 *
 * @throws CodegenError `USAGE`, `REWRITE_REFUSED`, `AMBIGUOUS_OLD_ID` and those of the deployment
 */
export async function runRewrite(options: RewriteOptions, ui: Ui): Promise<Report> {
  const { field: target, model, source, dryRun, back } = options;
  const [table = "", ...path] = target.split(".");
  if (table === "" || path.length === 0) throw rewriteNoField({ given: target });
  const project = await loadApp(options.cwd);
  const declared = await findDeclared(openWorkspace(project), { table, path });
  if (declared.kind === "no table") throw rewriteNoTable({ table, tables: declared.names });
  if (declared.kind === "no field")
    throw rewriteUnknownField({ table, field: path.join("."), fields: declared.names });
  const { transport } = openTarget(project, options);
  const progress = createProgress(ui, "rewriting, documents");
  const total = { documents: 0, rewritten: 0, unknown: 0, kept: 0, found: 0 };
  ui.ifInterrupted({
    message: "Some documents are rewritten.",
    hint: "Run the command again: it does the rest.",
  });
  const chosen = { ...(model && { model }), ...(source && { source }) };
  const base = { table, field: path.join("."), dryRun, back, ...chosen };
  let cursor: string | null = null;
  const nextPage = withinLimits(PAGE, async (limit) => {
    const batch = { ...base, cursor, limit };
    return (await transport.call("importRewrite", { batch })) as RewrittenBatch; // of generated/import.ts
  });
  do {
    const page = await nextPage().catch((error: unknown) => {
      throw isRefusal(error) ? rewriteRefused({ field: target, cause: error }) : error;
    });
    total.documents += page.documents;
    total.rewritten += page.rewritten;
    total.unknown += page.unknown;
    total.kept += page.kept;
    total.found += page.found;
    cursor = page.cursor;
    progress(total.documents);
  } while (cursor !== null);
  if (declared.kind === "open" && total.documents > 0 && total.found === 0)
    throw rewriteNothing({ table, field: path.join("."), documents: total.documents });
  return {
    ...EMPTY_REPORT,
    command: `import --rewrite ${target}`,
    status: dryRun ? "planned" : total.rewritten > 0 ? "written" : "in-sync",
    imported: { kind: "rewrite", field: target, dryRun, ...total },
  };
}

export type UndoOptions = {
  readonly cwd: string;
  readonly source: string;
  readonly prod: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
};

/**
 * Deletes what an import made, if nobody has used it.
 *
 * @throws CodegenError `IMPORT_USED`, `IMPORT_SHARED`, `IMPORT_REWRITTEN`, `NEEDS_YES` and those of the deployment
 */
export async function runUndo(options: UndoOptions, ui: Ui): Promise<Report> {
  const { source, dryRun } = options;
  const { transport } = openTarget(await loadApp(options.cwd), options);
  const call = async (batch: object) =>
    (await transport.call("importUndo", { batch: { source, ...batch } })) as UndoneBatch; // of generated/import.ts
  const checking = createProgress(ui, "checking that nobody has signed in, pages");
  let cursor: string | null = null;
  let pages = 0;
  const sharers = new Set<string>();
  const checkPage = withinLimits(PAGE, (limit) => call({ step: "check", cursor, limit }));
  do {
    const page: UndoneBatch = await checkPage();
    if (page.rewritten.length > 0)
      throw importRewritten({
        fields: page.rewritten.map(({ field }) => field),
        commands: page.rewritten.map((one) => backCommand(one, options)),
      });
    if (page.used.length > 0) throw importUsed({ source, users: page.used.map(shownId) });
    for (const one of page.sharers) sharers.add(one);
    cursor = page.cursor;
    checking(++pages);
  } while (cursor !== null);
  if (sharers.size > 0) throw sharedBy(sharers, options);
  const base = { ...EMPTY_REPORT, command: `import ${source} --undo` };
  if (dryRun)
    return { ...base, status: "planned", imported: { kind: "undo", source, dryRun, deleted: 0 } };
  if (!(await mayUndo(options, ui))) return { ...base, status: "declined" };
  const deleting = createProgress(ui, "deleting, rows");
  ui.ifInterrupted({
    message: "A part of the import is undone.",
    hint: "Run the command again: it does the rest.",
  });
  let deleted = 0;
  let isDone = false;
  const nextPage = withinLimits(UNDO_PAGE, (limit) =>
    call({ step: "delete", cursor: null, limit }),
  );
  while (!isDone) {
    const page = await nextPage();
    if (page.used.length > 0) throw importUsed({ source, users: page.used.map(shownId) });
    if (page.sharers.length > 0) throw sharedBy(page.sharers, options);
    deleted += page.deleted;
    deleting(deleted);
    isDone = page.isDone;
  }
  return {
    ...base,
    status: deleted > 0 ? "written" : "in-sync",
    imported: { kind: "undo", source, dryRun, deleted },
  };
}

// --- internal ---

const PAGE = 200;
const UNDO_PAGE = 50;

function backCommand(
  { field, model, source }: RewrittenField,
  { prod }: { readonly prod: boolean },
): string {
  return importCommand(
    { source, prod },
    `--rewrite ${field}`,
    model && `--model ${model}`,
    "--back",
  );
}

function sharedBy(sharers: Iterable<string>, { source, prod }: UndoOptions): CodegenError {
  const sources = [...sharers];
  const commands = sources.map((one) => importCommand({ source: one, prod }, "--undo"));
  return importShared({ source, sources, commands });
}

async function mayUndo({ yes, source }: UndoOptions, ui: Ui): Promise<boolean> {
  if (yes) return true;
  if (ui.isInteractive)
    return ui.confirm(
      `Delete every row that the import of ${source} made, and what references it?`,
    );
  throw undoNeedsYes();
}

/** The schema, or the validator of a table, does not take what would be written. */
function isRefusal(error: unknown): error is CodegenError {
  return (
    error instanceof CodegenError && /does not match (the )?(schema|validator)/i.test(error.message)
  );
}
