// An app on convex-test whose auth tables live in the app or in the component, with triggers declared.
// One function runs work in a context and tells what the database has afterwards.
import { componentsGeneric, defineSchema, defineTable } from "convex/server";
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { v } from "convex/values";
import { convexTest } from "convex-test";
import { getAuthTables } from "better-auth/db";
import { planTables } from "../../codegen/plan/plan-tables.js";
import {
  createAuthRuntime,
  type AuthComponent,
  type AuthCtx,
  type AuthOf,
  type AuthOptions,
} from "../../src/auth/runtime.js";
import { internalReference } from "../../src/auth/references.js";
import { createAuthStore } from "../../src/auth/store-functions.js";
import { createApp, type App } from "../../src/orm/app.js";
import type { AnyRelations } from "../../src/orm/relations.js";
import { defineTriggers } from "../../src/orm/triggers.js";
import type { StoreArgs } from "../../src/store/functions.js";
import { componentFunctions } from "../../src/component/functions.js";
import type { Triggers } from "../../src/triggers/types.js";
import { schemaOf } from "./convex-schema.js";

export type Ctx = GenericMutationCtx<GenericDataModel>;
export type AnyTriggers = Triggers<GenericDataModel>;
export type TriggerContext = "mutation" | "action";
export type Auth = AuthOf<AuthOptions>;
type Runtime = ReturnType<typeof createRuntime>;

export const baseOptions: AuthOptions = {
  baseURL: "https://x.test",
  secret: "test-secret-of-thirty-two-characters!",
  logger: { disabled: true },
  emailAndPassword: { enabled: true },
  user: { deleteUser: { enabled: true } },
};

export type TriggerApp = {
  /** Runs work in a context and returns what it threw, if anything. */
  readonly run: (
    context: TriggerContext,
    work: (auth: Auth, ctx: Ctx) => Promise<unknown>,
  ) => Promise<unknown>;
  readonly adapters: Runtime["adapters"];
  readonly getAuth: (ctx: Ctx) => Auth;
  /** Rows of an auth model, wherever it lives. */
  readonly rows: (model: string) => Promise<Record<string, unknown>[]>;
  /** The lines that triggers wrote, in order. */
  readonly log: () => Promise<string[]>;
  /** How often the definition was called since the last question. */
  readonly definitionCalls: () => number;
};

/** An app with these triggers; `definition` replaces the default export of auth.ts. */
export function triggerApp(input: {
  readonly placement: "app" | "component";
  readonly inline?: AnyTriggers | ((app: () => TriggerApp) => AnyTriggers);
  readonly schema?: AnyTriggers;
  readonly options?: AuthOptions;
  readonly hasDefinition?: boolean;
}): TriggerApp {
  const { placement, schema, options = baseOptions } = input;
  const plan = planTables(getAuthTables(options), { placement, options });
  const triggers = typeof input.inline === "function" ? input.inline(() => app) : input.inline;
  let calls = 0;
  const definition = (_ctx: AuthCtx<GenericDataModel>) => {
    calls++;
    return { ...options, ...(triggers && { triggers }) };
  };
  const appSchema = defineSchema({
    ...schemaOf(plan.app).tables,
    log: defineTable({ line: v.string() }),
  });
  const relations = {};
  if (schema) defineTriggers(relations, schema);
  const runtime = createRuntime({
    definition: input.hasDefinition === false ? undefined : definition,
    tables: plan.tables,
    app: createApp({ schema: () => appSchema, relations: () => relations, tables: plan.tables }),
  });
  const t = convexTest({
    schema: appSchema,
    modules: {
      "./_generated/api.js": async () => ({}),
      "./generated/auth.js": async () => runtime.functions,
      "./generated/store.js": async () => runtime.storeFunctions,
    },
  });
  t.registerComponent("auth", schemaOf(plan.component), {
    "./_generated/api.js": async () => ({}),
    "./store.js": async () => componentFunctions(plan.tables),
  });
  const app: TriggerApp = {
    run: (context, work) => {
      const call = async (ctx: unknown) => {
        // convex-test's contexts are complete; an action's lacks db, which such work does not use.
        await work(runtime.getAuth(ctx as Ctx), ctx as Ctx);
        return null;
      };
      return (context === "mutation" ? t.mutation(call) : t.action(call)).then(
        () => undefined,
        (error: unknown) => error,
      );
    },
    adapters: runtime.adapters,
    getAuth: (ctx) => runtime.getAuth(ctx),
    rows: async (model) => {
      const operations = [{ kind: "findMany", input: { model, where: [] } } as const];
      const rows: unknown[] = [];
      await t.query(async (ctx) => {
        const read = internalReference<"query", StoreArgs, unknown[][]>("generated/store:authRead");
        rows.push(...((await ctx.runQuery(read, { operations }))[0] ?? []));
        return null;
      });
      return rows as Record<string, unknown>[]; // what a store gives
    },
    log: () => t.run(async ({ db }) => (await db.query("log").collect()).map(({ line }) => line)),
    definitionCalls: () => {
      const made = calls;
      calls = 0;
      return made;
    },
  };
  return app;
}

/** A trigger's note, in the transaction of the write. */
export const note = async ({ db }: Ctx, line: string): Promise<void> =>
  void (await db.insert("log", { line }));

/** Triggers that write down every step of a table. */
export function notingTriggers(tables: readonly string[]): AnyTriggers {
  const steps = (table: string) =>
    Object.fromEntries(
      (["create", "update", "delete"] as const).map((operation) => [
        operation,
        {
          before: (_: unknown, ctx: Ctx) => note(ctx, `before ${operation} ${table}`),
          after: (_: unknown, ctx: Ctx) => note(ctx, `after ${operation} ${table}`),
        },
      ]),
    );
  return Object.fromEntries(
    tables.map((table) => [
      table,
      {
        ...steps(table),
        change: (
          write: { operation: string; id: string; oldDoc: object | null; newDoc: object | null },
          ctx: Ctx,
        ) => note(ctx, `change ${write.operation} ${table} ${shape(write)}`),
      },
    ]),
  );
}

// --- internal ---

function createRuntime({
  definition,
  tables,
  app,
}: {
  definition: ((ctx: AuthCtx<GenericDataModel>) => AuthOptions) | undefined;
  tables: ReturnType<typeof planTables>["tables"];
  app: App<GenericDataModel, AnyRelations>;
}) {
  type Definition = (ctx: AuthCtx<GenericDataModel>) => AuthOptions;
  const shared = {
    tables,
    component: (componentsGeneric() as unknown as { auth: AuthComponent }).auth, // mounted below that name
    app: () => app,
  };
  const runtime = createAuthRuntime<GenericDataModel, Definition>({
    ...shared,
    definition: () => definition as Definition, // missing where auth.ts has no default export
  });
  return { ...runtime, storeFunctions: createAuthStore<GenericDataModel>(shared) };
}

function shape(write: { id: string; oldDoc: object | null; newDoc: object | null }): string {
  const at = (doc: object | null) => (doc && "_id" in doc && doc._id === write.id ? "doc" : "null");
  return `${at(write.oldDoc)} > ${at(write.newDoc)}`;
}
