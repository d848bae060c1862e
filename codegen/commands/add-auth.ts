// `kitcn add auth`: what it plans and reports, and the live bootstrap at its end. sequence.ts has the order.
// Decides nothing about texts; writes nothing.
import { join } from "node:path";
import { homeOf } from "../disk/project.js";
import { mapLine } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { editsOf, planInstall, type InstallPlan } from "./install.js";
import { EMPTY_REPORT, reportDiff, reportFiles, type Report, type Status } from "./report.js";
import { planConvexGenerated } from "../scaffold/convex-generated.js";
import { assertOneFunctionsDir } from "../scaffold/functions-dir.js";
import { planAuthCors, planConvexConfig, planFiles } from "../scaffold/plan-files.js";
import { refreshProcedures } from "../scaffold/refresh-procedures.js";
import { assertPlainConvex } from "../scaffold/auth-schema.js";
import { frontsOf, packagesOf } from "../shell/fronts.js";
import { planClients, type ClientNotes } from "../shell/plan-client.js";
import { providersBefore } from "../sign-in/convex-auth/providers.js";
import { replacedPackages, refuseSignIn, surveyApp, type SignIn } from "../sign-in/survey.js";
import { unusedPackages } from "../sign-in/vendors/notes.js";
import { checkWiring } from "../doctor/check-wiring.js";
import type { Finding } from "../doctor/types.js";
import { printCommand } from "../packages/overrides.js";
import { uninstallCommands } from "../packages/package-manager.js";
import type { Placement, Preset, Project } from "../types.js";
import type { Ui } from "../terminal/ui.js";
import { runUninstall } from "../uninstall.js";
import type { Workspace } from "../workspace/stage.js";
import { bootstrap } from "../env/bootstrap.js";
import { planSchema, type SchemaOutcome } from "./schema.js";
import { planClientMails, planServerLinks, withMailPackages } from "./auth-links.js";
import { lackedForPages, pageContent, uiPage, unreadNotes } from "./auth-page.js";
import { withUi } from "./ui-install.js";
import { NOTHING_TO_INSTALL, runSequence, type BasePlan } from "./sequence.js";

export type AddAuthOptions = {
  readonly cwd: string;
  /** Only the schema blocks, their lock and the generated modules. */
  readonly schema: boolean;
  readonly yes: boolean;
  readonly check: boolean;
  readonly dryRun: boolean;
  readonly overwrite: boolean;
  readonly prune: boolean;
  readonly placement?: Placement | undefined;
  readonly install: boolean;
  /** Whether to give the app a page at /auth. */
  readonly page: boolean;
  /** Whether the page shows the views of Better Auth UI. Undefined: where it shows them already. */
  readonly betterAuthUi?: boolean | undefined;
  /** Whether to give the app procedures, in lib/crpc.ts. */
  readonly crpc: boolean;
  /** Whether to put kitcn in the place of the library that signs users in. Not with `schema`. */
  readonly replace?: boolean;
  /** `convex`: the server half alone, with the tables in authSchema.ts. Not with `schema`. */
  readonly preset?: Preset | undefined;
};

/**
 * Adds auth to an app, or refreshes its schema.
 *
 * @throws CodegenError; nothing was written then. What fails after the write is in the report.
 */
export function addAuth(options: AddAuthOptions, ui: Ui): Promise<Report> {
  let signIn: readonly SignIn[] = [];
  let replaces: readonly string[] = [];
  let left: Leftovers = NOTHING_LEFT;
  return runSequence(
    {
      options,
      prepare: async (disk) => {
        if (!options.schema) assertOneFunctionsDir(disk.project);
        if (options.preset) await assertPlainConvex(disk);
      },
      open: async (disk) => {
        const room = await makeRoom(disk, options);
        ({ signIn, replaces, left } = room);
        return room.ws;
      },
      planInstall: async (ws, { isAgain }) => {
        if (options.schema) return NOTHING_TO_INSTALL;
        // What goes is gone when packages were installed.
        const front = options.preset !== "convex";
        const pages = lackedForPages(ws, { asked: options });
        const wants = { crpc: options.crpc, front, pages, ...(!isAgain && { replaces }) };
        const install = await planInstall(ws, wants);
        const whole = options.replace ? await withMailPackages(ws, install) : install;
        return front && options.page ? withUi(ws, whole, options.betterAuthUi) : whole;
      },
      plan: (ws, install) => plan({ ws, options, install, signIn, left }),
      report: (input) => reportOf({ ...input, options }),
      finish: (input) => finish({ ...input, options, ui }),
    },
    ui,
  );
}

// --- internal ---

