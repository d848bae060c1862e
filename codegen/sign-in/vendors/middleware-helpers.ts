// The functions at the end of a middleware that kitcn writes: what a request asks for, and where visitors go.
// Texts into an editor; which pages are closed is the caller's business.
import { addImport, freeName, type Module } from "../../edit/index.js";
import { frontOf, importAuthServer } from "../common/front.js";
import { ownRoutesBelowAuth } from "./own-routes.js";
import type { Edit } from "../common/types.js";

/** Names of the functions that a middleware gains, which no variable of the author's has. */
export type HelperNames = Readonly<
  Record<"refuseVisitor" | "redirectTo" | "isOneOf" | "pathOf", string>
>;

/** The names for one module, by the text that it has before the edits. */
export function helperNames(module: Module): HelperNames {
  return {
    refuseVisitor: freeName(module, "refuseVisitor"),
    redirectTo: freeName(module, "redirectTo"),
    isOneOf: freeName(module, "isOneOf"),
    pathOf: freeName(module, "pathOf"),
  };
}

/** How the middleware itself begins, up to its parameters. */
export function printHead(module: Module): string {
  const name = /(^|[/\\])proxy\.\w+$/.test(module.path) ? "proxy" : "middleware";
  return `export default async function ${freeName(module, name)}`;
}

/** A condition that is true for the paths of kitcn's route, but not for the app's own routes below /api/auth. */
export function printIsForAuth(edit: Edit, { path, request }: Texts): string {
  const own = ownRoutesOf(edit);
  const isBelow = `${path}.startsWith("/api/auth/")`;
  if (own.length === 0) return isBelow;
  const { isOneOf } = helperNames(edit.editor.module);
  return `${isBelow} && !${isOneOf}(${request}, [${own.join(", ")}])`;
}

/** The code of a path, and the name of the request that it is of. */
type Texts = { readonly path: string; readonly request: string };

/** The type of a request, with its colon; nothing in JavaScript. */
export function typeOfRequest({ editor }: Edit): string {
  if (!/\.[cm]?tsx?$/.test(editor.module.path)) return "";
  return `: ${addImport(editor, { source: "next/server", name: "NextRequest", typeOnly: true })}`;
}

/** Adds what a middleware calls that sends visitors to one page. */
export function addVisitorHelpers(
  edit: Edit,
  { end, asksPaths, signIn }: { end: number; asksPaths: boolean; signIn: string },
): void {
  const front = frontOf(edit);
  if (!front) return;
  const asked = importAuthServer(edit, front, "isAuthenticated");
  const response = importResponse(edit);
  const type = typeOfRequest(edit);
  const names = helperNames(edit.editor.module);
  const isForAuth = printIsForAuth(edit, { path: "path", request: "request" });
  const pattern = signIn.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  append(
    edit,
    end,
    `/** Sends visitors to the sign-in page. Undefined for users, and for what signs them in. */
async function ${names.refuseVisitor}(request${type}) {
  const path = ${names.pathOf}(request);
  if (/^${pattern}\\/?$/.test(path) || (${isForAuth})) return undefined;
  if (await ${asked}()) return undefined;
  return ${response}.redirect(new URL(request.nextUrl.basePath + "${signIn}", request.url));
}

${printPaths(edit, { asksPaths, type })}`,
  );
}

/** Adds the helpers of a middleware that chooses the page to which it redirects. */
export function addRedirectHelpers(
  edit: Edit,
  { end, asksPaths, redirects }: { end: number; asksPaths: boolean; redirects: boolean },
): void {
  const type = typeOfRequest(edit);
  const text = type === "" ? "" : ": string";
  const names = helperNames(edit.editor.module);
  const redirectTo = redirects
    ? `/** Sends a request to another page of the app, with the same query. */
function ${names.redirectTo}(request${type}, path${text}) {
  const url = request.nextUrl.clone();
  url.pathname = path;
  return ${importResponse(edit)}.redirect(url);
}

`
    : "";
  append(edit, end, redirectTo + printPaths(edit, { asksPaths, type }));
}

// --- internal ---

function importResponse({ editor }: Edit): string {
  return addImport(editor, { source: "next/server", name: "NextResponse" });
}

function append({ editor }: Edit, end: number, text: string): void {
  editor.edits.appendRight(end, `\n\n${text}`.replaceAll("\n", editor.style.eol));
}

function ownRoutesOf({ ws, shell }: Edit): string[] {
  return shell.kind === "next" ? ownRoutesBelowAuth(ws, shell.base) : [];
}

/** What a middleware asks about paths. */
function printPaths(
  edit: Edit,
  { asksPaths, type }: { readonly asksPaths: boolean; readonly type: string },
): string {
  const names = helperNames(edit.editor.module);
  const asksList = asksPaths || ownRoutesOf(edit).length > 0;
  return `${asksList ? printIsOneOf(names, type) : ""}${printPathOf(names, type)}`;
}

function printIsOneOf({ isOneOf, pathOf }: HelperNames, type: string): string {
  const list = type === "" ? "" : ": readonly RegExp[]";
  return `function ${isOneOf}(request${type}, routes${list}) {
  const path = ${pathOf}(request);
  return routes.some((route) => route.test(path));
}

`;
}

function printPathOf({ pathOf }: HelperNames, type: string): string {
  return `/** The path as Next looks for its page. */
function ${pathOf}(request${type}) {
  return decodeURI(request.nextUrl.pathname).replace(/\\/\\/+/g, "/");
}`;
}
