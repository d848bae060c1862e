// The functions at the end of a middleware that kitcn writes: what a request asks for, and where visitors go.
// Texts into an editor; which pages are closed is the caller's business.
import { addImport } from "../../edit/index.js";
import type { Edit } from "../edits.js";
import { frontOf, importAuthServer } from "./front.js";

/** Names of the functions below. */
export const MIDDLEWARE_HELPERS: readonly string[] = [
  "refuseVisitor",
  "redirectTo",
  "isOneOf",
  "pathOf",
];

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
  const pattern = signIn.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  append(
    edit,
    end,
    `/** Sends visitors to the sign-in page. Undefined for users, and for what signs them in. */
async function refuseVisitor(request${type}) {
  const path = pathOf(request);
  if (/^${pattern}\\/?$/.test(path) || path.startsWith("/api/auth/")) return undefined;
  if (await ${asked}()) return undefined;
  return ${response}.redirect(new URL(request.nextUrl.basePath + "${signIn}", request.url));
}

${asksPaths ? printIsOneOf(type) : ""}${printPathOf(type)}`,
  );
}

/** Adds what a middleware calls that sends people to pages of its own choice. */
export function addRedirectHelpers(
  edit: Edit,
  { end, asksPaths, redirects }: { end: number; asksPaths: boolean; redirects: boolean },
): void {
  const type = typeOfRequest(edit);
  const text = type === "" ? "" : ": string";
  const redirectTo = redirects
    ? `/** Sends a request to another page of the app, with the same query. */
function redirectTo(request${type}, path${text}) {
  const url = request.nextUrl.clone();
  url.pathname = path;
  return ${importResponse(edit)}.redirect(url);
}

`
    : "";
  append(edit, end, `${redirectTo}${asksPaths ? printIsOneOf(type) : ""}${printPathOf(type)}`);
}

// --- internal ---

function importResponse({ editor }: Edit): string {
  return addImport(editor, { source: "next/server", name: "NextResponse" });
}

function append({ editor }: Edit, end: number, text: string): void {
  editor.edits.appendRight(end, `\n\n${text}`.replaceAll("\n", editor.style.eol));
}

function printIsOneOf(type: string): string {
  const list = type === "" ? "" : ": readonly RegExp[]";
  return `function isOneOf(request${type}, routes${list}) {
  const path = pathOf(request);
  return routes.some((route) => route.test(path));
}

`;
}

function printPathOf(type: string): string {
  return `/** The path as Next looks for its page. */
function pathOf(request${type}) {
  return decodeURI(request.nextUrl.pathname).replace(/\\/\\/+/g, "/");
}`;
}
