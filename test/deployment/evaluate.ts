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
import { createLoader, frames, seedOf, type Frame, type ModuleSource } from "./isolate.js";
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
  const loadComponent = async (path: string): Promise<Definition> => {
    const known = done.get(path);
    if (known) return known;
    const component = pushed.get(path);
    if (!component) throw new Error(`Component definition ${path} was not pushed.`);
    for (const dependency of component.dependencies) await loadComponent(dependency);
    const definition = await loadDefinition({ ...component, path }, done, new Map());
    done.set(path, definition);
    return definition;
  };
  for (const { definitionPath } of components) await loadComponent(definitionPath);
  done.set("", await loadDefinition({ ...app, path: "" }, done, env));
  return done;
}

/** Runs `work` as code that is imported, not called. */
export function importing<T>(
  env: ReadonlyMap<string, string>,
  work: () => Promise<T>,
  kind: Frame["kind"] = "import",
): Promise<T> {
  const refuse = (op: string) => {
    throw new Error(`${op} can't be used while a module is imported.`);
  };
  const frame: Frame = {
    kind,
    env,
    seed: seedOf("import"),
    log: () => {},
    syscall: refuse,
    asyncSyscall: refuse,
  };
  return frames.run(frame, work);
}

// --- internal ---

type Loadable = {
  path: string;
  definition: PushedModule | null;
  schema: PushedModule | null;
  functions: PushedModule[];
};

async function loadDefinition(
  { path, definition, schema, functions }: Loadable,
  done: ReadonlyMap<string, Definition>,
  env: ReadonlyMap<string, string>,
): Promise<Definition> {
  const modules = new Map(functions.map((module) => [module.path, module]));
  return importing(env, async () => {
    const exported = definition ? await exportDefinition(definition, done) : EMPTY_APP;
    const evaluated = schema ? await loadSchema(schema) : null;
    const analysis = await analyze(modules);
    const tree = path === "" ? exported.exports : exportsOf(analysis);
    return { path, exported: { ...exported, exports: tree }, schema: evaluated, modules, analysis };
  });
}

const EMPTY_APP: DefinitionExport = {
  definitionType: { type: "app" },
  childComponents: [],
  httpMounts: {},
  exports: { type: "branch", branch: [] },
};

async function exportDefinition(
  module: PushedModule,
  done: ReadonlyMap<string, Definition>,
): Promise<DefinitionExport> {
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
  const loaded = await createLoader(new Map([[module.path, module]]), virtual).load(module.path);
  return (loaded.default as { export(): DefinitionExport }).export();
}

async function loadSchema(module: PushedModule): Promise<Schema> {
  const loaded = await createLoader(new Map([[module.path, module]])).load(module.path);
  return readSchema(JSON.parse((loaded.default as { export(): string }).export()) as SchemaJson);
}

async function analyze(modules: ReadonlyMap<string, ModuleSource>): Promise<Analysis> {
  const loader = createLoader(modules);
  const analysis: Analysis = {};
  for (const path of [...modules.keys()].sort()) {
    if (path.startsWith("_deps/") || path === "auth.config.js") continue;
    const loaded = await loader.load(path);
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
