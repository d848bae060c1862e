// What commands that grow an app share: what follows from a change of auth.ts, and how it is reported.
// Plans and prints; sequence.ts has the order, and writes nothing itself either.
import { shortPath } from "../disk/project.js";
import { listTodos } from "../grow/code.js";
import { planConvexConfig } from "../scaffold/plan-files.js";
import { realChanges, type Workspace } from "../workspace/stage.js";
import { EMPTY_REPORT, reportDiff, reportFiles, type GrownItem, type Report } from "./report.js";
import { planSchema, type SchemaOutcome } from "./schema.js";
import type { BasePlan, Reported } from "./sequence.js";

/** What a run would do. `schema` is missing while packages have still to be installed. */
export type GrowthPlan = BasePlan & {
  readonly items: readonly GrownItem[];
  readonly schema: SchemaOutcome | undefined;
  readonly notes: readonly string[];
};

/** What follows from auth.ts as it is staged. */
export async function planFollowing(ws: Workspace, prune: boolean): Promise<SchemaOutcome> {
  const schema = await planSchema({ ws, prune });
  if (schema.componentSource !== undefined) await planConvexConfig(ws, schema.componentSource);
  return schema;
}

/** A plan of all that is staged. */
export function growthPlan(
  ws: Workspace,
  plan: Pick<GrowthPlan, "items" | "schema" | "install"> & { readonly notes: readonly string[] },
): GrowthPlan {
  const { schema, install } = plan;
  const changes = realChanges(ws);
  return {
    ...plan,
    files: ws.changes(),
    changes,
    notes: [
      ...install.notes,
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

/** The report of a run. */
export function growthReport({
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
    files: reportFiles(project, plan.files),
    tables: plan.schema?.tables ?? [],
    conflicts: plan.schema?.conflicts ?? [],
    orphaned: plan.schema?.orphaned ?? [],
    notes: plan.notes,
    install: plan.install.commands.map((one) => one.join(" ")),
    diff: reportDiff(project, plan.changes),
  } satisfies Report;
}

/** The same once the files are written, or were there. */
export function finishedGrowth(input: Reported<GrowthPlan> & { command: string }): Report {
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
