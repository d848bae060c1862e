// Makes auth.ts readable by Better Auth's own CLI (`generate --config convex/auth.ts`), which knows no Convex
// context: asked without one, the definition answers with options whose database prints the schema.
import type { BetterAuthOptions, DBAdapter } from "better-auth";
import type { CreatedSchema, CreateSchemaInput } from "./create-schema.js";

/** The schema, printed by codegen where there is Node. Loaded when it is asked for, so that nothing else pays. */
export async function printSchema(input: CreateSchemaInput): Promise<CreatedSchema> {
  const { createSchema } = await import("#create-schema");
  return createSchema(input);
}

/** The definition, as it was, for whoever calls it with a context. */
export function readableByCli<Definition extends (ctx: never) => object>(
  definition: Definition,
): Definition {
  const readable = (ctx?: Parameters<Definition>[0]) =>
    ctx === undefined ? { options: CLI_OPTIONS } : definition(ctx);
  // With a context, which its type demands, it is the definition.
  return readable as unknown as Definition;
}

// --- internal ---

const CLI_OPTIONS: BetterAuthOptions = {
  // The CLI generates and never queries, so the rest of an adapter is not there.
  database: () => CLI_ADAPTER as DBAdapter,
};

const CLI_ADAPTER: Pick<DBAdapter, "id" | "createSchema" | "transaction"> = {
  id: "kitcn",
  // The tables are those of auth.ts, read by kitcn's own loader.
  createSchema: (_options, file) => printSchema({ file }),
  transaction: (run) => run(CLI_ADAPTER as DBAdapter),
};
