// Evaluates what was pushed, in a thread: convex.config, schema and function modules.
// Must not run functions: it only imports them.
import type {
  AnalyzedFunction,
  Analysis,
  Definition,
  DefinitionExport,
  PushedApp,
  PushedComponent,
  PushedModule,
} from "./components.js";
import {
  createRealm,
  type FunctionKind,
  type ModuleSource,
  type Realm,
  type Surroundings,
} from "./isolate.js";
import { runInNode, type Frame } from "./node-runtime.js";
import { createRun } from "./run.js";
import { readSchema, type Schema, type SchemaJson } from "./schema.js";

/** Evaluates all definitions, children first. Keyed by definition path; the app's is "". */
export async function loadDefinitions({
  app,
  components,
  env,
}: {
  app: PushedApp & { functions: PushedModule[] };
  components: readonly PushedComponent[];
  env: ReadonlyMap<string, string>;
}): Promise<Map<string, Definition>> {
  const done = new Map<string, Definition>();
  const pushed = new Map(components.map((component) => [component.definitionPath, component]));
  const loadComponent = (path: string): Definition => {
    const known = done.get(path);
    if (known) return known;
    const component = pushed.get(path);
    if (!component) throw new Error(`Component definition ${path} was not pushed.`);
    for (const dependency of component.dependencies) loadComponent(dependency);
    const definition = loadDefinition({ ...component, path }, done, new Map());
    done.set(path, definition);
    return definition;
  };
  for (const { definitionPath } of components) loadComponent(definitionPath);
  done.set("", loadDefinition({ ...app, path: "" }, done, env));
  return done;
}

/** A context for code that is imported, not called. */
export function importing(env: ReadonlyMap<string, string>, imported: Imported): Realm {
  const { run, own } = importingFrame(env, imported);
  return createRealm(run, own);
}

// --- internal ---

type Imported = Pick<Surroundings, "modules" | "virtual"> & { kind?: FunctionKind };

function importingFrame(
  env: ReadonlyMap<string, string>,
  { modules, virtual, kind = "import" }: Imported,
): Frame {
  const refuse = (op: string) => {
    throw new Error(`${op} unsupported at import time`);
  };
  const now = Date.now();
  const own = {
    ...{ modules, env, importedAt: now, startedAt: now, importSeed: 0, syscall: refuse },
    log: () => {},
    ...(virtual && { virtual }),
  };
  return { run: createRun(kind, refuse), own };
}

type Loadable = {
  path: string;
  definition: PushedModule | null;
  schema: PushedModule | null;
  functions: PushedModule[];
};

function loadDefinition(
  { path, definition, schema, functions }: Loadable,
  done: ReadonlyMap<string, Definition>,
  env: ReadonlyMap<string, string>,
): Definition {
  const modules = new Map(functions.map((module) => [module.path, module]));
  const exported = definition ? exportDefinition(definition, { done, env }) : EMPTY_APP;
  const evaluated = schema ? loadSchema(schema, env) : null;
  const analysis = analyze(modules, env);
  const tree = path === "" ? exported.exports : exportsOf(analysis);
  return { path, exported: { ...exported, exports: tree }, schema: evaluated, modules, analysis };
}

const EMPTY_APP: DefinitionExport = {
  definitionType: { type: "app" },
  childComponents: [],
  httpMounts: {},
  exports: { type: "branch", branch: [] },
};

function exportDefinition(
  module: PushedModule,
  { done, env }: { done: ReadonlyMap<string, Definition>; env: ReadonlyMap<string, string> },
): DefinitionExport {
  const virtual = (specifier: string) => {
    const encoded = /_componentDeps\/(.+)$/.exec(specifier)?.[1];
    if (!encoded) return undefined;
    const componentDefinitionPath = new TextDecoder().decode(
      Uint8Array.from(atob(encoded.replace(/-/g, "+").replace(/_/g, "/")), (letter) =>
        letter.charCodeAt(0),
      ),
    );
    const type = done.get(componentDefinitionPath)?.exported.definitionType;
    const defaultName = type?.type === "childComponent" ? type.name : undefined;
    return { default: { componentDefinitionPath, defaultName } };
  };
  const modules = new Map([[module.path, module]]);
  const loaded = importing(env, { modules, virtual }).load(module.path);
  return (loaded.default as { export(): DefinitionExport }).export();
}

function loadSchema(module: PushedModule, env: ReadonlyMap<string, string>): Schema {
  const loaded = importing(env, { modules: new Map([[module.path, module]]) }).load(module.path);
  return readSchema(JSON.parse((loaded.default as { export(): string }).export()) as SchemaJson);
}

function analyze(
  modules: ReadonlyMap<string, ModuleSource>,
  env: ReadonlyMap<string, string>,
): Analysis {
  const realm = importing(env, { modules });
  const loadInNode = (path: string) =>
    runInNode(importingFrame(env, { modules }), (load) => load(path));
  const analysis: Analysis = {};
  for (const path of [...modules.keys()].sort()) {
    if (path.startsWith("_deps/") || path === "auth.config.js") continue;
    const loaded = modules.get(path)?.environment === "node" ? loadInNode(path) : realm.load(path);
    const functions = Object.entries(loaded).flatMap(([name, value]) => analyzeExport(name, value));
    const routes = path === "http.js" ? routesOf(loaded.default) : null;
    analysis[path] = { functions, httpRoutes: routes, cronSpecs: null, sourceMapped: null };
  }
  return analysis;
}

type Exported = {
  isQuery?: boolean;
  isMutation?: boolean;
  isAction?: boolean;
  isPublic?: boolean;
  isInternal?: boolean;
  exportArgs?: () => string;
  exportReturns?: () => string;
};

function analyzeExport(name: string, value: unknown): AnalyzedFunction[] {
  if (typeof value !== "function") return [];
  const fn = value as Exported;
  const udfType = fn.isQuery
    ? "Query"
    : fn.isMutation
      ? "Mutation"
      : fn.isAction
        ? "Action"
        : undefined;
  if (!udfType || !(fn.isPublic || fn.isInternal)) return [];
  return [
    {
      name,
      pos: null,
      udfType,
      visibility: { kind: fn.isPublic ? "public" : "internal" },
      args: fn.exportArgs?.() ?? null,
      returns: fn.exportReturns?.() ?? null,
    },
  ];
}

function routesOf(router: unknown): unknown {
  const routes =
    (router as { getRoutes?: () => [string, string, unknown][] } | undefined)?.getRoutes?.() ?? [];
  return routes.map(([path, method]) => ({ route: { path, method }, pos: null }));
}

/** A component exports its public functions, by module and name. */
function exportsOf(analysis: Analysis): unknown {
  type Branch = Map<string, Branch | string>;
  const root: Branch = new Map();
  for (const [module, { functions }] of Object.entries(analysis)) {
    for (const { name, visibility } of functions) {
      if (visibility.kind !== "public") continue;
      const parts = module.replace(/\.js$/, "").split("/");
      let at = root;
      for (const part of parts) {
        const next = at.get(part);
        if (next instanceof Map) at = next;
        else {
          const made: Branch = new Map();
          at.set(part, made);
          at = made;
        }
      }
      at.set(name, `_reference/function/${parts.join("/")}:${name}`);
    }
  }
  const serialize = (branch: Branch): unknown => ({
    type: "branch",
    branch: [...branch].map(([name, node]) => [
      name,
      typeof node === "string" ? { type: "leaf", leaf: node } : serialize(node),
    ]),
  });
  return serialize(root);
}
