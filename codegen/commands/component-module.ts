// The schema of an app's own auth component: when there is one, how it is merged, and when the packaged
// component takes its place again. Writes nothing.
import { dirname, join } from "node:path";
import { hasLocalComponent, NOTHING_OWNED, ownershipOf, readOwnership } from "../lock/ownership.js";
import type { Lock } from "../lock/lock.js";
import type { Workspace } from "../workspace/stage.js";
import { readTable } from "../merge/read-table.js";
import { wantedTable } from "../merge/wanted.js";
import type { PlannedTable, TablesPlan } from "../plan/types.js";
import { LOCAL_COMPONENT_FILES } from "../print/local-component.js";
import { finalPlace } from "./open-schema.js";
import { planSchemaModule, type SchemaModule, type SchemaModuleInput } from "./schema-module.js";

/** What lives where: in the app's schema, and in a component of the app's own, where it has one. */
export type ComponentStep = {
  readonly plan: TablesPlan;
  readonly component: SchemaModule | undefined;
};

/**
 * Merges the tables of the app's own component, as those of schema.ts: what no plugin asks for any more stays
 * until it is pruned, and as long as anything of it stays, so does the component.
 *
 * @param input.planWith the tables; `true` where the app is to have a component of its own in any case
 * @throws CodegenError as planning and merging do
 */
export async function planComponentModule(
  input: Omit<SchemaModuleInput, "plan" | "base"> & {
    readonly lock: Lock;
    readonly planWith: (ownComponent: boolean) => TablesPlan;
  },
): Promise<ComponentStep> {
  const { ws, lock, planWith } = input;
  const { project } = ws;
  const usual = planWith(false);
  const had = hasLocalComponent(lock);
  const plan = had && usual.placement === "component" ? planWith(true) : usual;
  if (!plan.hasLocalComponent) return { plan, component: undefined };
  const path = join(project.functionsDir, LOCAL_COMPONENT_FILES.schema);
  // Only a component that is needed is written.
  const draft = ws.fork();
  const component = await planSchemaModule({
    ...input,
    ws: { ...draft, project: { ...project, functionsDir: dirname(path) } },
    plan: { ...plan, app: plan.component, component: [] },
    base: had ? ownershipOf(readOwnership(lock), "others") : NOTHING_OWNED,
  });
  const isNeeded = usual.hasLocalComponent || holdsMore(draft, component, plan.component);
  if (!isNeeded) return { plan: usual, component: undefined };
  for (const { path: changed, after } of draft.changes()) ws.stage(changed, after);
  return { plan, component };
}

// --- internal ---

/** True where the schema will have anything besides what is planned. */
function holdsMore(
  ws: Workspace,
  { schema }: SchemaModule,
  planned: readonly PlannedTable[],
): boolean {
  const { place, scope } = finalPlace(ws, schema);
  return [...place.entries].some(([table, { at }]) => {
    const wanted = planned.find((one) => one.table === table);
    const source = readTable(at, scope);
    if (!wanted || !source?.complete) return true;
    const { columns, indexes } = wantedTable(wanted);
    return (
      [...source.fields.keys()].some((name) => !columns.has(name)) ||
      [...source.indexes.keys()].some((name) => !indexes.has(name))
    );
  });
}
