// Components as a push describes them, and the tree of instances they become.
// Must not evaluate code: that is evaluate.ts, in a thread.
import { createDatabase, type Database } from "./database.js";
import type { ModuleSource } from "./isolate.js";
import type { Schema } from "./schema.js";

export type FunctionType = "Query" | "Mutation" | "Action";

export type AnalyzedFunction = {
  name: string;
  pos: null;
  udfType: FunctionType;
  visibility: { kind: "public" | "internal" };
  args: string | null;
  returns: string | null;
};

export type Analysis = Record<
  string,
  { functions: AnalyzedFunction[]; httpRoutes: unknown; cronSpecs: null; sourceMapped: null }
>;

type ChildInstantiation = { name: string; path: string; env?: [string, EnvBinding][] | null };
type EnvBinding = { type: "value"; value: string } | { type: "envVar"; name: string };
export type DefinitionExport = {
  definitionType: { type: "app" } | { type: "childComponent"; name: string };
  childComponents: ChildInstantiation[];
  /** References to children, by where they are mounted: with a slash at both ends. */
  httpMounts: Record<string, string>;
  /** Of the app: where the routes of its http.ts begin. */
  httpPrefix?: string;
  exports: unknown;
  envVars?: [string, unknown][];
};

export type Definition = {
  path: string;
  exported: DefinitionExport;
  schema: Schema | null;
  modules: Map<string, ModuleSource>;
  /** The same modules as they were pushed, with their source maps. */
  pushed?: ReadonlyMap<string, PushedModule>;
  analysis: Analysis;
};

export type Instance = {
  /** "" for the app, "auth", "auth/child". */
  path: string;
  definition: Definition;
  database: Database;
  env: Map<string, string>;
  children: Map<string, Instance>;
};

export type PushedModule = ModuleSource & { sourceMap?: string };
export type PushedApp = {
  definition: PushedModule | null;
  dependencies: string[];
  schema: PushedModule | null;
  changedModules: PushedModule[];
  unchangedModuleHashes: { path: string; environment: string; sha256: string }[];
  udfServerVersion: string;
};
export type PushedComponent = {
  definitionPath: string;
  definition: PushedModule;
  dependencies: string[];
  schema: PushedModule | null;
  functions: PushedModule[];
  udfServerVersion: string;
};

/** The tree of instances below a definition. `reuse` gives the database of a path that was there before. */
export function createInstance(
  {
    path,
    definitionPath,
    env,
    siteUrl = env.get(SITE_URL) ?? "",
    mountedAt = "",
  }: {
    path: string;
    definitionPath: string;
    env: Map<string, string>;
    /** Of the deployment. */
    siteUrl?: string;
    /** Where its HTTP actions are, if they are served: a path without a slash at its end. */
    mountedAt?: string;
  },
  definitions: ReadonlyMap<string, Definition>,
  reuse: (path: string) => Database | undefined,
): Instance {
  const definition = definitions.get(definitionPath)!;
  const children = definition.exported.childComponents.map((child): [string, Instance] => {
    const childPath = path ? `${path}/${child.name}` : child.name;
    const bindings = (child.env ?? []).flatMap(([name, binding]): [string, string][] => {
      if (binding.type === "value") return [[name, binding.value]];
      const value = env.get(binding.name);
      return value === undefined ? [] : [[name, value]];
    });
    const mounts = Object.entries(definition.exported.httpMounts);
    const [own] = mounts.find(([, to]) => to === `_reference/childComponent/${child.name}`) ?? [];
    const mount = own === undefined ? "" : `${mountedAt}${own.replace(/\/$/, "")}`;
    const childEnv = new Map([
      ["CONVEX_CLOUD_URL", env.get("CONVEX_CLOUD_URL") ?? ""],
      [SITE_URL, siteUrl + mount],
      ...bindings,
    ]);
    return [
      child.name,
      createInstance(
        { path: childPath, definitionPath: child.path, env: childEnv, siteUrl, mountedAt: mount },
        definitions,
        reuse,
      ),
    ];
  });
  return {
    path,
    definition,
    database: reuse(path) ?? createDatabase(path),
    env,
    children: new Map(children),
  };
}

// --- internal ---

const SITE_URL = "CONVEX_SITE_URL";
