// Prints generated/server.ts of an app: function builders whose ctx has the ORM and fires triggers. Pure text.
// The text is a template; every choice about it is made by its caller.
import { GENERATED_HEADER } from "./tables-module.js";

/** What the template needs to know. */
export type GeneratedServerInput = {
  /** Ends every relative import: "" or ".js" (moduleResolution node16/nodenext). */
  readonly extension: "" | ".js";
  /** Where the app's relations are, if it has any. */
  readonly relations: RelationsModule | undefined;
};

/** A module below the functions directory, without its ending, and the export of it. */
export type RelationsModule = { readonly module: string; readonly name: "default" | "relations" };

/** The text of generated/server.ts. */
export function printGeneratedServer({ extension, relations }: GeneratedServerInput): string {
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  // The empty import: TypeScript loads no module for an augmentation alone, and the app may have no relations.
  return `${GENERATED_HEADER}
import type {} from "kitcn/orm";
import {
  type ActionCtxOf,
  type App,
  type Builders,
  createServer,
  type MutationCtxOf,
  type QueryCtxOf,
} from "kitcn/server/runtime";
import type { DataModel } from ${from("../_generated/dataModel")};
${relations ? importRelations(relations, from) : ""}import schema from ${from("../schema")};
import { tables } from ${from("./auth.tables")};
${relations ? "" : "\nconst relations = {};\n"}
declare module "kitcn/orm" {
  interface Register {
    dataModel: DataModel;
    tables: typeof tables;
  }
}

const server = createServer<DataModel, typeof relations>({
  schema: () => schema,
  relations: () => relations,
  tables,
});

/** What generated/auth.ts shares: Better Auth's writes fire the triggers of schema.ts, too. */
export const app: App<DataModel, typeof relations> = server.app;

// Convex's builders. ctx has \`orm\`; a mutation's ctx.db fires the triggers of schema.ts.
export const {
  query,
  mutation,
  action,
  internalQuery,
  internalMutation,
  internalAction,
}: Builders<DataModel, typeof relations> = server.builders;

export type QueryCtx = QueryCtxOf<DataModel, typeof relations>;
export type MutationCtx = MutationCtxOf<DataModel, typeof relations>;
export type ActionCtx = ActionCtxOf<DataModel>;
`;
}

// --- internal ---

function importRelations(
  { module, name }: RelationsModule,
  from: (path: string) => string,
): string {
  const what = name === "default" ? "relations" : "{ relations }";
  return `import ${what} from ${from(`../${module}`)};\n`;
}
