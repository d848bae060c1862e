// Which files `kitcn add auth` creates or patches, besides the schema. Reads and stages; writes nothing.
// A file that exists is patched by its syntax tree or left alone, never replaced.
import { TRUSTED_ORIGINS } from "../../src/better-auth/variables.js";
import { join } from "node:path";
import { planGitignore } from "../env/gitignore.js";
import { parseEnvFile, patchEnvFile, type EnvDefault } from "../env/env-file.js";
import { importExtension } from "../load/module-resolution.js";
import { findHome } from "../modules/names.js";
import { reachableFrom } from "../modules/reach.js";
import { openReadable } from "../modules/readable.js";
import { openModules } from "../modules/resolve.js";
import { patchAuthConfig } from "../patch/auth-config.js";
import { addDefinition, patchAuth } from "../patch/auth.js";
import {
  componentSource,
  patchConvexConfig,
  type ComponentSource,
} from "../patch/convex-config.js";
import { patchHttp } from "../patch/http.js";
import { patchTsconfig } from "../patch/tsconfig.js";
import type { Patch } from "../patch/types.js";
import type { Module } from "../edit/index.js";
import { envFileOf, installedIn, shortPath } from "../disk/project.js";
import type { Shell } from "../shell/detect.js";
import { schemeOf } from "../shell/expo-config.js";
import { frontsOf, sharedUrlNotes, sitesOf, type Sites } from "../shell/fronts.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { printHonoHttp } from "./lib-texts.js";
import {
  GET_ENV,
  getEnvNotes,
  hasOpenProcedures,
  planGetEnv,
  planOpenProcedures,
  planProcedures,
  readsEnv,
} from "./plan-lib.js";
import { planStarterFunctions } from "./template.js";
import { isAnyOf, openModule, stageModule, stageOrReplace } from "./stage-module.js";
import {
  printAuth,
  printAuthConfig,
  printConvexConfig,
  printCors,
  printCrossDomain,
  printHttp,
  schemeOrigin,
} from "../print/texts.js";

/**
 * Stages auth.config.ts, auth.ts, http.ts, tsconfig.json, convex/.env and .gitignore; with procedures also lib/crpc.ts,
 * an http.ts for their routes, and lib/get-env.ts.
 *
 * @returns sentences about what is left to do by hand
 * @throws CodegenError of the patchers: a file of a form they do not know; `UNSUPPORTED_ZOD`, `NO_ROOM_FOR_LIB`
 */
export async function planFiles(
  ws: Workspace,
  { crpc = false }: { readonly crpc?: boolean } = {},
): Promise<string[]> {
  const extension = importExtension(ws);
  const fronts = frontsOf(ws);
  const { siteUrl, others } = sitesOf(fronts);
  const isCrossDomain = fronts.some(({ shell }) => isOnOtherSite(ws, shell));
  const hasProcedures = crpc || (await hasOpenProcedures(ws));
  if (hasProcedures) {
    await planGetEnv(ws);
    await planProcedures(ws);
  }
  const getEnv = readsEnv(ws) ? `${GET_ENV}${extension}` : undefined;
  const phones = fronts.find(({ shell }) => shell.kind === "expo");
  const scheme = phones && schemeOf(phones.ws);
  const text = { extension, siteUrl, others, isCrossDomain, getEnv, scheme };
  const plugin = printCrossDomain(siteUrl);
  const origin = scheme === undefined ? undefined : schemeOrigin(scheme);
  const cors = isCrossDomain ? printCors(siteUrl, others) : undefined;
  const notes = await planAuthConfig(ws, getEnv);
  await stageOrPatch(ws, "auth", printAuth(text), (module) => {
    const whole = addDefinition(module, printAuth(text));
    if (whole.text !== undefined) return whole;
    if (!isCrossDomain) return { text: undefined };
    const read = openReadable(ws);
    const home = findHome({ module, name: "default" }, read) ?? module;
    const patch = patchAuth(home, reachableFrom([module], read), { plugin, origin });
    if (home.path === module.path) return patch;
    // One that passes on the definition of another module.
    ws.stage(home.path, patch.text ?? home.text);
    return { text: undefined };
  });
  const http = await planHttp(ws, { text: printHttp(text), cors, hasProcedures });
  planStarterFunctions(ws);
  planTsconfig(ws);
  await planGitignore(ws, planEnvDefaults(ws, { siteUrl, others }, phones !== undefined));
  return [
    ...notes,
    ...sharedUrlNotes(fronts),
    ...untrustedNotes(ws, others),
    ...(crpc ? routesNotes(ws, http) : []),
  ];
}

