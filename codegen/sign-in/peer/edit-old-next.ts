// `getToken(createAuth)` of `@convex-dev/better-auth/nextjs`, as its releases before 0.10 had it: kitcn's getToken().
// In lib/auth-server itself the handlers come with it. Into an editor; another form stays as it is.
import type { CallExpression } from "@babel/types";
import {
  addImport,
  endOf,
  freeName,
  listBindings,
  listExports,
  offsetAfterImports,
  startOf,
  type Module,
} from "../../edit/index.js";
import { importOf, type ImportedName } from "../../modules/names.js";
import { readModule } from "../../modules/readable.js";
import { authServerIn, type Front } from "../../shell/front.js";
import { importFree, takeOverImport } from "../common/edit-server.js";
import { OLD_TOKEN, PEER } from "../common/libraries.js";
import { authServerImport, frontOf } from "../common/front.js";
import type { Edit } from "../common/types.js";

/** Edits one such call. False in an app that is not one of Next, and for a call with options. */
export function editOldToken(edit: Edit, call: CallExpression): boolean {
  const { editor, gone, shell } = edit;
  const front = frontOf(edit);
  if (shell.kind !== "next" || !front || call.arguments.length !== 1) return false;
  const server = authServerIn(edit.ws, shell.base);
  const isServer = server === editor.module.path;
  if (!isServer && server !== undefined && hidesToken(readModule(edit.ws, server))) return false;
  const text = isServer ? `${nextAuth(edit)}.getToken()` : `${importToken(edit, front)}()`;
  editor.edits.update(startOf(call), endOf(call), text);
  gone.add(call.callee);
  for (const argument of call.arguments) gone.add(argument);
  return true;
}

/** Has `nextJsHandler()` of those releases be the handlers of lib/auth-server, in a route that its owner wrote. */
export function editOldHandler(edit: Edit, call: CallExpression): boolean {
  const { editor, gone, shell } = edit;
  const front = frontOf(edit);
  if (shell.kind !== "next" || !front || call.arguments.length > 0) return false;
  const handlers = addImport(editor, authServerImport(editor, front, "handlers"));
  editor.edits.update(startOf(call), endOf(call), handlers);
  gone.add(call.callee);
  return true;
}

// --- internal ---

/** True where the module has the name for something that it does not export: kitcn's cannot be added. */
function hidesToken(module: Module | undefined): boolean {
  if (!module || listExports(module, OLD_TOKEN).length > 0) return false;
  return isTaken(module, OLD_TOKEN);
}

/** What the library's own import has is free: it goes. */
function isTaken(module: Module, name: string): boolean {
  const imported = importOf(module, name);
  return listBindings(module).has(name) || (imported !== undefined && !isPeers(imported));
}

function isPeers({ source }: ImportedName): boolean {
  return PEER.sources.test(source);
}

function importToken({ editor }: Edit, front: Front): string {
  const wanted = authServerImport(editor, front, OLD_TOKEN);
  const imported = importOf(editor.module, OLD_TOKEN);
  // The library's own of that name goes.
  const isFree = imported !== undefined && isPeers(imported);
  return isFree ? takeOverImport(editor, wanted) : importFree(editor, wanted);
}

const NAMES = [
  "handlers",
  "getToken",
  "isAuthenticated",
  "preloadAuthQuery",
  "fetchAuthQuery",
  "fetchAuthMutation",
  "fetchAuthAction",
];

/** Makes the handlers in the module, with the exports that it does not have itself; at the first call alone. */
function nextAuth({ editor }: Edit): string {
  const { module, edits, style, wanted } = editor;
  const maker = { source: "kitcn/auth/nextjs", name: "createNextAuth" };
  const name = freeName(module, "nextAuth");
  if (wanted.some((one) => one.source === maker.source && one.name === maker.name)) return name;
  const create = addImport(editor, maker);
  const names = NAMES.filter(
    (one) => listExports(module, one).length === 0 && !isTaken(module, one),
  );
  const end = style.semicolons ? ";" : "";
  const lines = [
    "",
    `const ${name} = ${create}()${end}`,
    "",
    "export const {",
    ...names.map((one) => `${style.indent}${one},`),
    `} = ${name}${end}`,
    "",
  ];
  edits.appendRight(offsetAfterImports(module), lines.join(style.eol));
  return name;
}
