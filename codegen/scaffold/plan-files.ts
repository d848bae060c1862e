// Which files `kitcn add auth` creates or patches, besides the schema. Reads; decides; writes nothing.
// A file that exists is patched by its syntax tree or left alone, never replaced.
import { join } from "node:path";
import { planGitignore } from "../env/gitignore.js";
import { patchEnvFile } from "../env/env-file.js";
import { isBlank, openModules } from "../load/load-schema.js";
import { patchAuthConfig } from "../patch/auth-config.js";
import { patchAuth } from "../patch/auth.js";
import {
  componentSource,
  patchConvexConfig,
  type ComponentSource,
} from "../patch/convex-config.js";
import { patchHttp } from "../patch/http.js";
import { patchTsconfig } from "../patch/tsconfig.js";
import type { Patch } from "../patch/types.js";
import { envFileOf, installedIn, shortPath } from "../project.js";
import type { Shell } from "../shell/detect.js";
import type { Project } from "../types.js";
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
import {
  printAuth,
  printAuthConfig,
  printConvexConfig,
  printCors,
  printCrossDomain,
  printHttp,
} from "./texts.js";
import {
  create,
  createOrReplace,
  findModule,
  openWorkshop,
  type PlannedFile,
  type Workshop,
} from "./workshop.js";

export type FilesPlan = {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
};

/**
 * Plans auth.config.ts, auth.ts, http.ts, tsconfig.json, convex/.env and .gitignore; with procedures also lib/crpc.ts,
 * an http.ts for their routes, and lib/get-env.ts.
 *
 * @throws CodegenError of the patchers: a file of a form they do not know; `UNSUPPORTED_ZOD`, `NO_ROOM_FOR_LIB`
 */
export async function planFiles(
  project: Project,
  { shell, crpc = false }: { readonly shell: Shell; readonly crpc?: boolean },
): Promise<FilesPlan> {
  const shop = openWorkshop(project);
  const { extension } = shop;
  const { siteUrl } = shell;
  const isCrossDomain = isOnOtherSite(shop, shell);
  const hasProcedures = crpc || (await hasOpenProcedures(shop));
  const procedures = hasProcedures
    ? [...(await planGetEnv(shop)), ...(await planProcedures(shop))]
    : [];
  const getEnv = readsEnv(shop, procedures) ? `${GET_ENV}${extension}` : undefined;
  const text = { extension, siteUrl, isCrossDomain, getEnv };
  const plugin = printCrossDomain(siteUrl);
  const cors = isCrossDomain ? printCors(siteUrl) : undefined;
  const authConfig = await planAuthConfig(shop, getEnv);
  const env = planEnvDefaults(shop, siteUrl);
  const http = await planHttp(shop, { text: printHttp(text), cors, hasProcedures });
  return {
    files: [
      ...authConfig.files,
      await createOrPatch(shop, "auth", printAuth(text), (path, before) =>
        isCrossDomain ? patchAuth({ path, text: before, plugin }) : { text: undefined },
      ),
      ...http,
      ...procedures,
      ...planTsconfig(shop),
      env,
      ...(await planGitignore(project, env.path, shop.files)),
    ],
    notes: [...authConfig.notes, ...(crpc ? routesNotes(http) : [])],
  };
}

/**
 * Plans what `kitcn init` makes beside an app's functions: lib/get-env.ts and convex/.env; with `crpc` also
 * lib/crpc.ts and its http.ts.
 *
 * @param input.planned texts by path that the same run writes
 * @throws CodegenError `UNSUPPORTED_ZOD`, `NO_ROOM_FOR_LIB`
 */
export async function planBase(
  project: Project,
  input: {
    readonly siteUrl: string;
    readonly crpc: boolean;
    readonly planned: ReadonlyMap<string, string>;
  },
): Promise<FilesPlan> {
  const shop = openWorkshop(project, input.planned);
  const files = input.crpc ? await planOpenProcedures(shop) : await planGetEnv(shop);
  const env = planEnvDefaults(shop, input.siteUrl);
  // A template's own .gitignore has it.
  const isNew = input.planned.has(join(project.root, ".gitignore"));
  const ignored = isNew ? [] : await planGitignore(project, env.path, shop.files);
  return { files: [...files, env, ...ignored], notes: getEnvNotes(shop) };
}

