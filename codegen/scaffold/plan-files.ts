// Which files `kitcn add auth` creates or patches, besides the schema. Reads; decides; writes nothing.
// A file that exists is patched by its syntax tree or left alone, never replaced.
import { join } from "node:path";
import { DEFAULT_STYLE, detectStyle, parseModule, type CodeStyle } from "../edit/index.js";
import { planGitignore } from "../env/gitignore.js";
import { patchEnvFile } from "../env/env-file.js";
import { printModule } from "../format.js";
import {
  findSeenModule,
  isBlank,
  openFiles,
  openModules,
  type AppFiles,
} from "../load/load-schema.js";
import { importExtension } from "../load/module-resolution.js";
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
import { declaredSpec, envFileOf, installedIn, shortPath } from "../project.js";
import type { Shell } from "../shell/detect.js";
import { functionsLanguage, modulePath } from "../shell/language.js";
import type { FileChange, Project } from "../types.js";
import {
  printAuth,
  printAuthConfig,
  printConvexConfig,
  printCors,
  printCrossDomain,
  printHttp,
  printProcedures,
  type Extension,
} from "./texts.js";

/** A file that auth needs, as it will be. `before` and `after` are equal for one that is left alone. */
export type PlannedFile = FileChange;

export type FilesPlan = {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
};

/**
 * Plans auth.config.ts, auth.ts, http.ts, convex.config.ts, tsconfig.json, convex/.env and .gitignore.
 *
 * @throws CodegenError of the patchers: a file of a form they do not know
 */
export async function planFiles(project: Project, shell: Shell): Promise<FilesPlan> {
  const files = openFiles();
  const extension = importExtension(project, files);
  const shop = { project, files, extension, style: styleOf(project, files) };
  const { siteUrl } = shell;
  const isCrossDomain = isOnOtherSite(shop, shell);
  const text = { extension, siteUrl, isCrossDomain };
  const plugin = printCrossDomain(siteUrl);
  const cors = isCrossDomain ? printCors(siteUrl) : undefined;
  const authConfig = await planAuthConfig(shop);
  const env = planEnvDefaults(shop, siteUrl);
  return {
    files: [
      ...authConfig.files,
      await createOrPatch(shop, "auth", printAuth(text), (path, before) =>
        isCrossDomain ? patchAuth({ path, text: before, plugin }) : { text: undefined },
      ),
      ...(await planHttp(shop, printHttp(text), cors)),
      ...planTsconfig(shop),
      env,
      ...(await planGitignore(project, env.path, files)),
    ],
    notes: authConfig.notes,
  };
}

/** convex.config.ts; only where some table lives in the component. */
export async function planConvexConfig(
  project: Project,
  from: ComponentSource = "packaged",
): Promise<PlannedFile> {
  const files = openFiles();
  const extension = importExtension(project, files);
  const shop = { project, files, extension, style: styleOf(project, files) };
  return createOrPatch(
    shop,
    "convex.config",
    printConvexConfig(componentSource(from, extension)),
    (path, text) => patchConvexConfig({ path, text, from, extension }),
  );
}

/** lib/crpc.ts, for apps that want procedures. */
export async function planProcedures(project: Project): Promise<FilesPlan> {
  const files = openFiles();
  const extension = importExtension(project, files);
  const shop = { project, files, extension, style: styleOf(project, files) };
  const hasZod = declaredSpec(project, "zod") !== undefined;
  return {
    files: [await create(shop, "lib/crpc", printProcedures(extension))],
    notes: hasZod ? [] : ["Procedures check their input with zod, which package.json lacks."],
  };
}

// --- internal ---

type Workshop = {
  readonly project: Project;
  readonly files: AppFiles;
  readonly extension: Extension;
  readonly style: CodeStyle;
};

const MODULE_ENDINGS = [".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs"];

/** Modules that Convex finds by their whole name. */
const SEEN = ["schema", "auth.config", "convex.config"];

function findModule(
  { project, files }: Workshop,
  name: string,
): { path: string; text: string } | undefined {
  if (SEEN.includes(name)) {
    const path = findSeenModule(project, files, name);
    return path === undefined ? undefined : { path, text: files.read(path) ?? "" };
  }
  for (const ending of MODULE_ENDINGS) {
    const path = join(project.functionsDir, name + ending);
    const text = files.read(path);
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** New files look like the ones that are there. */
function styleOf(project: Project, files: AppFiles): CodeStyle {
  const shop = { project, files, extension: "", style: DEFAULT_STYLE } as const;
  for (const name of ["schema", "http", "convex.config", "auth.config"]) {
    const found = findModule(shop, name);
    if (found) return detectStyle(parseModule(found.text, found.path));
  }
  return DEFAULT_STYLE;
}

/** Makes a module, or fills one that is empty. */
async function create(shop: Workshop, name: string, text: string): Promise<PlannedFile> {
  const found = findModule(shop, name);
  if (found && !isBlank(found.text))
    return { path: found.path, before: found.text, after: found.text };
  const { project, files, style } = shop;
  const language = functionsLanguage(project, files);
  const path = found?.path ?? modulePath(join(project.functionsDir, `${name}.ts`), language);
  return { path, before: found?.text, after: await printModule({ path, style, text }) };
}

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
  text: string,
  cors: string | undefined,
): Promise<PlannedFile[]> {
  const { project, files, extension } = shop;
  const found = findModule(shop, "http");
  if (!found || isBlank(found.text)) return [await create(shop, "http", text)];
  const { path, text: before } = found;
  const read = openModules(project, files);
  const { text: after = before, elsewhere } = patchHttp({ ...found, extension, cors, read });
  return [{ path, before, after }, ...(elsewhere ? [elsewhere] : [])];
}

async function planAuthConfig(shop: Workshop): Promise<FilesPlan> {
  const file = await create(shop, "auth.config", printAuthConfig());
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
