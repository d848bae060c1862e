// Shared by the plans of front ends without React. Their files come from templates/sites. A file that the app already
// has stays as it is if it does the same. Reads the workspace and the package's own files; stages files.
import { join } from "node:path";
import { clientNotExported, hookOfOwn, serverLacks } from "../errors/edits-front.js";
import { shortPath } from "../disk/project.js";
import {
  DEFAULT_STYLE,
  detectEol,
  detectStyle,
  listExports,
  listImports,
  locationOf,
  stripTypes,
  type CodeStyle,
  type Module,
} from "../edit/index.js";
import type { PageContent } from "../page/print.js";
import { isMadeWith } from "../modules/made-with.js";
import { findHome } from "../modules/names.js";
import { readTemplate } from "../packages/kitcn-package.js";
import { patchAuthClient } from "../patch/auth-client.js";
import type { Project } from "../types.js";
import { findModule } from "../workspace/find.js";
import { stageNew, stagePatch, type Workspace } from "../workspace/stage.js";
import type { Site } from "./detect.js";
import { authClientOf, readerOf, specifierOf, type Front } from "./front.js";
import { frontEndLanguage, modulePath } from "./language.js";

/** What the plan of a front end is made for. */
export type SiteInput = {
  /** What the page at /auth has; undefined for an app that gets none. */
  readonly page: PageContent | undefined;
  /** The package with the functions. */
  readonly backend: Project;
};

/** A module that an app may already have, for other purposes. */
export type SharedModule = {
  /** Relative to the app, with the extension of a TypeScript module. */
  readonly file: string;
  /** The name that it must export. */
  readonly exported: string;
  /** A function of kitcn's module in the app. A module that imports it needs no edit. */
  readonly uses: string;
  /** The statement to add if the module does not export that name. */
  readonly statement: string;
  /** The lines to print if it does. */
  readonly lines: readonly string[];
};

/**
 * Stages a new file from the template, in the app's language and style. A file that exists stays as it is.
 *
 * @returns its path
 */
export async function stageTemplate(front: Front<Site>, file: string): Promise<string> {
  const path = pathOf(front, file);
  await stageNew(front.ws, { path, text: textOf(front, file), style: siteStyle(front) });
  return path;
}

/** The absolute path of a template's file in the app. A module that exists may have another language. */
export function pathOf({ ws, shell }: Front<Site>, file: string): string {
  const { base } = TEMPLATES[shell.kind];
  const isInBase = file.startsWith(`${base}/`);
  const path = isInBase ? join(shell.base, file.slice(base.length)) : join(ws.project.root, file);
  const found = findModule(ws, path.replace(/\.tsx?$/, ""));
  return found ?? modulePath(path, frontEndLanguage(ws.project, shell));
}

/**
 * Stages the module that exports `authClient`, or adds what Convex needs to the app's own.
 *
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export async function planSiteClient(front: Front<Site>): Promise<void> {
  const { ws, shell } = front;
  const path = authClientOf(front);
  const module = ws.module(path);
  if (!module) {
    await stageTemplate(front, TEMPLATES[shell.kind].client);
    return;
  }
  const readModule = readerOf(ws);
  const named = { module, name: "authClient" };
  const home = findHome(named, readModule);
  if (!home)
    throw clientNotExported({
      at: locationOf(module),
      lines: ["// replace client with the name of your client", "export { client as authClient };"],
    });
  const isWired = ["kitcn/auth/browser", "kitcn/auth/client"].some((source) =>
    isMadeWith(named, { source, name: "convexClient" }, readModule),
  );
  if (isWired) return ws.stage(path, module.text);
  await stagePatch(ws, home.path, (one) => patchAuthClient(one, { siteUrl: undefined }));
}

/**
 * Stages a module of kitcn's. Refuses a module of that path that lacks what other files import from it.
 *
 * @throws CodegenError `AUTH_SERVER_TAKEN`
 */
export async function planOwnModule(
  front: Front<Site>,
  {
    file,
    exports,
    mentions = [],
  }: {
    readonly file: string;
    readonly exports: readonly string[];
    /** Words of its text, for what it gives to other files without an export. */
    readonly mentions?: readonly string[];
  },
): Promise<void> {
  const path = await stageTemplate(front, file);
  const module = front.ws.module(path);
  if (!module) return;
  const unexported = exports.filter((name) => listExports(module, name).length === 0);
  const absent = mentions.filter((name) => !module.text.includes(name));
  if (unexported.length + absent.length === 0) return;
  const lack =
    unexported.length > 0 ? `export ${unexported.join(", ")}` : `have ${absent.join(", ")}`;
  throw serverLacks({
    at: locationOf(module),
    lack,
    lines: ["// rename the file, or add", ...textOf(front, file).trimEnd().split("\n")],
  });
}

/**
 * Stages a module that the app may already have: creates it, or adds one statement.
 *
 * @throws CodegenError `HOOK_TAKEN` if it already exports the name, with the lines that combine both
 */