/** Everything a run would do. `schema` is missing while better-auth has still to be installed. */
type Plan = BasePlan & {
  readonly schema: SchemaOutcome | undefined;
  readonly notes: readonly string[];
  readonly due: readonly string[];
  readonly signIn: readonly SignIn[];
  /** Places of a service that its author changes. */
  readonly left: readonly SignIn[];
  /** Errors of `kitcn doctor` about the files as the run leaves them. */
  readonly findings: readonly Finding[];
};

/** The workspace to plan in, and what else signs users in. */
type Room = {
  readonly ws: Workspace;
  readonly signIn: readonly SignIn[];
  /** Packages that go. */
  readonly replaces: readonly string[];
  readonly left: Leftovers;
};

/** What a service leaves behind in an app that it is taken out of. */
type Leftovers = { readonly places: readonly SignIn[]; readonly notes: readonly string[] };

const NOTHING_LEFT: Leftovers = { places: [], notes: [] };

/**
 * Looks for what signs users in today, and with `replace` puts kitcn in its place.
 *
 * @throws CodegenError `SIGN_IN_TAKEN`, with everything that was found and what it takes to go on
 */
async function makeRoom(ws: Workspace, options: AddAuthOptions): Promise<Room> {
  if (options.schema) return { ws, signIn: [], replaces: [], left: NOTHING_LEFT };
  const replaces = options.replace === true;
  const survey = await surveyApp(ws, {
    hasPage: options.page,
    replaces,
    hasTables: options.placement !== "component",
  });
  const { found: signIn, yours: places, notes } = survey;
  if (!survey.isTaken) return { ws, signIn, replaces: [], left: NOTHING_LEFT };
  if (replaces && survey.left.length === 0) {
    const packages = replacedPackages(survey);
    return { ws: survey.moved, signIn, replaces: packages, left: { places, notes } };
  }
  throw refuseSignIn(ws, survey, await refusalsIn(survey.moved, options));
}

/** What is refused after the edits that make room: said with them, not in the next run. */
async function refusalsIn(moved: Workspace, options: AddAuthOptions): Promise<CodegenError[]> {
  const refusals: CodegenError[] = [];
  const fork = moved.fork();
  for (const step of [
    () => planFiles(fork, { crpc: options.crpc }),
    () => planFrontEnd(fork, { options, schema: undefined }),
  ])
    try {
      await step();
    } catch (error) {
      if (!(error instanceof CodegenError)) throw error;
      refusals.push(error);
    }
  return refusals;
}

async function plan({
  ws,
  options,
  install,
  signIn,
  left,
}: {
  ws: Workspace;
  options: AddAuthOptions;
  install: InstallPlan;
  signIn: readonly SignIn[];
  left: Leftovers;
}): Promise<Plan> {
  const app = options.schema ? [] : await planFiles(ws, { crpc: options.crpc });
  const isComplete = install.packages.length === 0;
  const before = options.replace && !options.schema ? providersBefore(ws) : undefined;
  const links = before?.links;
  const mail = links ? await planServerLinks(ws, { links, isComplete }) : [];
  const schema = isComplete ? await planFor(ws, options) : undefined;
  if (schema && !options.schema) {
    await planAuthCors(ws, schema.basePath);
    app.push(...(await refreshProcedures(ws, schema)));
  }
  const usesComponent = schema?.usesComponent ?? wantsComponent(options);
  // The schema alone changes convex.config.ts only where the component becomes another one.
  const isMounting = usesComponent && (!options.schema || schema?.componentSource !== undefined);
  if (isMounting) await planConvexConfig(ws, schema?.componentSource);
  const { notes: client, due } = await planFrontEnd(ws, { options, schema });
  if (before && options.preset !== "convex")
    client.push(...(await planClientMails(ws, before, schema)));
  // A checkout without `_generated` is not out of date.
  if (!options.schema && !options.check) planConvexGenerated(ws);
  const findings = options.schema || !schema ? [] : await checkWiring(ws, schema);
  const files = ws.changes();
  const changes = files.filter(({ before, after, isRemoved }) => isRemoved ?? before !== after);
  const commands = options.install ? install.commands : [];
  const packages = options.replace && !options.schema ? packagesOf(ws) : [];
  const removals = await uninstallCommands(
    packages.map((one) => ({ project: one.project, names: unusedPackages(one) })),
  );
  return {
    files,
    changes,
    schema,
    install: { ...install, commands },
    removals: options.install ? removals : [],
    notes: [
      ...left.notes,
      ...(options.install
        ? []
        : removals.map(
            (one) => `No file imports this package any more. Uninstall it: ${printCommand(one)}`,
          )),
      ...install.notes,
      ...app,
      ...client,
      ...mail,
      ...(schema?.notes ?? []),
      ...(schema ? [] : ["kitcn plans the auth tables after better-auth is installed."]),
    ],
    due,
    signIn,
    left: left.places.map((place) => (options.dryRun ? place : asWritten(ws, place))),
    findings,
    isInSync:
      changes.length === 0 && commands.length === 0 && (!options.install || removals.length === 0),
  };
}

