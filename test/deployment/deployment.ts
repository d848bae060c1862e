// The state of one deployment and what the CLI does to it: environment variables, pushes, providers.
// Must not know how requests arrive.
import { randomUUID } from "node:crypto";
import { convexToJson, type Value } from "convex/values";
import { identify, type Provider } from "./auth.js";
import {
  createInstance,
  type Definition,
  type Instance,
  type PushedApp,
  type PushedComponent,
  type PushedModule,
} from "./components.js";
import { applySchema, docsOf, type Doc } from "./database.js";
import { digestsOf } from "./digests.js";
import { BadRequest, changedEnvironment, type EnvironmentChange } from "./environment.js";
import { createEvaluator } from "./evaluation.js";
import { createExecutions } from "./executions.js";
import { createFaults } from "./faults.js";
import { createRunner, type Caller, type Identity, type Target } from "./functions.js";
import { createHistory, type Change } from "./history.js";
import { analysisOf, checkedOf, emptyInstance, instancesOf } from "./instances.js";
import { assertMounts } from "./http-routing.js";
import { createIssuer } from "./issuer.js";
import { loadInto, type LoadedColumns } from "./load.js";
import { configHashesOf, finishAnswer, schemaVerdict } from "./push-answers.js";
import { createScheduler, SCHEDULED, type Scheduler } from "./scheduler.js";
import { createThreads } from "./threads.js";
import type { Counters } from "./transaction.js";

export type StartPush = {
  dryRun: boolean;
  appDefinition: PushedApp;
  componentDefinitions: PushedComponent[];
};

export type Rows = Record<string, Record<string, Doc[]>>;

/** A row of `_scheduled_functions`, and the component that scheduled it: "" for the app. */
export type ScheduledJob = {
  readonly component: string;
  readonly _id: string;
  /** `items.js:add` */
  readonly name: string;
  readonly args: unknown[];
  readonly state: { kind: string; error?: string };
  /** In ms since 1970. */
  readonly scheduledTime: number;
  readonly completedTime?: number;
};
export type DeploymentState = ReturnType<typeof createDeployment>;

const DEFAULT_CONCURRENCY = 4;