/**
 * Stages what `kitcn init` makes beside an app's functions: lib/get-env.ts and convex/.env; with `crpc` also
 * lib/crpc.ts and its http.ts.
 *
 * @returns sentences about what was left out
 * @throws CodegenError `UNSUPPORTED_ZOD`, `NO_ROOM_FOR_LIB`
 */
export async function planBase(
  ws: Workspace,
  input: { readonly siteUrl: string; readonly crpc: boolean },
): Promise<string[]> {
  if (input.crpc) await planOpenProcedures(ws);
  else await planGetEnv(ws);
  const env = planEnvDefaults(ws, { siteUrl: input.siteUrl, others: [] });
  // A template's own .gitignore has it.
  const gitignore = join(ws.project.root, ".gitignore");
  const isNew = ws.has(gitignore) && ws.onDisk(gitignore) === undefined;
  if (!isNew) await planGitignore(ws, env);
  return getEnvNotes(ws);
}

/** Stages convex.config.ts; only where some table lives in the component. */
export async function planConvexConfig(
  ws: Workspace,
  from: ComponentSource = "packaged",
): Promise<void> {
  const extension = importExtension(ws);
  const text = printConvexConfig(componentSource(from, extension));
  await stageOrPatch(ws, "convex.config", text, (module) =>
    patchConvexConfig(module, { from, extension }),
  );
}

/** Lets browsers call auth routes that are not below /api, in an http.ts over Hono that is kitcn's own. */
export async function planAuthCors(ws: Workspace, basePath: string): Promise<void> {
  const printed = { extension: importExtension(ws), hasAuth: true };
  const before = printHonoHttp(printed);
  const text = printHonoHttp({ ...printed, basePath });
  const path = findFunctionsModule(ws, "http");
  if (text === before || path === undefined || !(await isAnyOf(ws, path, [before]))) return;
  await stageOrReplace(ws, "http", { text, replaces: [before] });
}

// --- internal ---

async function stageOrPatch(
  ws: Workspace,
  name: string,
  text: string,
  patch: (module: Module) => Patch,
): Promise<void> {
  const module = openModule(ws, name);
  if (!module) return stageModule(ws, name, text);
  ws.stage(module.path, patch(module).text ?? module.text);
}

/**
 * True for an app on another site than its auth routes. Where kitcn did not wire the front end, an auth.ts that is
 * there knows better.
 */
function isOnOtherSite(ws: Workspace, shell: Shell): boolean {
  if (shell.kind !== "none") return shell.kind === "vite" || shell.kind === "expo";
  return shell.found?.siteUrl !== undefined && findFunctionsModule(ws, "auth") === undefined;
}

/**
 * Stages http.ts, and the module behind it that registers the routes where that one lacks an option.
 *
 * @returns the paths of both
 */
