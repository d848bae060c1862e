// What the plans of front ends without React share: their files come out of templates/sites, and what an app has
// already is left alone where it does the same. Reads the workspace and the package's own files; stages.
import { basename, join } from "node:path";
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
import { isMadeWith } from "../modules/made-with.js";
import { findHome } from "../modules/names.js";
import { readTemplate } from "../packages/kitcn-package.js";
import { patchAuthClient } from "../patch/auth-client.js";
import { manualEdit } from "../patch/types.js";
import { findModule } from "../workspace/find.js";
import { stageNew, stagePatch, type Workspace } from "../workspace/stage.js";
import type { Site } from "./detect.js";
import { authClientOf, readerOf, type Front } from "./front.js";
import { frontEndLanguage, modulePath } from "./language.js";

/** A module that an app may have for other things, too. */
export type SharedModule = {
  /** Relative to the app, as that of a TypeScript module. */
  readonly file: string;
  /** What has to be among its exports, and what gives it there. */
  readonly exported: string;
  /** A function of the app's own module: whoever imports it is wired. */
  readonly uses: string;
  /** A statement to add where the module exports nothing of the name. */
  readonly statement: string;
  /** What to write where it does. */
  readonly lines: readonly string[];
};

/**
 * Stages a new file out of the template, in the app's language and style. One that is there is left alone.
 *
 * @returns its path
 */
export async function stageTemplate(front: Front<Site>, file: string): Promise<string> {
  const path = pathOf(front, file);
  await stageNew(front.ws, { path, text: textOf(front, file), style: siteStyle(front) });
  return path;
}

/** The absolute path of a template's file in the app: that of the module that is there, whatever its language. */
export function pathOf({ ws, shell }: Front<Site>, file: string): string {
  const path = join(ws.project.root, file);
  const found = findModule(ws, path.replace(/\.ts$/, ""));
  return found ?? modulePath(path, frontEndLanguage(ws.project, shell));
}

/**
 * Stages the module that exports `authClient`, or gives the app's own what Convex needs.
 *
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export async function planSiteClient(front: Front<Site>, file: string): Promise<void> {
  const { ws } = front;
  const path = authClientOf(front);
  const module = ws.module(path);
  if (!module) {
    await stageTemplate(front, file);
    return;
  }
  const readModule = readerOf(ws);
  const named = { module, name: "authClient" };
  const home = findHome(named, readModule);
  if (!home)
    throw manualEdit({
      code: "AUTH_CLIENT_UNKNOWN_FORM",
      at: locationOf(module),
      reason: "kitcn imports `authClient` from this file, but the file does not export it.",
      lines: ["// with your client's name", "export { client as authClient };"],
    });
  const isWired = ["kitcn/auth/browser", "kitcn/auth/client"].some((source) =>
    isMadeWith(named, { source, name: "convexClient" }, readModule),
  );
  if (isWired) return ws.stage(path, module.text);
  await stagePatch(ws, home.path, (one) => patchAuthClient(one, { siteUrl: undefined }));
}

/**
 * Stages a module of kitcn's own. One of the name that lacks what others import of it is refused.
 *
 * @throws CodegenError `AUTH_SERVER_TAKEN`
 */
export async function planOwnModule(
  front: Front<Site>,
  { file, exports }: { readonly file: string; readonly exports: readonly string[] },
): Promise<void> {
  const path = await stageTemplate(front, file);
  const module = front.ws.module(path);
  const missing = exports.filter((name) => module && listExports(module, name).length === 0);
  if (!module || missing.length === 0) return;
  throw manualEdit({
    code: "AUTH_SERVER_TAKEN",
    at: locationOf(module),
    reason: `kitcn would create this file, but it exists already and does not export ${missing.join(", ")}.`,
    lines: ["// rename the file, or add", ...textOf(front, file).trimEnd().split("\n")],
  });
}

/**
 * Stages a module that the app may have already: it is created, or gets one statement more.
 *
 * @throws CodegenError `HOOK_TAKEN` where it exports the name already, with the lines that join both
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
    throw manualEdit({
      code: "HOOK_TAKEN",
      at: locationOf(module, taken.statement),
      reason: `this file has its own \`${shared.exported}\`, and does not use kitcn's.`,
      lines: shared.lines,
    });
  const style = detectStyle(module);
  const statement = inStyle(shared.statement, style);
  const text = module.text.trim() === "" ? "" : `${module.text.trimEnd()}${style.eol}${style.eol}`;
  ws.stage(path, `${text}${statement}${style.eol}`);
}

/** The text of a template's file for this app. Only modules are still to be laid out. */
export function textOf({ ws, shell }: Front<Site>, file: string): string {
  const text = readTemplate(`sites/${shell.kind}/${file}`);
  const isJavaScript = frontEndLanguage(ws.project, shell) === "js";
  return isJavaScript && /\.svelte$/.test(basename(file)) ? withoutTypes(text) : text;
}

/** The habits of an app, of which a module or a component's script shows some. */
export function siteStyle({ ws }: Front<Site>, sample = SAMPLE): CodeStyle {
  const path = join(ws.project.root, sample);
  const text = ws.onDisk(path);
  const code = /<script\b[^>]*>([^]*?)<\/script>/.exec(text ?? "")?.[1];
  if (text === undefined || code === undefined) return DEFAULT_STYLE;
  return { ...detectStyle(ws.parse(code, `${path}.ts`)), eol: detectEol(text) };
}

/** A note with lines to write, where kitcn leaves a file alone. */
export function linesFor(ws: Workspace, path: string, lines: readonly string[]): string {
  const shown = lines.map((line) => `  ${line}`.trimEnd()).join("\n");
  return `kitcn did not edit ${shortPath(ws.project, path)}. Write there:\n${shown}`;
}

// --- internal ---

const SAMPLE = "src/routes/+layout.svelte";

/** True where a module imports the function, or passes it on. */
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

function inStyle(statement: string, { quote, semicolons }: CodeStyle): string {
  const quoted = quote === '"' ? statement : statement.replaceAll('"', quote);
  return semicolons ? quoted : quoted.replace(/;$/gm, "");
}

/** A component whose script is JavaScript. */
function withoutTypes(text: string): string {
  return text.replace(
    /<script lang="ts">([^]*?)<\/script>/,
    (_, code: string) => `<script>${stripTypes(code)}</script>`,
  );
}
