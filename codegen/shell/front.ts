// Shared by the plans of front ends: paths of modules, their specifiers, and their code style.
// Reads the workspace; stages only the texts that callers pass.
import { basename, join } from "node:path";
import { createFormatter } from "../edit/format.js";
import {
  DEFAULT_STYLE,
  detectStyle,
  type CodeStyle,
  type JsxFormatter,
  type Module,
} from "../edit/index.js";
import { importExtension, relativeSpecifier } from "../load/module-resolution.js";
import { reachableFrom } from "../modules/reach.js";
import { openModules, type ModuleReader } from "../modules/resolve.js";
import type { ReadVariable } from "../print/client.js";
import { findModule, listOwnFiles } from "../workspace/find.js";
import { stageNew, type Workspace } from "../workspace/stage.js";
import { ENV_PREFIX, type FrontEnd } from "./detect.js";
import { entriesOf, frontEndLanguage, modulePath } from "./language.js";

/** A front end of an app. */
export type Front<S extends FrontEnd = FrontEnd> = {
  readonly ws: Workspace;
  readonly shell: S;
};

/** Resolves imports to the front end's modules, without those of the functions directory. */
export function readerOf(ws: Workspace): ModuleReader {
  return openModules(ws, { except: ws.project.functionsDir });
}

/** The entries and every module that they import, nearest first. */
export function modulesFrom(ws: Workspace, entries: readonly string[]): Module[] {
  return reachableFrom(
    entries.flatMap((path) => ws.module(path) ?? []),
    readerOf(ws),
  );
}

/** Path of the module that exports `authClient`, under a usual name or wired already; it may not exist yet. */
export function authClientOf(front: Front): string {
  const { ws, shell } = front;
  return (
    authClientIn(ws, shell.base) ??
    wiredClient(ws) ??
    newModule(front, join(shell.base, "lib/auth-client.ts"))
  );
}

/** Path of lib/auth-server, which makes the handlers of the auth routes; it may not exist yet. */
export function authServerOf(front: Front): string {
  const { ws, shell } = front;
  return authServerIn(ws, shell.base) ?? newModule(front, `${join(shell.base, AUTH_SERVER)}.ts`);
}

/** Path of the lib/auth-server that a folder has; undefined if it has none. */
export function authServerIn(ws: Workspace, base: string): string | undefined {
  return findModule(ws, join(base, AUTH_SERVER));
}

/** Path of the module below a folder that has a usual name of an auth client; undefined if none exists. */
export function authClientIn(ws: Workspace, base: string): string | undefined {
  const [found] = CLIENT_NAMES.flatMap((name) => findModule(ws, join(base, name)) ?? []);
  return found;
}

/** The path of a new module in the app's language, from the path of a TypeScript module. */
export function newModule({ ws, shell }: Front, path: string): string {
  return modulePath(path, frontEndLanguage(ws.project, shell));
}

/** The specifier of a module, as another one imports it. */
export function specifierOf({ ws, shell }: Front, from: string, to: string): string {
  return relativeSpecifier(from, to, importExtension(ws, shell.base));
}

/** Gives the expression that reads a variable of the build. */
export function variableOf({ shell }: Front): ReadVariable {
  const isBundledByVite = /^(vite|start|solidstart)$/.test(shell.kind);
  const env = isBundledByVite ? "import.meta.env." : "process.env.";
  return (name) => env + ENV_PREFIX[shell.kind] + name;
}

/** Formats JSX in the style of a module. */
export function jsxFormatter(module: Module): JsxFormatter {
  return createFormatter({ path: module.path, style: detectStyle(module) }).jsx;
}

/** Stages a new file, which looks like the module that the front end starts with. */
export function stageInStyle(front: Front, path: string, text: string): Promise<void> {
  return stageNew(front.ws, { path, text, style: styleOf(front) });
}

// --- internal ---

const wired = new WeakMap<Workspace, string | undefined>();

/** The one module elsewhere in the package that makes the client which Convex is given: a second one would not know of its sign-ins. */
function wiredClient(ws: Workspace): string | undefined {
  if (wired.has(ws)) return wired.get(ws);
  const found = listOwnFiles(ws, ws.project.root).filter((path) => {
    if (!/\.[cm]?[jt]sx?$/.test(path) || !/auth|client/i.test(basename(path))) return false;
    const text = ws.read(path) ?? "";
    return (
      /\bcreateAuthClient\(/.test(text) &&
      /\bexport const authClient\b/.test(text) &&
      WIRED.test(text)
    );
  });
  const only = found.length === 1 ? found[0] : undefined;
  wired.set(ws, only);
  return only;
}

/** The plugin of kitcn, or the one whose place it takes. */
const WIRED =
  /\bconvexClient\b[^;]*\bfrom\s*["'](kitcn\/auth\/client|@convex-dev\/better-auth\/client\/plugins)["']/;

const AUTH_SERVER = "lib/auth-server";

const CLIENT_NAMES = ["lib/auth-client", "auth-client", "lib/auth/client", "utils/auth-client"];

function styleOf({ ws, shell }: Front): CodeStyle {
  const [entry = ""] = entriesOf(shell);
  const text = ws.onDisk(entry);
  return text === undefined ? DEFAULT_STYLE : detectStyle(ws.parse(text, entry));
}
