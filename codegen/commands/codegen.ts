// `kitcn codegen`: refreshes the generated modules, and the lib/crpc.ts that nobody changed. The convex CLI writes
// `_generated`, except where it is missing.
import { join, sep } from "node:path";
import { recoverWrites, writeChanges } from "../disk/changes.js";
import { homeOf, shortPath } from "../disk/project.js";
import type { CodegenError } from "../errors.js";
import { bothOutOfDate, schemaOutOfDate, serverOutOfDate } from "../errors/commands.js";
import { LOCK_FILE } from "../lock/lock.js";
import { loadApp } from "../monorepo/load-app.js";
import { planConvexGenerated } from "../scaffold/convex-generated.js";
import { refreshProcedures } from "../scaffold/refresh-procedures.js";
import { timed } from "../terminal/timing.js";
import type { Ui } from "../terminal/ui.js";
import type { FileChange } from "../types.js";
import { openWorkspace, realChanges, type Workspace } from "../workspace/stage.js";
import { EMPTY_REPORT, reportDiff, reportFiles, type Report } from "./report.js";
import { planSchema, type SchemaOutcome } from "./schema.js";

export type CodegenOptions = { readonly cwd: string; readonly check: boolean };

/**
 * Writes `<fn>/generated/*` for the app's auth.ts, and the procedures of its plugins in lib/crpc.ts. A run that fails leaves the last good files.
 *
 * @throws CodegenError `SCHEMA_OUT_OF_DATE` when schema.ts lacks what auth.ts asks for, and those of planSchema
 */
export async function runCodegen(options: CodegenOptions, ui: Ui): Promise<Report> {
  const project = await loadApp(options.cwd);
  if (!options.check) recoverWrites(homeOf(project));
  ui.progress("reading the app");
  const ws = openWorkspace(project);
  const outcome = await timed("plan", () => planSchema({ ws }));
  ui.done();
  const generated = join(project.functionsDir, "generated") + sep;
  const changes = outcome.changes.filter(({ path }) => path.startsWith(generated));
  const stale = outcome.changes.filter(
    ({ path }) => !path.startsWith(generated) && path !== join(project.functionsDir, LOCK_FILE),
  );
  // Modules that know tables which schema.ts lacks would fail at run time.
  if (stale.length > 0)
    throw outOfDate(
      stale.map(({ path }) => shortPath(project, path)),
      outcome.missingExport,
    );
  const { notes, changes: followed } = await followPlugins(ws, outcome);
  const found = [...changes, ...followed];
  const all = options.check ? found : [...found, ...convexChanges(ws)];
  if (!options.check) writeChanges(all, { root: homeOf(project) });
  if (!options.check && all.length > 0) ui.ifInterrupted({ message: "The files are written." });
  return {
    ...EMPTY_REPORT,
    command: "codegen",
    status: statusOf(all, options),
    files: reportFiles(project, all),
    notes: [...outcome.notes, ...notes],
    due: outcome.due,
    diff: options.check ? reportDiff(project, found) : "",
  };
}

// --- internal ---

/** lib/crpc.ts, whose procedures name the roles of auth.ts. */
async function followPlugins(
  ws: Workspace,
  { options }: SchemaOutcome,
): Promise<{ notes: readonly string[]; changes: readonly FileChange[] }> {
  const before = pathsOf(ws);
  const notes = await refreshProcedures(ws, { options });
  return { notes, changes: realChanges(ws).filter(({ path }) => !before.has(path)) };
}

/** `_generated` where it is missing: changes of its own, after those of the generated modules. */
function convexChanges(ws: Workspace): FileChange[] {
  const before = pathsOf(ws);
  planConvexGenerated(ws);
  return ws.changes().filter(({ path }) => !before.has(path));
}

function pathsOf(ws: Workspace): ReadonlySet<string> {
  return new Set(ws.changes().map(({ path }) => path));
}

function statusOf(changes: readonly FileChange[], { check }: CodegenOptions): Report["status"] {
  if (changes.length === 0) return "in-sync";
  return check ? "drift" : "written";
}

function outOfDate(paths: readonly string[], reason?: string): CodegenError {
  if (reason === undefined) return schemaOutOfDate({ files: paths });
  const files = paths.filter((path) => !reason.startsWith(path));
  return files.length === 0 ? serverOutOfDate({ reason }) : bothOutOfDate({ reason, files });
}
