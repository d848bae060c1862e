// `npm run bench`: measures kitcn beside @convex-dev/better-auth, writes bench/RESULTS.md and draws its charts.
// `-- --counts` measures what is exact and leaves out what takes long. Works below .tmp; needs the npm registry for the two apps' own dependencies.
import { cp, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import {
  addSources,
  makeOurs,
  makePeer,
  push,
  setLimits,
  versionOf,
  type BenchApp,
} from "./apps.js";
import { printEvaluatedChart, printGrowthChart } from "./charts.js";
import {
  bundleApp,
  bundleClient,
  bundleClientFloor,
  bundleComponent,
  bundleFloor,
} from "./bundle.js";
import { measureCommands, measureTypes } from "./commands.js";
import { measureCpu } from "./cpu.js";
import { measureEvaluated } from "./evaluated.js";
import { measureOperations } from "./operations.js";
import { printResults, type Pair, type Results } from "./report.js";
import { measureMembers, measureSessions } from "./scale.js";

const OUR_SIZES = [100, 1000, 10_000, 100_000];
/** Each of its rows costs two nested mutations with a look-up: more would take an hour. */
const PEER_SIZES = [100, 1000];
/** The rest takes long on a busy machine, and its times say little there. */
const COUNTS_ONLY = process.argv.includes("--counts");
const RESULTS = resolve("bench/RESULTS.md");

const apps: BenchApp[] = [];
try {
  const ours = await made(makeOurs);
  const peer = await made(makePeer);
  const both = async <Item>(measure: (app: BenchApp) => Promise<Item>): Promise<Pair<Item>> => ({
    ours: await measure(ours),
    peer: await measure(peer),
  });
  const counts: Results = {
    versions: await both(versionsOf),
    node: process.version,
    operations: await both(measureOperations),
    limited: await measureLimited(ours),
    app: await both(bundleApp),
    component: await both(bundleComponent),
    floor: await both(bundleFloor),
    client: await both(bundleClient),
    clientFloor: await both(bundleClientFloor),
    evaluated: await both(measureEvaluated),
  };
  const results = COUNTS_ONLY ? counts : { ...counts, rest: await measureRest({ ours, peer }) };
  const options = { ...(await resolveConfig(RESULTS)), parser: "markdown" };
  const text = await format(printResults(results), options);
  await writeFile(RESULTS, text);
  await writeChart("evaluated", printEvaluatedChart(results));
  await writeChart("growth", printGrowthChart(results));
  console.log(text);
} finally {
  for (const { deployment } of apps) await deployment.stop();
}

// --- internal ---

/** What was not measured keeps the chart of the last run that measured it. */
async function writeChart(name: string, svg: string | undefined): Promise<void> {
  if (svg !== undefined) await writeFile(resolve("bench", `${name}.svg`), `${svg}\n`);
}

async function made(make: () => Promise<BenchApp>): Promise<BenchApp> {
  const app = await make();
  apps.push(app);
  console.log(`${app.name}: app made and pushed`);
  return app;
}

/** The same operations with the rate limits that `kitcn add auth` turns on. */
async function measureLimited(ours: BenchApp): Promise<Results["limited"]> {
  await setLimits(ours, true);
  await push(ours);
  return measureOperations(ours, "bea@example.com");
}

async function measureRest({ ours, peer }: Pair<BenchApp>): Promise<Results["rest"]> {
  await setLimits(ours, false);
  const cpu = { ours: await measureCpu(ours, "ours"), peer: await measureCpu(peer, "peer") };
  await setLimits(ours, true);
  await push(ours);
  const sessions = {
    ours: await measureSessions(ours, OUR_SIZES),
    peer: await measureSessions(peer, PEER_SIZES),
  };
  const minimal = await measureCommands(ours);
  await addPlugins(ours, peer);
  return {
    cpu: { ...cpu, full: await measureCpu(ours, "full") },
    sessions,
    members: await measureMembers(ours, OUR_SIZES),
    commands: { minimal, full: await measureCommands(ours) },
    types: { ours: await measureTypes(ours), peer: await measureTypes(peer) },
  };
}

/** Eleven plugins for both: pushed to ours, only type-checked in the peer's, whose tables are fixed. */
async function addPlugins(ours: BenchApp, peer: BenchApp): Promise<void> {
  const copy = (app: BenchApp, from: string, to: string) =>
    cp(resolve("bench/apps", from), join(app.dir, "convex", to));
  await copy(ours, "ours/auth.full.ts", "auth.ts");
  await copy(ours, "ours/full.ts", "full.ts");
  await ours.run("kitcn", "add", "auth", "--schema", "--yes");
  await addSources(ours, "ours", ["members.ts"]);
  await push(ours);
  await copy(peer, "peer/plugins.full.ts", "plugins.ts");
  await copy(peer, "peer/full.ts", "full.ts");
}

async function versionsOf(app: BenchApp): Promise<Record<string, string>> {
  const names = [app.name, "better-auth", "convex"];
  const versions = await Promise.all(names.map((name) => versionOf(app, name)));
  return Object.fromEntries(names.map((name, at) => [name, versions[at] ?? ""]));
}
