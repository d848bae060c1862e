// What commands that grow an app share: what follows from a change of auth.ts, and how it is reported.
// Plans and prints; sequence.ts has the order, and writes nothing itself either.
import { shortPath } from "../disk/project.js";
import { listTodos } from "../grow/code.js";
import { printCommand } from "../packages/overrides.js";
import type { Prune } from "../merge/types.js";
import { planConvexConfig } from "../scaffold/plan-files.js";
import type { Ui } from "../terminal/ui.js";
import { realChanges, type Workspace } from "../workspace/stage.js";
import { editsOf } from "./install.js";
import { EMPTY_REPORT, reportDiff, reportFiles, type GrownItem, type Report } from "./report.js";
import { planSchema, type SchemaOutcome } from "./schema.js";
import {
  NOTHING_TO_INSTALL,
  runSequence,
  type BasePlan,
  type Reported,
  type SequenceOptions,
  type Steps,
} from "./sequence.js";

/** What a run would do. `schema` is missing while packages have still to be installed. */
export type GrowthPlan = BasePlan & {
  readonly items: readonly GrownItem[];
  readonly schema: SchemaOutcome | undefined;
  readonly notes: readonly string[];
  /** What a run with nothing to write says, too. */
  readonly due?: readonly string[];
};

/**
 * Runs a command that grows an app, in the order of sequence.ts.
 *
 * @param input.command as its report names it
 * @param input.planInstall default: nothing is installed
 * @param input.plan is given the commands that may run: none without `options.install`
 */
export function runGrowth(
  options: Omit<SequenceOptions, "check">,
  input: {
    readonly command: string;
    readonly ui: Ui;
    readonly planInstall?: Steps<GrowthPlan>["planInstall"];
    readonly plan: Steps<GrowthPlan>["plan"];
  },
): Promise<Report> {
  const { command, ui, plan } = input;
  const { planInstall = () => Promise.resolve(NOTHING_TO_INSTALL) } = input;
  return runSequence(
    {
      options: { ...options, check: false },
      planInstall,
      plan: (ws, install) => plan(ws, options.install ? install : { ...install, commands: [] }),
      report: (reported) => growthReport({ ...reported, command }),
      finish: (reported) => Promise.resolve(finishedGrowth({ ...reported, command })),
    },
    ui,
  );
}

/** What follows from auth.ts as it is staged. */
export async function planFollowing(ws: Workspace, prune: Prune): Promise<SchemaOutcome> {
  const schema = await planSchema({ ws, prune });
  if (schema.componentSource !== undefined) await planConvexConfig(ws, schema.componentSource);
  return schema;
}

/** A plan of all that is staged. */
export function growthPlan(
  ws: Workspace,
  plan: Pick<GrowthPlan, "items" | "schema" | "install" | "notes" | "due">,
): GrowthPlan {
  const { schema, install } = plan;
  const changes = realChanges(ws);
  return {
    ...plan,
    files: ws.changes(),
    changes,
    notes: [
      ...install.notes,
      ...(plan.due ?? []),
      ...plan.notes,
      ...(schema
        ? schema.notes
        : ["kitcn plans the auth tables after the packages are installed."]),
    ],
    isInSync: changes.length === 0 && install.commands.length === 0,
  };
}

/** What modules leave to their author, with file and line. */
export function todoNotes(ws: Workspace, paths: readonly string[]): string[] {
  return [...new Set(paths)].flatMap((path) =>
    listTodos(ws.read(path) ?? "").map(
      ({ line, todo }) => `${shortPath(ws.project, path)}:${line} is left to you: ${todo}`,
    ),
  );
}

/** A sentence about variables that what was removed has read; none where there are none. */
export function leftVariables(names: readonly string[]): string[] {
  return names.length > 0
    ? [`If nothing else reads these variables, remove them: ${names.join(", ")}.`]
    : [];
}

// --- internal ---

/** The report of a run. */
function growthReport({
  project,
  plan,
  status,
  command,
}: Reported<GrowthPlan> & { command: string }) {
  return {
    ...EMPTY_REPORT,
    command,
    status,
    items: plan.items,
    files: reportFiles(project, [...editsOf(plan.install), ...plan.files]),
    tables: plan.schema?.tables ?? [],
    conflicts: plan.schema?.conflicts ?? [],
    orphaned: plan.schema?.orphaned ?? [],
    notes: plan.notes,
    due: [...(plan.due ?? []), ...(plan.schema?.due ?? [])],
    install: plan.install.commands.map(printCommand),
    diff: reportDiff(project, [...editsOf(plan.install), ...plan.changes]),
  } satisfies Report;
}

/** The same once the files are written, or were there. */
function finishedGrowth(input: Reported<GrowthPlan> & { command: string }): Report {
  const hasVariables = input.plan.items.some(({ variables }) => variables.length > 0);
  const next =
    input.status === "written"
      ? [
          "npx convex dev    # push it",
          ...(hasVariables ? ["npx kitcn env push    # once convex/.env has the values"] : []),
        ]
      : [];
  return { ...growthReport(input), diff: "", next };
}
