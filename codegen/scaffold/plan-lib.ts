// lib/ beside the functions directory: get-env.ts, and with procedures crpc.ts. Which modules an app gets there, and
// whether auth.ts can read its variables through them. Reads and stages; writes nothing.
import { dirname, join } from "node:path";
import { declaredSpec, installedIn } from "../disk/project.js";
import { findImport, findProperty, listBindings, textOf } from "../edit/index.js";
import { noRoomForLib, unsupportedZod } from "../errors/scaffold.js";
import { importExtension, relativeSpecifier } from "../load/module-resolution.js";
import { installLineIn } from "../packages/satellites.js";
import type { Project } from "../types.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { printGetEnv, printHonoHttp, printOpenProcedures, printProcedures } from "./lib-texts.js";
import { isAnyOf, openModule, stageModule, stageOrReplace } from "./stage-module.js";

/** Where the modules are, as the functions directory imports them. */
export const GET_ENV = "../lib/get-env";
export const CRPC = "../lib/crpc";

/** lib/get-env.ts; an app whose zod is too old for it has none. */
export async function planGetEnv(ws: Workspace): Promise<void> {
  if (!hasRoomForLib(ws.project) || lacksZod4(ws.project)) return;
  await stageModule(ws, GET_ENV, printGetEnv());
}

/** A sentence for an app that gets no lib/get-env.ts. */
export function getEnvNotes({ project }: Workspace): string[] {
  if (!hasRoomForLib(project) || !lacksZod4(project)) return [];
  return [
    "lib/get-env.ts was left out: it needs zod 4, and this app has zod 3. Auth works without it, with process.env.",
  ];
}

/** lib/crpc.ts of an app without auth, with the http.ts that serves its routes. */
export async function planOpenProcedures(ws: Workspace): Promise<void> {
  assertLib(ws.project);
  await planGetEnv(ws);
  await stageModule(ws, CRPC, printOpenProcedures(fromLibOf(ws)));
  // A router that is there stays: mounting routes on it is its author's choice.
  if (findFunctionsModule(ws, "http") !== undefined) return;
  await stageModule(ws, "http", printHonoHttp({ extension: importExtension(ws), hasAuth: false }));
}

/** lib/crpc.ts of an app with auth. */
export async function planProcedures(ws: Workspace): Promise<void> {
  assertLib(ws.project);
  const inside = findFunctionsModule(ws, "lib/crpc");
  // Where earlier versions wrote it.
  if (inside !== undefined) return ws.stage(inside, ws.read(inside) ?? "");
  const fromLib = fromLibOf(ws);
  await stageOrReplace(ws, CRPC, {
    text: printProcedures(fromLib),
    replaces: [printOpenProcedures(fromLib)],
  });
}

/** True for an app that `kitcn init --crpc` gave procedures, and that has no auth yet. */
export async function hasOpenProcedures(ws: Workspace): Promise<boolean> {
  if (!hasRoomForLib(ws.project)) return false;
  const path = findFunctionsModule(ws, CRPC);
  return path !== undefined && isAnyOf(ws, path, [printOpenProcedures(fromLibOf(ws))]);
}

/** What the modules of lib/ import that an app has to install, as after `kitcn init --no-install`. */
export function packagesOfLib(ws: Workspace): ("zod" | "hono")[] {
  const paths = [GET_ENV, CRPC, "http"].flatMap((name) => findFunctionsModule(ws, name) ?? []);
  const texts = paths.map((path) => ws.read(path) ?? "");
  return (["zod", "hono"] as const).filter((name) =>
    texts.some((text) => new RegExp(`from ["']${name}["']`).test(text)),
  );
}

/** True where lib/get-env exports kitcn's `getEnv` with the variables of auth. */
export function readsEnv(ws: Workspace): boolean {
  const module = openModule(ws, GET_ENV);
  if (!module) return false;
  const binding = listBindings(module).get("getEnv");
  const createEnv = findImport(module, { source: "kitcn/server", name: "createEnv" });
  if (!binding?.exported || binding.init?.type !== "CallExpression") return false;
  if (createEnv === undefined || textOf(module, binding.init.callee) !== createEnv) return false;
  const [options] = binding.init.arguments;
  if (options?.type !== "ObjectExpression") return false;
  const server = findProperty(options, "server");
  if (server?.type !== "ObjectProperty" || server.value.type !== "ObjectExpression") return false;
  const variables = server.value;
  return ["SITE_URL", "JWKS"].every((name) => findProperty(variables, name) !== undefined);
}

/** How modules of lib/ import those of the functions directory. */
export function fromLibOf(ws: Workspace) {
  const { project } = ws;
  const extension = importExtension(ws);
  const crpc = join(project.functionsDir, `${CRPC}.ts`);
  return (module: string) =>
    JSON.stringify(relativeSpecifier(crpc, join(project.functionsDir, `${module}.ts`), extension));
}

/** Functions at the root of the app have no folder beside them that is the app's. */
export function hasRoomForLib({ root, functionsDir }: Project): boolean {
  return functionsDir !== root && dirname(functionsDir).startsWith(root);
}

// --- internal ---

function lacksZod4(project: Project): boolean {
  const version = installedIn(project, "zod");
  const spec = declaredSpec(project, "zod");
  if (spec === undefined) return false;
  return version === undefined ? /^[\^~]?[0-3]\b/.test(spec) : Number.parseInt(version, 10) < 4;
}

function assertLib(project: Project): void {
  if (!hasRoomForLib(project)) throw noRoomForLib();
  if (lacksZod4(project)) throw unsupportedZod({ command: installLineIn(project.root, "zod@^4") });
}
