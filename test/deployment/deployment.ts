// The state of one deployment and what the CLI does to it: environment variables, pushes, providers.
// Must not know how requests arrive.
import { randomUUID } from "node:crypto";
import { AuthError, identify, loadProviders, type Provider } from "./auth.js";
import {
  createInstance,
  loadDefinitions,
  type Definition,
  type Instance,
  type PushedApp,
  type PushedComponent,
  type PushedModule,
} from "./components.js";
import { applySchema } from "./database.js";
import { analysisOf, checkedOf, emptyInstance, instancesOf } from "./instances.js";
import { createRunner, type Identity } from "./functions.js";
import { sha256 } from "./isolate.js";
import { mismatch } from "./schema.js";
import type { Counters, Transaction } from "./transaction.js";
import type { Value } from "convex/values";

export type StartPush = {
  dryRun: boolean;
  appDefinition: PushedApp;
  componentDefinitions: PushedComponent[];
};

export class BadRequest extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export type DeploymentState = ReturnType<typeof createDeployment>;

const MAX_ENV_BYTES = 8192;

export function createDeployment({
  cloudUrl,
  siteUrl,
  onLog,
}: {
  cloudUrl: string;
  siteUrl: string;
  onLog: (line: string) => void;
}) {
  const system = new Map([
    ["CONVEX_CLOUD_URL", cloudUrl],
    ["CONVEX_SITE_URL", siteUrl],
  ]);
  let env = new Map<string, string>();
  let appModules = new Map<string, PushedModule>();
  let providers: Provider[] = [];
  let root: Instance = emptyInstance();
  const pending = new Map<
    string,
    {
      definitions: Map<string, Definition>;
      functions: Map<string, PushedModule>;
      providers: Provider[];
    }
  >();
  const commits = new Set<(transaction: Transaction | null) => void>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const counters: Counters = {
    queries: 0,
    mutations: 0,
    actions: 0,
    httpActions: 0,
    nested: 0,
    documentsRead: 0,
    documentsWritten: 0,
    indexRanges: 0,
  };
  const realSetTimeout = globalThis.setTimeout;

  const runner = createRunner({
    root: () => root,
    counters,
    onCommit: (transaction) => commits.forEach((listen) => listen(transaction)),
    onLog,
    schedule: (delayMs, run) => {
      const id = randomUUID();
      timers.set(
        id,
        realSetTimeout(
          () => void run().catch((error: Error) => onLog(`scheduled: ${error.message}`)),
          delayMs,
        ),
      );
      return id;
    },
    cancel: (id) => clearTimeout(timers.get(id)),
  });

  const visibleEnv = (own = env) => new Map([...system, ...own]);

  async function setEnv(changes: { name: string; value: string | null }[]): Promise<void> {
    const next = new Map(env);
    for (const { name, value } of changes) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new BadRequest(
          "EnvironmentVariableNameInvalid",
          `Environment variable name "${name}" is invalid.`,
        );
      if (name.startsWith("CONVEX_"))
        throw new BadRequest(
          "EnvironmentVariableNameForbidden",
          `Environment variable with name ${name} is built-in and cannot be changed.`,
        );
      if (value !== null && new TextEncoder().encode(value).length > MAX_ENV_BYTES)
        throw new BadRequest(
          "EnvironmentVariableValueTooLarge",
          `Environment variable value of ${name} is larger than ${MAX_ENV_BYTES} bytes.`,
        );
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    providers = await evaluateProviders(appModules, visibleEnv(next));
    env = next;
    root.env = visibleEnv();
  }

  function configHashes() {
    const moduleHashes = [...appModules.values()].map(
      ({ path, source, sourceMap, environment }) => ({
        path,
        environment,
        hash: sha256(source + (sourceMap ?? "")),
      }),
    );
    return {
      config: { functions: "convex/" },
      moduleHashes,
      nodeDependencies: [],
      udfServerVersion: "1.48.0",
      nodeVersion: "22",
    };
  }

  async function evaluate({ appDefinition, componentDefinitions }: StartPush) {
    const functions = new Map(appDefinition.changedModules.map((module) => [module.path, module]));
    for (const { path } of appDefinition.unchangedModuleHashes) {
      const module = appModules.get(path);
      if (!module)
        throw new BadRequest("UnchangedModuleMissing", `Module ${path} was not pushed before.`);
      functions.set(path, module);
    }
    const next = await evaluateProviders(functions, visibleEnv());
    const definitions = await loadDefinitions(
      { ...appDefinition, functions: [...functions.values()] },
      componentDefinitions,
      visibleEnv(),
    );
    return { definitions, functions, providers: next };
  }

  async function startPush(request: StartPush) {
    const evaluated = await evaluate(request);
    const token = randomUUID();
    pending.set(token, evaluated);
    const tree = treeOf(evaluated.definitions);
    return {
      environmentVariables: Object.fromEntries(env),
      externalDepsId: null,
      componentDefinitionPackages: Object.fromEntries(
        [...evaluated.definitions.keys()].map((path) => [path, {}]),
      ),
      appAuth: evaluated.providers,
      analysis: Object.fromEntries(
        [...evaluated.definitions].map(([path, definition]) => [
          path,
          analysisOf(path, definition),
        ]),
      ),
      app: checkedOf(tree),
      schemaChange: { allocatedComponentIds: {}, schemaIds: {}, indexDiffs: {}, token },
    };
  }

  async function evaluateSchema(request: StartPush) {
    const { definitions } = await evaluate(request);
    return {
      componentSchemaEvaluations: Object.fromEntries(
        instancesOf(treeOf(definitions)).map(({ path, definition }) => [
          path,
          {
            definitionPath: definition.path,
            schemaValidation: definition.schema?.validates ?? false,
            tables: definition.schema?.json.tables ?? [],
            indexes: [],
          },
        ]),
      ),
      newComponentDefinitions: [],
    };
  }

  function waitForSchema(token: string) {
    const { definitions } = pendingOf(token);
    const tree = treeOf(definitions);
    for (const { path, definition, database } of instancesOf(tree)) {
      if (!definition.schema?.validates) continue;
      for (const [name, { documentType }] of definition.schema.tables) {
        for (const { _id, _creationTime, ...columns } of database.tables.get(name)?.docs.values() ??
          []) {
          const why = documentType && mismatch(documentType, columns as Value);
          if (why)
            return {
              type: "failed",
              error: `Document with ID "${_id}" in table "${name}" does not match the schema: ${why}`,
              componentPath: path,
              tableName: name,
            };
        }
      }
    }
    return { type: "complete" };
  }

  function finishPush(token: string) {
    const next = pendingOf(token);
    const before = new Set(instancesOf(root).map(({ path }) => path));
    const tree = treeOf(next.definitions);
    for (const { database, definition } of instancesOf(tree))
      applySchema(
        database,
        definition.schema?.tables ?? null,
        definition.schema?.validates ?? false,
      );
    root = tree;
    appModules = next.functions;
    providers = next.providers;
    pending.delete(token);
    commits.forEach((listen) => listen(null));
    const nothing = { added: [], removed: [] };
    const diffOf = (path: string) => ({
      diffType: { type: before.has(path) ? "modify" : "create" },
      moduleDiff: nothing,
      udfConfigDiff: null,
      cronDiff: { added: [], updated: [], deleted: [] },
      indexDiff: { added_indexes: [], removed_indexes: [] },
      schemaDiff: null,
    });
    return {
      authDiff: nothing,
      definitionDiffs: {},
      componentDiffs: Object.fromEntries(instancesOf(tree).map(({ path }) => [path, diffOf(path)])),
    };
  }

  /** The instances that definitions would make, over the databases that are there. */
  function treeOf(definitions: ReadonlyMap<string, Definition>): Instance {
    const app = { path: "", definitionPath: "", env: visibleEnv() };
    return createInstance(app, definitions, databaseAt);
  }

  function pendingOf(token: string) {
    const found = pending.get(token);
    if (!found) throw new BadRequest("UnknownPush", "This push was not started here.");
    return found;
  }

  function databaseAt(path: string) {
    return instancesOf(root).find((instance) => instance.path === path)?.database;
  }

  return {
    runner,
    counters,
    resetCounters: () =>
      Object.keys(counters).forEach((name) => (counters[name as keyof Counters] = 0)),
    env: () => env,
    setEnv,
    configHashes,
    startPush,
    evaluateSchema,
    waitForSchema,
    finishPush,
    root: () => root,
    identify: (token: string) => identify(token, providers),
    /** Calls back with the transaction after a commit, with null after a push. */
    onCommit: (listen: (transaction: Transaction | null) => void) => {
      commits.add(listen);
      return () => commits.delete(listen);
    },
  };
}

export const NOBODY: Identity = { attributes: null };

// --- internal ---

async function evaluateProviders(
  modules: ReadonlyMap<string, PushedModule>,
  env: ReadonlyMap<string, string>,
): Promise<Provider[]> {
  try {
    return await loadProviders(modules, env);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new BadRequest(
      error instanceof AuthError ? error.code : (code ?? "InvalidAuthConfig"),
      message,
    );
  }
}
