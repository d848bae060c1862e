// `kitcn import`: sequences a survey of the source, the app's tables for it, the batches, and the check at the end.
// Decides nothing about rows; prints no value of any.
import { join } from "node:path";
import { writeChanges } from "../disk/changes.js";
import { openConvexCli } from "../env/convex-cli.js";
import { findDeployment, type Deployment } from "../env/deployment.js";
import { planTarget } from "../env/target.js";
import { importNeedsYes, importNotVerified } from "../errors/import.js";
import { cursorFile } from "../import/cursor.js";
import { openSourceFiles } from "../import/read/files.js";
import { installImport, planImportSchema } from "./import-prepare.js";
import { importCommand, originArgs, originKey } from "../import/origin.js";
import { additionalFields, knownNames } from "../import/known-names.js";
import { createProgress } from "../import/progress.js";
import { namedRows, plannedReport, type ImportReport } from "../import/report.js";
import { assertSameRows } from "../import/same-rows.js";
import { sendSource } from "../import/send.js";
import { notesOf, stepsOf } from "../import/sources/index.js";
import { surveySource, type Survey } from "../import/survey.js";
import { openTransport, type Transport } from "../import/transport.js";
import type { ImportStep, SourceName, SourceOptions } from "../import/types.js";
import type { FitInput } from "../import/fit.js";
import { verifyImport } from "../import/verify.js";
import { loadApp } from "../monorepo/load-app.js";
import { assertNode } from "../packages/node-engine.js";
import { homeOf, shortPath } from "../disk/project.js";
import { withRepository } from "./report-packages.js";
import { EMPTY_REPORT, reportFiles, type Report } from "./report.js";
import type { ConvexCli } from "../env/convex-cli.js";
import { readTextFile } from "../disk/read-text.js";
import type { Project } from "../types.js";
import type { Ui } from "../terminal/ui.js";

export type ImportOptions = {
  readonly cwd: string;
  readonly source: SourceName;
  /** Of the system that the export is of. Default: the source's. */
  readonly name?: string | undefined;
  readonly paths: readonly string[];
  readonly prod: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** An existing user with the same address, verified on both sides, is that user. */
  readonly linkExisting: boolean;
  readonly placeholderDomain?: string | undefined;
  /** By `model.field`. */
  readonly defaults: ReadonlyMap<string, string>;
  readonly mapping: SourceOptions;
};

/** Where an import goes. */
export type Target = {
  readonly project: Project;
  readonly deployment: Deployment;
  readonly isProduction: boolean;
  readonly cli: ConvexCli;
  readonly transport: Transport;
};

/**
 * Imports a source.
 *
 * @throws CodegenError of reading, of the app's schema and of the deployment. What was imported stays: the same
 *   command goes on from there.
 */
export async function runImport(options: ImportOptions, ui: Ui): Promise<Report> {
  const project = await loadApp(options.cwd);
  return withRepository(project, () => importInto(project, options, ui));
}

/**
 * The deployment that a command of the import is for.
 *
 * @throws CodegenError `CONVEX_NOT_INSTALLED`, `NODE_TOO_OLD`, and those of planTarget
 */
export function openTarget(project: Project, { prod }: { readonly prod: boolean }): Target {
  assertNode(project);
  const deployment = findDeployment(project);
  const { kind, flags } = planTarget({ prod }, deployment, process.env);
  const cli = openConvexCli(project, flags);
  // --prod names another deployment than the one on this machine.
  const reached = prod && deployment.kind === "local" ? ({ kind: "none" } as const) : deployment;
  const transport = openTransport({ project, deployment: reached, cli });
  return { project, deployment, isProduction: kind === "production", cli, transport };
}

// --- internal ---

const PARTLY = {
  message: "What was imported stays.",
  hint: "Run the command again: it goes on from there.",
};

