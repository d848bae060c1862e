// What the CLI asks by system queries: variables, functions, tables and their documents.
import { convexToJson, type JSONValue, type Value } from "convex/values";
import type { Instance } from "./components.js";
import { FunctionError } from "./function-error.js";

type Args = { name?: string; table?: string; order?: "asc" | "desc"; paginationOpts?: Paging };
type Paging = { cursor: string | null; numItems: number };

export type System = {
  instance: Instance;
  env: ReadonlyMap<string, string>;
  cloudUrl: string;
};

/** @throws FunctionError for a query that is not known here. */
export function systemQuery(
  path: string,
  { args = {}, system }: { args?: Args | undefined; system: System },
): JSONValue {
  const name = path.replace(/^_system\/cli\//, "").replace(/:default$/, "");
  const { instance, env, cloudUrl } = system;
  const { tables } = instance.database;
  switch (name) {
    case "queryEnvironmentVariables":
      return variables(env);
    case "queryEnvironmentVariables:get":
      return variables(env).find((one) => one.name === args.name) ?? null;
    case "convexUrl:cloudUrl":
      return cloudUrl;
    case "modules:apiSpec":
      return functions(instance);
    case "tables":
      return page([...tables.keys()].filter((table) => !table.startsWith("_")).map(named), args);
    case "tableData": {
      const { entries = [] } = tables.get(args.table ?? "")?.indexes.get("by_creation_time") ?? {};
      const docs = entries.map(({ doc }) => convexToJson(doc as Value)); // a document is a value
      return page(args.order === "asc" ? docs : docs.reverse(), args);
    }
    // `convex dev` only watches whether this changes.
    case "queryTable":
      return null;
    default:
      throw new FunctionError(`${path} is not served by the embedded deployment.`, undefined);
  }
}

// --- internal ---

const named = (name: string) => ({ name });

function variables(env: ReadonlyMap<string, string>) {
  return [...env].sort().map(([name, value]) => ({ name, value }));
}

function functions({ definition }: Instance): JSONValue {
  return Object.entries(definition.analysis).flatMap(([module, { functions: all }]) =>
    all.map(({ name, udfType, visibility, args, returns }) => ({
      identifier: `${module}:${name}`,
      functionType: udfType,
      visibility,
      args: args && (JSON.parse(args) as JSONValue), // the validator, as convex/server exports it
      returns: returns && (JSON.parse(returns) as JSONValue), // as above
    })),
  );
}

/** The cursor is how many came before. */
function page(all: JSONValue[], { paginationOpts }: Args): JSONValue {
  const { cursor = null, numItems = all.length } = paginationOpts ?? {};
  const start = Number(cursor ?? 0);
  const end = Math.min(all.length, start + numItems);
  return {
    page: all.slice(start, end),
    isDone: end >= all.length,
    continueCursor: String(end),
  };
}
