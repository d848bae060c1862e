// Puts kitcn's routes into a user's http.ts. Pure: text in, text out; refuses what it does not understand.
import type { Node, Statement } from "@babel/types";
import { noRouter, routerElsewhere, routerNotMade } from "../errors/edits-backend.js";
import {
  addImport,
  endOf,
  findDefaultExport,
  findProperty,
  finishEdit,
  freeName,
  insertMembers,
  listImports,
  locationOf,
  openEditor,
  resolveExpression,
  startOf,
  textOf,
  unwrap,
  type Editor,
  type Module,
} from "../edit/index.js";
import type { ModuleReader } from "../modules/resolve.js";
import { findAuthRoutes, HTTP_SOURCE, isAuthHandler } from "./auth-routes.js";
import { bindingOf, importedBy, isCallOf, listCalls } from "./calls.js";
import { hono, taken, routerLines } from "./http-refusals.js";
import { endStatement, insertAfter, insertBefore, startWithComments } from "./statements.js";
import type { Patch } from "./types.js";

export type HttpPatchInput = {
  /** How relative imports end in this app. */
  readonly extension: "" | ".js";
  /** A property for the options of registerRoutes, where browsers on another site call the routes. */
  readonly cors?: string | undefined;
  /** The modules of the app, for routes that one of them registers. */
  readonly read: ModuleReader;
};

/** `elsewhere` is the text of another module, where that one registers the routes. */
export type HttpPatch = Patch & {
  readonly elsewhere?: { readonly path: string; readonly text: string };
};

/**
 * Registers the auth routes on the router that http.ts exports.
 *
 * @throws CodegenError `HTTP_UNKNOWN_FORM`, `HTTP_HONO`, `HTTP_AUTH_TAKEN`
 * @example
 * patchHttp(module, { extension: "", read });
 */
export function patchHttp(module: Module, { extension, cors, read }: HttpPatchInput): HttpPatch {
  const { ours, foreign } = findAuthRoutes(module, read);
  if (ours) {
    const withCors = cors === undefined ? undefined : addCors(ours, cors);
    if (ours === module || withCors === undefined) return { text: withCors };
    return { text: undefined, elsewhere: { path: ours.path, text: withCors } };
  }
  const place = findRouter(module, extension);
  if (foreign) throw taken(foreign, extension);
  const editor = openEditor(module);
  const register = addImport(editor, { source: HTTP_SOURCE, name: "registerRoutes" });
  const handler = importHandler(editor, extension);
  const options = cors === undefined ? "" : `, { ${inStyle(editor, cors)} }`;
  if (place.kind === "inline") wireInline(editor, place, { register, handler, options });
  else {
    const call = [endStatement(editor, `${register}(${place.name}, ${handler}${options})`)];
    if (place.before) insertBefore(editor, place.before, call);
    else insertAfter(editor, place.after, ["", ...call]);
  }
  return { text: finishEdit(editor) };
}

// --- internal ---

const ROUTERS = [
  { source: "convex/server", name: "httpRouter" },
  { source: "convex/server", name: "HttpRouter" },
] as const;

type Place =
  | {
      readonly kind: "named";
      readonly name: string;
      readonly before: Statement;
      readonly after?: never;
    }
  | {
      readonly kind: "named";
      readonly name: string;
      readonly before?: never;
      readonly after: Statement;
    }
  | { readonly kind: "inline"; readonly node: Node; readonly statement: Statement };

/** The option, on routes that are registered already. Routes that the user wired by hand stay theirs. */
function addCors(module: Module, cors: string): string | undefined {
  const call = listCalls(module).find((one) =>
    isCallOf(module, one, { source: HTTP_SOURCE, name: "registerRoutes" }),
  );
  const options = call?.arguments[2];
  if (!call || (options && options.type !== "ObjectExpression")) return undefined;
  if (options && findProperty(options, "cors")) return undefined;
  const editor = openEditor(module);
  const last = call.arguments[1];
  if (options) insertMembers(editor, options, [inStyle(editor, cors)]);
  else if (last) editor.edits.appendLeft(endOf(last), `, { ${inStyle(editor, cors)} }`);
  return finishEdit(editor);
}

function inStyle({ style }: Editor, code: string): string {
  return code.replaceAll('"', style.quote);
}

/** Who has `getAuth` there has loaded Better Auth already. */
function importHandler(editor: Editor, extension: string): string {
  const existing = listImports(editor.module).find(isAuthHandler);
  if (existing) return existing.local;
  return addImport(editor, { source: `./generated/routes${extension}`, name: "authRoutes" });
}

function findRouter(module: Module, extension: string): Place {
  const found = findDefaultExport(module);
  const at = locationOf(module, found?.statement);
  const lines = routerLines(extension);
  if (found?.kind !== "expression")
    throw found ? routerElsewhere({ at, source: found.source, lines }) : noRouter({ at, lines });
  const node = unwrap(found.node);
  const made = resolveExpression(module, node);
  if (!ROUTERS.some((router) => isCallOf(module, made, router)))
    throw isHono(module, made) ? hono(module, made, extension) : routerNotMade({ at, lines });
  const binding = bindingOf(module, node);
  if (!binding) return { kind: "inline", node: found.node, statement: found.statement };
  const isBelow = startOf(found.statement) > startOf(binding.statement);
  return isBelow
    ? { kind: "named", name: binding.name, before: found.statement }
    : { kind: "named", name: binding.name, after: binding.statement };
}

/** `export default httpRouter()` gets a name, and the routes between. */
function wireInline(
  editor: Editor,
  { node, statement }: Extract<Place, { kind: "inline" }>,
  { register, handler, options }: { register: string; handler: string; options: string },
): void {
  const { module, edits, style } = editor;
  const name = freeName(module, "http");
  const lines = [
    endStatement(editor, `const ${name} = ${textOf(module, node)}`),
    "",
    endStatement(editor, `${register}(${name}, ${handler}${options})`),
    "",
    "",
  ];
  edits.appendLeft(startWithComments(module, statement), lines.join(style.eol));
  edits.update(startOf(node), node.end ?? startOf(node), name);
}

function isHono(module: Module, node: Node): boolean {
  if (node.type !== "NewExpression" && node.type !== "CallExpression") return false;
  const maker = importedBy(module, node.callee);
  return (
    /^(HttpRouterWithHono|createHttpRouter)$/.test(maker?.name ?? "") ||
    listImports(module).some(({ source }) => /^hono(\/|$)/.test(source))
  );
}