async function importInto(project: Project, options: ImportOptions, ui: Ui): Promise<Report> {
  const { source, paths, dryRun } = options;
  const key = originKey(options);
  ui.progress("reading the app");
  const schema = await planImportSchema(project);
  ui.done();
  const opened = await openSourceFiles(paths, process.cwd());
  try {
    const { tables } = schema.plan;
    const steps = stepsOf(source, {
      files: opened.files,
      options: { ...options.mapping, additional: additionalFields(schema.options) },
      tables,
      source: schema.source,
    });
    const { defaults, placeholderDomain } = options;
    const fit: FitInput = { tables, source: schema.source, defaults, placeholderDomain };
    const reading = createProgress(ui, "reading the source, records");
    const known = knownNames(schema.options);
    const survey = await surveySource(steps, { ...fit, onRecord: reading, known });
    const planned = plannedReport(key, survey);
    const base = {
      ...EMPTY_REPORT,
      command: `import ${originArgs(key)}`,
      notes: notesOf(source),
      files: reportFiles(project, schema.changes),
    };
    if (survey.records === 0)
      return { ...base, files: [], status: "in-sync", imported: { ...planned, dryRun } };
    if (dryRun) return { ...base, status: "planned", imported: planned };
    const target = openTarget(project, options);
    if (!(await mayImport(target, { options, survey, ui }))) return { ...base, status: "declined" };
    await installImport({ ...target, changes: schema.changes, source: key, ui });
    ui.ifInterrupted(PARTLY);
    const file = cursorFile({ ...options, fingerprint: opened.fingerprint, steps, tables });
    const done = await importAll({ ...target, steps, fit, survey, options, file, ui });
    return finish({ project, base, planned, done, survey, options });
  } finally {
    opened.close();
  }
}

type Done = Awaited<ReturnType<typeof importAll>>;

async function importAll(
  input: Target & {
    readonly steps: readonly ImportStep[];
    readonly fit: FitInput;
    readonly survey: Survey;
    readonly options: ImportOptions;
    readonly file: string;
    readonly ui: Ui;
  },
) {
  const { steps, fit, survey, options, transport, file, ui } = input;
  const { linkExisting: link } = options;
  const source = originKey(options);
  const sending = createProgress(ui, "importing, records");
  const { records } = survey;
  const before = (await transport.call("importState", { source })) as {
    file: string;
    isDone: boolean;
  } | null; // of generated/import.ts
  const wasDone = before?.file === file && before.isDone;
  const isOther = before !== null && before.file !== file;
  // Lines of a CSV may count from 1 in every system. Other sources have ids that no two systems share.
  if (isOther && source === "csv" && options.name === undefined) {
    ui.progress("comparing with what was imported before");
    await assertSameRows({ steps, fit, transport, source });
    ui.done();
  }
  const sendAndVerify = async (restart: boolean) => {
    const state = await sendSource({
      ...{ steps, fit, transport, source, file, records, link, restart },
      onState: ({ position }) => sending(position, records),
    });
    ui.progress("counting what was imported");
    const verified = await verifyImport({ transport, source, survey, state });
    ui.done();
    return { state, verified, wasDone: wasDone && !restart };
  };
  const done = await sendAndVerify(false);
  // An earlier run came to this, and said to run the command again.
  return wasDone && done.verified.problems.length > 0 ? sendAndVerify(true) : done;
}

function finish({
  project,
  base,
  planned,
  done,
  survey,
  options,
}: {
  readonly project: Project;
  readonly base: Omit<Report, "status">;
  readonly planned: ImportReport & { kind: "import" };
  readonly done: Done;
  readonly survey: Survey;
  readonly options: ImportOptions;
}): Report {
  const { prod, name } = options;
  const { state, verified, wasDone } = done;
  const dropped = Object.fromEntries(
    Object.entries(state.counts)
      .filter(([, counts]) => Object.keys(counts.dropped).length > 0)
      .map(([model, counts]) => [model, counts.dropped]),
  );
  const imported: ImportReport = {
    ...planned,
    dryRun: false,
    counts: state.counts,
    dropped,
    droppedRows: namedRows([...state.dropped, ...survey.droppedRows]),
    verified,
  };
  const path = join(project.root, `kitcn-import-${planned.source.replace(":", "-")}.json`);
  const before = readTextFile(path);
  const after = `${JSON.stringify(imported, null, 2)}\n`;
  writeChanges([{ path, before, after }], { root: homeOf(project) });
  const failure =
    verified.problems.length > 0 ? importNotVerified({ problems: verified.problems }) : undefined;
  return {
    ...base,
    status: failure ? "failed" : wasDone ? "in-sync" : "written",
    imported,
    failure,
    next: [
      `less ${shortPath(project, path)}    # the report: counts, and the old ids of what was dropped`,
      `${importCommand({ source: name && planned.source, prod }, "--rewrite <table.field>")}    # point your own documents at the new ids`,
    ],
  };
}

async function mayImport(
  { isProduction }: Target,
  { options, survey, ui }: { options: ImportOptions; survey: Survey; ui: Ui },
): Promise<boolean> {
  if (options.yes) return true;
  const where = isProduction ? "production" : "your development deployment";
  const users = survey.rows.user ?? 0;
  if (ui.isInteractive)
    return ui.confirm(`Import ${users} users from ${options.source} into ${where}?`);
  throw importNeedsYes();
}