export function createDeployment({
  cloudUrl,
  siteUrl,
  concurrency = DEFAULT_CONCURRENCY,
  onLog,
}: {
  cloudUrl: string;
  siteUrl: string;
  /** How many queries and mutations run at once. */
  concurrency?: number;
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
  let threads = createThreads(new Map(), concurrency);
  const pending = new Map<string, Evaluated>();
  const evaluator = createEvaluator();
  const listeners = new Set<(changes: readonly Change[] | null) => void>();
  const counters = noCounts();
  const history = createHistory(counters);
  const faults = createFaults();
  const executions = createExecutions();
  const databases = () => instancesOf(root).map(({ database }) => database);
  const onCommit = (changes: readonly Change[]) => {
    scheduler.onCommit(changes);
    listeners.forEach((listen) => listen(changes));
  };
  const scheduler: Scheduler = createScheduler({
    run: ({ to, args }, { steps, ...job }) => {
      const target = current(to);
      const type = runner.analyzed(target)?.fn.udfType ?? "Mutation";
      const caller = { ...NOBODY_CALLING, job };
      return runner.run(target, { type, args, caller, visibility: "any", ...(steps && { steps }) });
    },
    typeOf: (to) => runner.analyzed(current(to))?.fn.udfType,
    write: (work) => {
      const transaction = history.begin(databases());
      try {
        const result = work(transaction);
        history.commit(transaction);
        onCommit(transaction.changes());
        return result;
      } finally {
        history.end(transaction);
      }
    },
  });
  const issuer = createIssuer(cloudUrl);
  /** A push may have replaced the instance since the function was scheduled. */
  const current = (to: Target): Target => ({
    ...to,
    instance: runner.instanceAt(to.instance.path),
  });
  const runner = createRunner({
    issuer,
    root: () => root,
    databases,
    threads: () => threads,
    history,
    counters,
    scheduler,
    executions,
    onCommit,
    onLog,
  });

  const visibleEnv = (own = env) => new Map([...system, ...own]);

  async function setEnv(changes: readonly EnvironmentChange[]): Promise<void> {
    const next = changedEnvironment(env, changes);
    providers = await evaluator.providers(appModules, visibleEnv(next));
    env = next;
    root.env = visibleEnv();
    listeners.forEach((listen) => listen(null));
  }

  async function evaluate({ appDefinition, componentDefinitions }: StartPush) {
    const functions = new Map(appDefinition.changedModules.map((module) => [module.path, module]));
    for (const { path } of appDefinition.unchangedModuleHashes) {
      const module = appModules.get(path);
      if (!module)
        throw new BadRequest("UnchangedModuleMissing", `Module ${path} was not pushed before.`);
      functions.set(path, module);
    }
    const next = await evaluator.providers(functions, visibleEnv());
    const definitions = await evaluator.definitions({
      app: { ...appDefinition, functions: [...functions.values()] },
      components: componentDefinitions,
      env: visibleEnv(),
    });
    assertMounts(definitions);
    for (const { definitionPath, functions: pushed } of componentDefinitions)
      definitions.get(definitionPath)!.pushed = new Map(pushed.map((one) => [one.path, one]));
    definitions.get("")!.pushed = functions;
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
      // The CLI wants to be told that there is none.
      appAuth: evaluated.providers.map((one) => ({ applicationID: null, ...one })),
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
    return schemaVerdict(treeOf(definitions));
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
    history.barrier();
    root = tree;
    restart();
    appModules = next.functions;
    providers = next.providers;
    pending.delete(token);
    if (appModules.has("crons.js"))
      onLog("crons.ts: no crons run in the embedded deployment. Try one with `convex run`.");
    listeners.forEach((listen) => listen(null));
    return finishAnswer(tree, before);
  }

  /** Fresh threads for the code as it is now. Those at work finish what they do. */
  function restart(): void {
    threads.stop();
    threads = createThreads(
      new Map(instancesOf(root).map(({ path, definition }) => [path, definition.modules])),
      concurrency,
    );
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
    resetCounters: () => Object.assign(counters, noCounts()),
    /** Every document, by component and table: `rows()[""].user`. */
    rows: () =>
      Object.fromEntries(
        databases().map(({ path, tables }) => [
          path,
          Object.fromEntries([...tables].map(([name, table]) => [name, docsOf(table).map(json)])),
        ]),
      ) as Rows,
    digests: (except: readonly string[]) => digestsOf(databases(), except),
    /** Adds documents to a table, without running a function. Returns their ids. */
    load: (component: string, table: string, documents: readonly LoadedColumns[]) => {
      const ids = loadInto(runner.instanceAt(component).database, table, documents);
      history.barrier();
      listeners.forEach((listen) => listen(null));
      return ids;
    },
    scheduled: (): ScheduledJob[] =>
      databases().flatMap(
        ({ path, tables }) =>
          docsOf(tables.get(SCHEDULED)).map((row) => ({ component: path, ...json(row) }) as never), // the scheduler's own
      ),
    settled: () => scheduler.settled(),
    issuer,
    /** The time of the state as it is; `runner.run` can read it again for a while. */
    snapshot: () => history.snapshot(databases()),
    footprints: history.footprints,
    faults,
    executions,
    /** As after a crash: whatever runs is lost, what was committed stays. */
    crash: () => {
      scheduler.crash();
      faults.killAll();
      threads.kill();
      restart();
    },
    env: () => env,
    setEnv,
    configHashes: () => configHashesOf(appModules.values()),
    startPush,
    evaluateSchema,
    waitForSchema,
    finishPush,
    root: () => root,
    identify: (token: string) => identify(token, providers),
    /** Calls back with what a commit changed, with null after a push or a change of variables. */
    onCommit: (listen: (changes: readonly Change[] | null) => void) => {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}

export const NOBODY: Identity = { attributes: null };

// --- internal ---

const NOBODY_CALLING: Caller = { identity: NOBODY, isAdmin: false };

type Evaluated = {
  definitions: Map<string, Definition>;
  functions: Map<string, PushedModule>;
  providers: Provider[];
};

/** Bigints and bytes have no JSON of their own. */
const json = (doc: Doc) => convexToJson(doc as Value) as Doc;

function noCounts(): Counters {
  return {
    ...{ queries: 0, mutations: 0, actions: 0, httpActions: 0, nested: 0, conflicts: 0 },
    ...{ documentsRead: 0, documentsWritten: 0, indexRanges: 0, mostCpuMs: 0 },
  };
}