export async function planSharedModule(front: Front<Site>, shared: SharedModule): Promise<void> {
  const { ws } = front;
  const path = pathOf(front, shared.file);
  const module = ws.module(path);
  if (!module) {
    await stageTemplate(front, shared.file);
    return;
  }
  if (isUsed(module, shared.uses)) return ws.stage(path, module.text);
  const [taken] = listExports(module, shared.exported);
  if (taken)
    throw hookOfOwn({
      at: locationOf(module, taken.statement),
      name: shared.exported,
      uses: shared.uses,
      lines: shared.lines,
    });
  const style = detectStyle(module);
  const statement = inStyle(shared.statement, style);
  const text = module.text.trim() === "" ? "" : `${module.text.trimEnd()}${style.eol}${style.eol}`;
  ws.stage(path, `${text}${statement}${style.eol}`);
}

/** The text of a template's file for this app. The caller formats modules. */
export function textOf(front: Front<Site>, file: string): string {
  const { ws, shell } = front;
  const template = withIncludes(readTemplate(`sites/${shell.kind}/${file}`));
  const text = withClient(front, file, template);
  const isJavaScript = frontEndLanguage(ws.project, shell) === "js";
  return isJavaScript && /\.(svelte|vue)$/.test(file) ? withoutTypes(text) : text;
}

/** The code style of an app, as one of its files shows it: a module, or the script of a component. */
export function siteStyle({ ws, shell }: Front<Site>): CodeStyle {
  const named = join(ws.project.root, TEMPLATES[shell.kind].sample);
  const path = findModule(ws, named) ?? named;
  const text = ws.onDisk(path);
  const code = path === named ? /<script\b[^>]*>([^]*?)<\/script>/.exec(text ?? "")?.[1] : text;
  if (text === undefined || code === undefined) return DEFAULT_STYLE;
  const module = ws.parse(code, path === named ? `${path}.ts` : path);
  return { ...detectStyle(module), eol: detectEol(text) };
}

/** A note about a file that kitcn does not edit, with the lines to add. */
export function linesFor(ws: Workspace, path: string, lines: readonly string[]): string {
  const shown = lines.map((line) => `  ${line}`.trimEnd()).join("\n");
  return `kitcn did not edit ${shortPath(ws.project, path)}. Add to it:\n${shown}`;
}

// --- internal ---

/**
 * Of each framework: the folder of its templates that becomes the app's `base`, the template of the auth client, and a
 * file that shows the app's style.
 */
const TEMPLATES: Readonly<
  Record<Site["kind"], { readonly base: string; readonly client: string; readonly sample: string }>
> = {
  sveltekit: {
    base: "src",
    client: "src/lib/auth-client.ts",
    sample: "src/routes/+layout.svelte",
  },
  nuxt: { base: "app", client: "app/utils/auth-client.ts", sample: "nuxt.config" },
  solidstart: { base: "src", client: "src/lib/auth-client.ts", sample: "src/app" },
};

/** True for a module that imports the function, or exports it from its module. */
function isUsed(module: Module, name: string): boolean {
  const isImported = listImports(module).some((one) => one.imported === name && !one.typeOnly);
  return isImported || module.program.body.some((one) => passesOn(one, name));
}

function passesOn(statement: Module["program"]["body"][number], name: string): boolean {
  if (statement.type !== "ExportNamedDeclaration" || !statement.source) return false;
  return statement.specifiers.some(
    (one) =>
      one.type === "ExportSpecifier" && one.local.type === "Identifier" && one.local.name === name,
  );
}

/** Puts what several templates share in the place of its line, as far to the right as that line. */
function withIncludes(text: string): string {
  return text.replace(/^([ \t]*)\/\/ @include (\S+)$/gm, (_, indent: string, file: string) =>
    readTemplate(`sites/${file}`)
      .trimEnd()
      .replace(/^(?=.)/gm, indent),
  );
}

/** Has the text import the auth client from where the app has one. */
function withClient(front: Front<Site>, file: string, text: string): string {
  const client = authClientOf(front);
  const usual = pathOf(front, TEMPLATES[front.shell.kind].client);
  if (client === usual || !front.ws.has(client)) return text;
  const specifier = specifierOf(front, pathOf(front, file), client);
  return text.replace(/(?<= from )"[^"]*\/auth-client"/, JSON.stringify(specifier));
}

function inStyle(statement: string, { quote, semicolons }: CodeStyle): string {
  const quoted = quote === '"' ? statement : statement.replaceAll('"', quote);
  return semicolons ? quoted : quoted.replace(/;$/gm, "");
}

/** The component with a script in JavaScript. */
function withoutTypes(text: string): string {
  return text.replace(
    /<script( setup)? lang="ts">([^]*?)<\/script>/,
    (_, setup = "", code: string) => `<script${setup}>${stripTypes(code)}</script>`,
  );
}