/** A place with its line in the file as the run leaves it. */
function asWritten(ws: Workspace, place: SignIn): SignIn {
  const path = join(homeOf(ws.project), place.file);
  const [from, to] = [ws.onDisk(path), ws.read(path)];
  if (from === undefined || to === undefined) return place;
  return { ...place, line: mapLine({ from, to, line: place.line }).line };
}

/** Until the tables are known, what the flags say. */
function wantsComponent({ placement, preset }: AddAuthOptions): boolean {
  return placement === undefined ? preset !== "convex" : placement !== "app";
}

async function planFrontEnd(
  ws: Workspace,
  input: { options: AddAuthOptions; schema: SchemaOutcome | undefined },
): Promise<ClientNotes> {
  const { options, schema } = input;
  if (options.schema) return { notes: [], due: [] };
  if (options.preset !== "convex") {
    const { notes, due } = await planClients(ws, {
      page: options.page ? (front) => pageContent(front, schema) : undefined,
      ui: (front) => uiPage(front, { schema, asked: options.betterAuthUi }),
    });
    return { notes: options.page ? [...notes, ...unreadNotes(ws, schema)] : notes, due };
  }
  const notes = [
    "--preset convex adds nothing to the front end. node_modules/kitcn/docs/manual.md shows what to write there.",
  ];
  return { notes: frontsOf(ws).some(({ shell }) => shell.kind !== "none") ? notes : [], due: [] };
}

function planFor(ws: Workspace, options: AddAuthOptions) {
  const { overwrite, prune, placement, preset } = options;
  // A refresh of the schema keeps relations.ts where there is one; it does not bring it. Nor does a preset.
  const more = options.schema || preset ? {} : { relations: true };
  return planSchema({ ws, overwrite, prune, preset, ...(placement && { placement }), ...more });
}

async function finish({
  options,
  project,
  plan: done,
  ui,
  status,
}: {
  options: AddAuthOptions;
  project: Project;
  plan: Plan;
  ui: Ui;
  status: Status;
}): Promise<Report> {
  const isWhole = done.findings.length === 0 && done.left.length === 0;
  const ended = isWhole ? status : "failed";
  const report = { ...reportOf({ options, project, plan: done, status: ended }), diff: "" };
  if (options.schema)
    return status === "written"
      ? { ...report, next: ["npx convex dev    # push the schema"] }
      : report;
  const failure = await uninstall(project, done.removals ?? [], ui);
  try {
    const live = await bootstrap({ project, hasChanges: done.changes.length > 0, ui });
    const whole = { ...report, deployment: live.report, next: live.next };
    return failure ? { ...whole, status: "failed", failure } : whole;
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    return { ...report, status: "failed", failure: error, next: ["npx kitcn env push"] };
  } finally {
    ui.done();
  }
}

/** Last of all: an app whose files are written needs the package no more, and one that keeps it works, too. */
async function uninstall(
  project: Project,
  commands: InstallPlan["commands"],
  ui: Ui,
): Promise<CodegenError | undefined> {
  if (commands.length === 0) return undefined;
  ui.progress("uninstalling packages");
  try {
    await runUninstall(project, commands);
    return undefined;
  } catch (error) {
    if (error instanceof CodegenError) return error;
    throw error;
  }
}

function reportOf({
  options,
  project,
  plan: done,
  status,
}: {
  options: AddAuthOptions;
  project: Project;
  plan: Plan;
  status: Status;
}): Report {
  return {
    ...EMPTY_REPORT,
    command: ["add auth", options.schema && "--schema", options.preset && "--preset convex"]
      .filter(Boolean)
      .join(" "),
    status,
    files: reportFiles(project, [...editsOf(done.install), ...done.files]),
    tables: done.schema?.tables ?? [],
    conflicts: done.schema?.conflicts ?? [],
    orphaned: done.schema?.orphaned ?? [],
    notes: done.notes,
    due: [...done.due, ...(done.schema?.due ?? [])],
    signIn: done.signIn,
    left: done.left,
    findings: done.findings,
    install: [...done.install.commands, ...(done.removals ?? [])].map(printCommand),
    diff: reportDiff(project, [...editsOf(done.install), ...done.changes]),
  };
}
