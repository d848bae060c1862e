// lib/ beside the functions directory: get-env.ts, and with procedures crpc.ts. Which modules an app gets there, and
// whether auth.ts can read its variables through them. Reads; decides; writes nothing.
import { dirname, join } from "node:path";
import { findImport, findProperty, listBindings, parseModule, textOf } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { isBlank, openFiles } from "../load/load-schema.js";
import { relativeSpecifier } from "../load/module-resolution.js";
import { declaredSpec, installedIn } from "../project.js";
import type { Project } from "../types.js";
import { printGetEnv, printHonoHttp, printOpenProcedures, printProcedures } from "./lib-texts.js";
import {
  create,
  createOrReplace,
  findModule,
  type PlannedFile,
  type Workshop,
} from "./workshop.js";

/** Where the modules are, as the functions directory imports them. */
export const GET_ENV = "../lib/get-env";
export const CRPC = "../lib/crpc";

/** lib/get-env.ts; an app whose zod is too old for it has none. */
export async function planGetEnv(shop: Workshop): Promise<PlannedFile[]> {
  if (!hasRoomForLib(shop.project) || lacksZod4(shop.project)) return [];
  return [await create(shop, GET_ENV, printGetEnv())];
}

/** A sentence for an app that gets no lib/get-env.ts. */
export function getEnvNotes({ project }: Workshop): string[] {
  if (!hasRoomForLib(project) || !lacksZod4(project)) return [];
  return [
    "lib/get-env.ts was left out: it needs zod 4, and this app has zod 3. Auth works without it, with process.env.",
  ];
}

/** lib/crpc.ts of an app without auth, with the http.ts that serves its routes. */
export async function planOpenProcedures(shop: Workshop): Promise<PlannedFile[]> {
  assertLib(shop.project);
  const files = await planGetEnv(shop);
  const http = findModule(shop, "http");
  const open = printHonoHttp({ extension: shop.extension, hasAuth: false });
  const crpc = await create(shop, CRPC, printOpenProcedures(fromLibOf(shop)));
  // A router that is there stays: mounting routes on it is its author's choice.
  return [...files, crpc, ...(http ? [] : [await create(shop, "http", open)])];
}

/** lib/crpc.ts of an app with auth. */
export async function planProcedures(shop: Workshop): Promise<PlannedFile[]> {
  assertLib(shop.project);
  const inside = findModule(shop, "lib/crpc");
  // Where earlier versions wrote it.
  if (inside) return [{ path: inside.path, before: inside.text, after: inside.text }];
  const fromLib = fromLibOf(shop);
  return [
    await createOrReplace(shop, CRPC, {
      text: printProcedures(fromLib),
      replaces: [printOpenProcedures(fromLib)],
    }),
  ];
}

/** True for an app that `kitcn init --crpc` gave procedures, and that has no auth yet. */
export async function hasOpenProcedures(shop: Workshop): Promise<boolean> {
  if (!hasRoomForLib(shop.project)) return false;
  const text = printOpenProcedures(fromLibOf(shop));
  const file = await createOrReplace(shop, CRPC, { text: "export {};", replaces: [text] });
  return file.before !== undefined && !isBlank(file.before) && file.before !== file.after;
}

/** What the modules of lib/ import that an app has to install, as after `kitcn init --no-install`. */
export function packagesOfLib(project: Project): ("zod" | "hono")[] {
  const shop = { project, files: openFiles() };
  const texts = [GET_ENV, CRPC, "http"].map((name) => findModule(shop, name)?.text ?? "");
  return (["zod", "hono"] as const).filter((name) =>
    texts.some((text) => new RegExp(`from ["']${name}["']`).test(text)),
  );
}

/**
 * True where lib/get-env exports kitcn's `getEnv` with the variables of auth: in a module that is there, or
 * that the same run writes.
 */
export function readsEnv(shop: Workshop, planned: readonly PlannedFile[] = []): boolean {
  const found = findModule(shop, GET_ENV);
  const file = planned.find(({ path }) => path === found?.path || isGetEnv(shop, path));
  const path = file?.path ?? found?.path;
  if (path === undefined) return false;
  const module = parseModule(file?.after ?? found?.text ?? "", path);
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

// --- internal ---

/** How modules of lib/ import those of the functions directory. */
function fromLibOf({ project, extension }: Workshop) {
  const crpc = join(project.functionsDir, `${CRPC}.ts`);
  return (module: string) =>
    JSON.stringify(relativeSpecifier(crpc, join(project.functionsDir, `${module}.ts`), extension));
}

function isGetEnv({ project }: Workshop, path: string): boolean {
  return path.replace(/\.[jt]s$/, "") === join(project.functionsDir, GET_ENV);
}

/** Functions at the root of the app have no folder beside them that is the app's. */
function hasRoomForLib({ root, functionsDir }: Project): boolean {
  return functionsDir !== root && dirname(functionsDir).startsWith(root);
}

function lacksZod4(project: Project): boolean {
  const version = installedIn(project, "zod");
  const spec = declaredSpec(project, "zod");
  if (spec === undefined) return false;
  return version === undefined ? /^[\^~]?[0-3]\b/.test(spec) : Number.parseInt(version, 10) < 4;
}

function assertLib(project: Project): void {
  if (!hasRoomForLib(project))
    throw new CodegenError({
      code: "NO_ROOM_FOR_LIB",
      message:
        "--crpc writes lib/crpc.ts beside the functions directory, which is the app's folder itself.",
      hint: 'Move the functions into a folder, as "functions": "convex/" in convex.json says, or leave --crpc out. Nothing was written.',
    });
  if (lacksZod4(project))
    throw new CodegenError({
      code: "UNSUPPORTED_ZOD",
      message: "Procedures check their input with zod 4, and this app has zod 3.",
      hint: "Install zod 4 (npm install zod@^4), or leave --crpc out. Nothing was written.",
    });
}