/** convex.config.ts; only where some table lives in the component. */
export async function planConvexConfig(
  project: Project,
  from: ComponentSource = "packaged",
): Promise<PlannedFile> {
  const shop = openWorkshop(project);
  const { extension } = shop;
  return createOrPatch(
    shop,
    "convex.config",
    printConvexConfig(componentSource(from, extension)),
    (path, text) => patchConvexConfig({ path, text, from, extension }),
  );
}

// --- internal ---

async function createOrPatch(
  shop: Workshop,
  name: string,
  text: string,
  patch: (path: string, text: string) => Patch,
): Promise<PlannedFile> {
  const found = findModule(shop, name);
  if (!found || isBlank(found.text)) return create(shop, name, text);
  const { text: after = found.text } = patch(found.path, found.text);
  return { path: found.path, before: found.text, after };
}

/**
 * True for an app on another site than its auth routes. Where kitcn did not wire the front end, an auth.ts that is
 * there knows better.
 */
function isOnOtherSite(shop: Workshop, shell: Shell): boolean {
  if (shell.kind !== "none") return shell.kind === "vite";
  return shell.found?.siteUrl !== undefined && findModule(shop, "auth") === undefined;
}

/** http.ts, and the module behind it that registers the routes where that one lacks an option. */
async function planHttp(
  shop: Workshop,
  input: {
    readonly text: string;
    readonly cors: string | undefined;
    readonly hasProcedures: boolean;
  },
): Promise<PlannedFile[]> {
  const { project, files, extension } = shop;
  const { cors, hasProcedures } = input;
  const hono = printHonoHttp({ extension, hasAuth: true });
  const text = hasProcedures ? hono : input.text;
  const found = findModule(shop, "http");
  if (!found || isBlank(found.text)) return [await create(shop, "http", text)];
  const open = printHonoHttp({ extension, hasAuth: false });
  const replaces = hasProcedures ? [input.text, open] : [open];
  const file = await createOrReplace(shop, "http", { text: hono, replaces });
  if (file.before !== file.after) return [file];
  const { path, text: before } = found;
  const read = openModules(project, files);
  const { text: after = before, elsewhere } = patchHttp({ ...found, extension, cors, read });
  return [{ path, before, after }, ...(elsewhere ? [elsewhere] : [])];
}

/** A router that its author wrote is not replaced by the one for procedures. */
function routesNotes(http: readonly PlannedFile[]): string[] {
  if (http.some(({ after }) => /\bcreateHttpRouter\b/.test(after))) return [];
  return [
    "http.ts serves no routes of procedures: it was there before. node_modules/kitcn/docs/server.md shows the one that does.",
  ];
}

async function planAuthConfig(shop: Workshop, getEnv: string | undefined): Promise<FilesPlan> {
  const file = await create(shop, "auth.config", printAuthConfig(getEnv));
  if (file.before === undefined || file.after !== file.before) return { files: [file], notes: [] };
  const path = shortPath(shop.project, file.path);
  const { text: after = file.before, note } = patchAuthConfig({ path, text: file.before });
  return { files: [{ ...file, after }], notes: note === undefined ? [] : [note] };
}

function planTsconfig({ project, files }: Workshop): PlannedFile[] {
  const path = join(project.functionsDir, "tsconfig.json");
  const before = files.read(path);
  if (before === undefined) return [];
  const version = installedIn(project, "typescript");
  const typescriptMajor = version === undefined ? undefined : Number.parseInt(version, 10);
  const { text: after = before } = patchTsconfig({ path, text: before, typescriptMajor });
  return [{ path, before, after }];
}

function planEnvDefaults({ project, files }: Workshop, siteUrl: string): PlannedFile {
  const path = envFileOf(project);
  const before = files.read(path);
  const defaults = [
    {
      name: "SITE_URL",
      value: siteUrl,
      comment: "Where your app runs. `npx kitcn env push` sends these values to your deployment.",
    },
  ];
  return { path, before, after: patchEnvFile(before, defaults) ?? before ?? "" };
}