async function planHttp(
  ws: Workspace,
  input: {
    readonly text: string;
    readonly cors: string | undefined;
    readonly hasProcedures: boolean;
  },
): Promise<string[]> {
  const extension = importExtension(ws);
  const { cors, hasProcedures } = input;
  const hono = printHonoHttp({ extension, hasAuth: true });
  const module = openModule(ws, "http");
  if (!module) {
    await stageModule(ws, "http", hasProcedures ? hono : input.text);
    return [findFunctionsModule(ws, "http") ?? ""];
  }
  const { path } = module;
  const open = printHonoHttp({ extension, hasAuth: false });
  const replaces = hasProcedures ? [input.text, open] : [open];
  await stageOrReplace(ws, "http", { text: hono, replaces });
  if (ws.read(path) !== module.text) return [path];
  const patched = patchHttp(module, { extension, cors, read: openModules(ws) });
  ws.stage(path, patched.text ?? module.text);
  const { elsewhere } = patched;
  if (!elsewhere) return [path];
  ws.stage(elsewhere.path, elsewhere.text);
  return [path, elsewhere.path];
}

/** A router that its author wrote is not replaced by the one for procedures. */
function routesNotes({ read }: Workspace, http: readonly string[]): string[] {
  if (http.some((path) => /\bcreateHttpRouter\b/.test(read(path) ?? ""))) return [];
  return [
    "http.ts serves no routes of procedures: it was there before. node_modules/kitcn/docs/server.md shows the one that does.",
  ];
}

async function planAuthConfig(ws: Workspace, getEnv: string | undefined): Promise<string[]> {
  const module = openModule(ws, "auth.config");
  if (!module) {
    await stageModule(ws, "auth.config", printAuthConfig(getEnv));
    return [];
  }
  const named = { ...module, path: shortPath(ws.project, module.path) };
  const { text = module.text, note } = patchAuthConfig(named);
  ws.stage(module.path, text);
  return note === undefined ? [] : [note];
}

function planTsconfig({ project, read, stage }: Workspace): void {
  const path = join(project.functionsDir, "tsconfig.json");
  const before = read(path);
  if (before === undefined) return;
  const version = installedIn(project, "typescript");
  const typescriptMajor = version === undefined ? undefined : Number.parseInt(version, 10);
  stage(path, patchTsconfig({ path, text: before, typescriptMajor }).text ?? before);
}

/** Gives the path of the file. */
function planEnvDefaults(
  ws: Workspace,
  { siteUrl, others }: Sites,
  hasPhones: boolean = false,
): string {
  const path = envFileOf(ws.project);
  const before = ws.read(path);
  const defaults = [
    {
      name: "SITE_URL",
      value: siteUrl,
      comment: "Where your app runs. `npx kitcn env push` sends these values to your deployment.",
    },
    ...(others.length > 0 || hasPhones ? [trustedOrigins(others, hasPhones)] : []),
  ];
  ws.stage(path, patchEnvFile(before, defaults) ?? before ?? "");
  return path;
}

function trustedOrigins(others: readonly string[], hasPhones: boolean): EnvDefault {
  const values = [...others, ...(hasPhones ? [EXPO_GO] : [])];
  const comment = [
    ...(others.length > 0 ? ["The addresses of your other front ends, separated by commas."] : []),
    ...(hasPhones ? [`${EXPO_GO} is for Expo Go: do not set it in production.`] : []),
  ].join(" ");
  return { name: TRUSTED_ORIGINS, value: values.join(","), comment };
}

/** Expo Go opens an app by the address of the computer that serves it. Better Auth itself reads the variable. */
const EXPO_GO = "exp://";

/** A list that was there before a front end came is its author's. */
function untrustedNotes(ws: Workspace, others: readonly string[]): string[] {
  const path = envFileOf(ws.project);
  const { [TRUSTED_ORIGINS]: value = "", SITE_URL: siteUrl = "" } = parseEnvFile(
    ws.read(path) ?? "",
  );
  const known = [siteUrl, ...value.split(",")].map((one) => one.trim());
  const missing = others.filter((one) => !known.includes(one));
  return missing.length === 0
    ? []
    : [
        `Add ${missing.join(",")} to ${TRUSTED_ORIGINS} in ${shortPath(ws.project, path)}: sign-in is refused there until you do.`,
      ];
}
