// Connects the triggers of schema.ts and auth.ts to the stores of a context, wherever the tables live.
// Must not import better-auth.
import {
  createFunctionHandle,
  type GenericDataModel,
  type GenericMutationCtx,
} from "convex/server";
import { KitcnError } from "../errors.js";
import type { AuthTables, ModelPlacement } from "../metadata.js";
import { deriveContext, triggerStateOf } from "../triggers/context.js";
import {
  answerTriggerCall,
  assertCrossable,
  stepsOf,
  type TriggerAnswer,
  type TriggerCall,
  type TriggerRoute,
  type TriggerSteps,
} from "../triggers/crossing.js";
import { triggersOf } from "../triggers/dispatch.js";
import type { WriteHooks } from "../triggers/hooks.js";
import type { Triggers } from "../triggers/types.js";
import { writeHooksOf } from "../triggers/write-hooks.js";
import { isMutationCtx } from "./context.js";
import { AUTH_MODULE, internalReference } from "./references.js";
import type { AuthCtx } from "./types.js";

/** All triggers that a write of Better Auth may fire. */
export type DeclaredTriggers<DataModel extends GenericDataModel> = {
  readonly schema?: Triggers<DataModel> | undefined;
  readonly inline?: Triggers<DataModel> | undefined;
};

/** The hooks of a store over ctx.db; none in a query or an action, which write elsewhere. */
export function appHooks<DataModel extends GenericDataModel>(
  ctx: AuthCtx<DataModel>,
  triggers: DeclaredTriggers<DataModel>,
): WriteHooks | undefined {
  return isMutationCtx(ctx) ? writeHooksOf({ ctx, ...triggers }) : undefined;
}

/** Makes what a write into the component carries; undefined where no trigger waits for any. */
export function componentRoute<DataModel extends GenericDataModel>({
  ctx,
  tables,
  inline,
}: {
  readonly ctx: AuthCtx<DataModel>;
  readonly tables: AuthTables;
  readonly inline: Triggers<DataModel> | undefined;
}): () => Promise<TriggerRoute | undefined> {
  const steps = waitingSteps({ tables, inline, placement: "component" });
  let handle: Promise<string> | undefined;
  return async () => {
    const { isOff, ...state } = triggerStateOf(ctx);
    if (!steps || isOff) return undefined;
    assertCrossable({ isOff, ...state });
    handle ??= createFunctionHandle(
      internalReference<"mutation", TriggerCall, TriggerAnswer>(`${AUTH_MODULE}:authTrigger`),
    );
    return { handle: await handle, steps, ...state };
  };
}

/** True where inline triggers wait for writes of the app's own tables. */
export function concernsApp<DataModel extends GenericDataModel>(
  tables: AuthTables,
  inline: Triggers<DataModel> | undefined,
): boolean {
  return waitingSteps({ tables, inline, placement: "app" }) !== undefined;
}

/** The app's answer to a component: runs one step of the inline triggers, in the transaction of the write. */
export function answerComponent<DataModel extends GenericDataModel>(
  ctx: GenericMutationCtx<DataModel>,
  {
    call,
    triggers,
  }: { readonly call: TriggerCall; readonly triggers: DeclaredTriggers<DataModel> },
): Promise<TriggerAnswer> {
  const { depth, crossings } = call;
  const own = deriveContext(ctx, { depth, crossings: crossings + 1, isOff: false });
  // Schema triggers are for tables of the app: one of the same name is another table.
  return answerTriggerCall(writeHooksOf({ ctx: own, inline: triggers.inline }), call);
}

/** @throws KitcnError `UNKNOWN_TRIGGER_TABLE` for inline triggers that could never fire */
export function assertTriggerTables(tables: AuthTables, inline: object | undefined): void {
  const known = Object.entries(tables).flatMap(([model, { table }]) => [model, table]);
  const unknown = Object.keys(inline ?? {}).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new KitcnError({
    code: "UNKNOWN_TRIGGER_TABLE",
    message: `The triggers of auth.ts name "${unknown}", which is no table of Better Auth here.`,
    hint: `Triggers of defineAuth run for ${Object.keys(tables).join(", ")}; those of other tables belong into schema.ts. After adding a plugin run \`npx kitcn add auth --schema\`.`,
  });
}

// --- internal ---

function waitingSteps({
  tables,
  inline,
  placement,
}: {
  readonly tables: AuthTables;
  readonly inline: object | undefined;
  readonly placement: ModelPlacement;
}): Record<string, TriggerSteps> | undefined {
  if (!inline) return undefined;
  const waiting = Object.entries(tables).flatMap(([model, { table, placement: at }]) => {
    const steps = at === placement ? stepsOf(triggersOf(inline, { model, table })) : undefined;
    return steps ? [[model, steps] as const] : [];
  });
  return waiting.length > 0 ? Object.fromEntries(waiting) : undefined;
}
