// The five modules that the convex CLI writes into `_generated`, for an app that has never met a deployment.
// Pure text. `convex dev` replaces them with its own.

/** What the texts depend on. */
export type ConvexGeneratedInput = {
  /** Modules with functions, below the functions directory, without extension: `notes`, `generated/auth`. */
  readonly modules: readonly string[];
  readonly hasSchema: boolean;
  /** Components of packages that say their types, by their names in `components`. Default: none. */
  readonly components?: readonly ComponentTypes[];
};

/** A component whose package has its types in `_generated/component.js`. */
export type ComponentTypes = { readonly name: string; readonly package: string };

/** The texts by file name. */
export function printConvexGenerated(input: ConvexGeneratedInput): Record<string, string> {
  return {
    "api.d.ts": printApiTypes(input),
    "api.js": API,
    "dataModel.d.ts": input.hasSchema ? DATA_MODEL : ANY_DATA_MODEL,
    "server.d.ts": SERVER_TYPES,
    "server.js": SERVER,
  };
}

/** True for a text of ours: `convex dev` has not replaced it yet. */
export function isOurConvexGenerated(text: string): boolean {
  return text.includes(MARK);
}

// --- internal ---

const MARK = "Written by kitcn until `npx convex dev` writes its own.";
const HEADER = `/* eslint-disable */
// ${MARK}
`;

function printApiTypes({ modules, components = [] }: ConvexGeneratedInput): string {
  const nameOf = (module: string) => module.replace(/[^A-Za-z0-9$]/g, "_");
  const imports = modules.map((one) => `import type * as ${nameOf(one)} from "../${one}.js";\n`);
  const members = modules.map((one) => `  ${printKey(one)}: typeof ${nameOf(one)};\n`);
  return `${HEADER}${imports.join("")}import type {
  AnyComponents,
  ApiFromModules,
  FilterApi,
  FunctionReference,
} from "convex/server";

declare const fullApi: ApiFromModules<{
${members.join("")}}>;

/** References to the app's public functions. */
export declare const api: FilterApi<
  typeof fullApi,
  FunctionReference<any, "public">
>;

/** References to the app's internal functions. */
export declare const internal: FilterApi<
  typeof fullApi,
  FunctionReference<any, "internal">
>;

/** References to the functions of components. */
export declare const components: ${printComponents(components)};
`;
}

function printComponents(components: readonly ComponentTypes[]): string {
  if (components.length === 0) return "AnyComponents";
  const members = components.map(
    ({ name, package: from }) =>
      `  ${printKey(name)}: import("${from}/_generated/component.js").ComponentApi<${JSON.stringify(name)}>;\n`,
  );
  return `AnyComponents & {\n${members.join("")}}`;
}

/** As formatters print it: in quotes where it needs them. */
function printKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

const API = `${HEADER}import { anyApi, componentsGeneric } from "convex/server";

export const api = anyApi;
export const internal = anyApi;
export const components = componentsGeneric();
`;

const DATA_MODEL = `${HEADER}import type {
  DataModelFromSchemaDefinition,
  DocumentByName,
  SystemTableNames,
  TableNamesInDataModel,
} from "convex/server";
import type { GenericId } from "convex/values";
import type schema from "../schema.js";

/** The app's tables. */
export type DataModel = DataModelFromSchemaDefinition<typeof schema>;

export type TableNames = TableNamesInDataModel<DataModel>;

/** A document of a table. */
export type Doc<TableName extends TableNames> = DocumentByName<
  DataModel,
  TableName
>;

/** An id of a table's document. */
export type Id<TableName extends TableNames | SystemTableNames> =
  GenericId<TableName>;
`;

const ANY_DATA_MODEL = `${HEADER}import type { AnyDataModel } from "convex/server";
import type { GenericId } from "convex/values";

/** The app has no schema. */
export type DataModel = AnyDataModel;

export type TableNames = string;

/** A document of a table. */
export type Doc = any;

/** An id of a table's document. */
export type Id<TableName extends TableNames = TableNames> = GenericId<TableName>;
`;

const SERVER_TYPES = `${HEADER}import type {
  ActionBuilder,
  GenericActionCtx,
  GenericDatabaseReader,
  GenericDatabaseWriter,
  GenericMutationCtx,
  GenericQueryCtx,
  HttpActionBuilder,
  MutationBuilder,
  QueryBuilder,
} from "convex/server";
import type { DataModel } from "./dataModel.js";

export declare const query: QueryBuilder<DataModel, "public">;
export declare const internalQuery: QueryBuilder<DataModel, "internal">;
export declare const mutation: MutationBuilder<DataModel, "public">;
export declare const internalMutation: MutationBuilder<DataModel, "internal">;
export declare const action: ActionBuilder<DataModel, "public">;
export declare const internalAction: ActionBuilder<DataModel, "internal">;
export declare const httpAction: HttpActionBuilder;
export declare const env: Record<string, string | undefined>;

export type QueryCtx = GenericQueryCtx<DataModel>;
export type MutationCtx = GenericMutationCtx<DataModel>;
export type ActionCtx = GenericActionCtx<DataModel>;
export type DatabaseReader = GenericDatabaseReader<DataModel>;
export type DatabaseWriter = GenericDatabaseWriter<DataModel>;
`;

const SERVER = `${HEADER}import {
  actionGeneric,
  httpActionGeneric,
  internalActionGeneric,
  internalMutationGeneric,
  internalQueryGeneric,
  mutationGeneric,
  queryGeneric,
} from "convex/server";

export const query = queryGeneric;
export const internalQuery = internalQueryGeneric;
export const mutation = mutationGeneric;
export const internalMutation = internalMutationGeneric;
export const action = actionGeneric;
export const internalAction = internalActionGeneric;
export const httpAction = httpActionGeneric;
export const env = process.env;
`;
