// Which module has the options of an app of `@convex-dev/better-auth`: auth.ts, or another one that makes the client and the
// instance. There kitcn edits them in place, and auth.ts passes the definition on: the functions of that module keep their
// names. Stages that line alone.
import { join } from "node:path";
import {
  findDefaultExport,
  listImports,
  openEditor,
  finishEdit,
  type Module,
} from "../../edit/index.js";
import { importExtension, relativeSpecifier } from "../../load/module-resolution.js";
import { openReadable, readModule } from "../../modules/readable.js";
import { isCallOf, listCalls } from "../../patch/calls.js";
import { functionsLanguage, modulePath } from "../../shell/language.js";
import { findFunctionsModule, isBlank } from "../../workspace/find.js";
import type { Workspace } from "../../workspace/stage.js";
import { CLIENT } from "../common/find-members.js";
import { callsBetterAuth, filesOf, findMounts } from "./local/component.js";
import { sourcesOf } from "./local/sources.js";

/** The path of auth.ts, or of the one other module that has the options. */
export function findOptionsHome(ws: Workspace): string | undefined {
  const auth = findFunctionsModule(ws, "auth");
  return isFree(ws, auth) ? (findElsewhere(ws, auth)?.path ?? auth) : auth;
}

/** Has auth.ts export the definition of another module. */
export function stagePassedOn(ws: Workspace, home: string): void {
  const found = findFunctionsModule(ws, "auth");
  if (found === home) return;
  const path = found ?? modulePath(join(ws.project.functionsDir, "auth.ts"), functionsLanguage(ws));
  const source = relativeSpecifier(path, home, importExtension(ws));
  const line = (quote: string, end: string) =>
    `export { default } from ${quote}${source}${quote}${end}`;
  const module = found === undefined ? undefined : ws.module(found);
  if (!module || isBlank(module.text)) return ws.stage(path, `${line('"', ";")}\n`);
  const editor = openEditor(module);
  const { eol, quote, semicolons } = editor.style;
  const before = module.text.endsWith("\n") ? eol : eol + eol;
  editor.edits.append(before + line(quote, semicolons ? ";" : "") + eol);
  ws.stage(path, finishEdit(editor));
}

// --- internal ---

/** True for an auth.ts that can pass a definition on. */
function isFree(ws: Workspace, auth: string | undefined): boolean {
  const module = auth === undefined ? undefined : readModule(ws, auth);
  if (!module) return auth === undefined || isBlank(ws.read(auth) ?? "");
  if (findDefaultExport(module) || module.program.directives.length > 0) return false;
  return !listCalls(module).some((call) => callsBetterAuth(module, call));
}

/** The module that makes the instance and has its own client, if there is exactly one. Not looked for in the folder of a local component, whose options move. */
function findElsewhere(ws: Workspace, auth: string | undefined): Module | undefined {
  const folders = findMounts(ws).flatMap(({ folder }) => folder ?? []);
  const local = new Set(folders.flatMap((one) => filesOf(ws, one).map(({ path }) => path)));
  const made = sourcesOf(ws).flatMap((path) => {
    if (path === auth || local.has(path) || TEST.test(path)) return [];
    if (!/\bbetterAuth\s*\(/.test(ws.read(path) ?? "")) return [];
    const module = readModule(ws, path);
    return module && listCalls(module).some((call) => callsBetterAuth(module, call))
      ? [module]
      : [];
  });
  const [only, ...others] = made.filter((module) => hasClient(ws, module));
  if (!only || others.length > 0 || only.program.directives.length > 0) return undefined;
  return only;
}

const TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;

/** True where the module, or one that it imports, makes the library's client. */
function hasClient(ws: Workspace, module: Module): boolean {
  const read = openReadable(ws);
  const imported = listImports(module).flatMap(({ source }) => read(source, module) ?? []);
  return [module, ...imported].some((one) =>
    listCalls(one).some((call) => isCallOf(one, call, CLIENT)),
  );
}
