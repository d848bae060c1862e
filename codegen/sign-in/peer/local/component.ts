// Finds the "local install" of `@convex-dev/better-auth`: a folder of the functions directory that is the component,
// and what each of its files is for. By syntax; reads, and stages nothing.
import { basename, dirname, join, sep } from "node:path";
import type { CallExpression, Node, Statement } from "@babel/types";
import {
  findDefaultExport,
  findProperty,
  keyOf,
  listImports,
  resolveExpression,
  unwrap,
  walk,
  type Module,
} from "../../../edit/index.js";
import { isMadeWith } from "../../../modules/made-with.js";
import { importOf } from "../../../modules/names.js";
import type { ModuleReader } from "../../../modules/resolve.js";
import { openReadable, readModule } from "../../../modules/readable.js";
import { importedBy, isCallOf, listCalls, methodOf } from "../../../patch/calls.js";
import { findFunctionsModule, listFiles } from "../../../workspace/find.js";
import type { Workspace } from "../../../workspace/stage.js";
import { libraryOf, PEER } from "../../common/libraries.js";

/** A component of the library: the package's own, or a folder of the app. */
export type Mount = {
  /** As the app calls it: `components.<name>`. */
  readonly name: string;
  /** Undefined for a folder that nothing mounts: its files are as little use after the run as those of one that is. */
  readonly call?: CallExpression;
  readonly module: Module;
  /** The folder of a local one. */
  readonly folder?: string;
};

/** What a file of the folder is. The author's own functions are `own`. */
export type LocalKind = "definition" | "adapter" | "schema" | "instance" | "generated" | "own";

export type LocalFile = {
  readonly path: string;
  readonly kind: LocalKind;
  /** Undefined for what is no module, or does not parse. */
  readonly module: Module | undefined;
  /** Statements among the author's own that make an instance for the CLI of Better Auth. */
  readonly standIns: readonly Statement[];
};

/** The library's components that convex.config.ts mounts, and folders with one that nothing mounts. */
export function findMounts(ws: Workspace): Mount[] {
  const mounted = mountsIn(ws);
  return [...mounted, ...idleFolders(ws, mounted)];
}

/** Every file of a local component's folder. */
export function filesOf(ws: Workspace, folder: string): LocalFile[] {
  const read = openReadable(ws);
  return listFiles(ws, folder).map((path) => {
    if (path.startsWith(join(folder, "_generated") + sep))
      return { path, kind: "generated", module: undefined, standIns: [] };
    const module = MODULE.test(path) ? readModule(ws, path) : undefined;
    const kind = module ? kindOf(module, read) : "own";
    return {
      path,
      module,
      kind,
      standIns: module && kind === "own" ? standInsOf(module, read) : [],
    };
  });
}

/** The path of a module in the functions directory, as `api` spells it. */
export function functionsPath(ws: Workspace, path: string): string {
  return path
    .slice(ws.project.functionsDir.length + 1)
    .replace(/\.[cm]?[jt]sx?$/, "")
    .split(sep)
    .join(".");
}

/** Tables of a schema module that it spells out itself, with their nodes. */
export function ownTables(module: Module): { readonly name: string; readonly node: Node }[] {
  const found: { name: string; node: Node }[] = [];
  walk(module.program, (node) => {
    if (node.type !== "ObjectProperty") return;
    const name = keyOf(node);
    if (name === undefined || !startsWithTable(module, node.value)) return;
    found.push({ name, node });
    return false;
  });
  return found.filter(({ name }) => !TABLES.has(name) && !isGenerated(module));
}

/** True for a call of Better Auth itself. */
export function callsBetterAuth(module: Module, node: Node): boolean {
  return SERVERS.some((one) => isCallOf(module, node, one));
}

// --- internal ---

const SERVERS = ["better-auth", "better-auth/minimal"].map((source) => {
  return { source, name: "betterAuth" };
});

const MODULE = /\.[cm]?[jt]sx?$/;

/** The tables of Better Auth and the plugins around it. */
const TABLES: ReadonlySet<string> = new Set(
  (
    "user session account verification twoFactor passkey organization organizationRole member invitation team " +
    "teamMember oauthApplication oauthClient oauthAccessToken oauthRefreshToken oauthConsent jwks rateLimit " +
    "apikey ssoProvider scimProvider deviceCode walletAddress subscription"
  ).split(" "),
);

function mountsIn(ws: Workspace): Mount[] {
  const path = findFunctionsModule(ws, "convex.config");
  const module = path === undefined ? undefined : readModule(ws, path);
  if (!module) return [];
  const read = openReadable(ws);
  return listCalls(module).flatMap((call): Mount[] => {
    const [component, options] = call.arguments;
    if (methodOf(call)?.name !== "use" || component?.type !== "Identifier") return [];
    const imported = importOf(module, component.name);
    if (!imported) return [];
    const given = nameIn(options);
    if (libraryOf(imported.source) === PEER) return [{ name: given ?? "betterAuth", call, module }];
    const home = imported.name === "default" ? read(imported.source, module) : undefined;
    const made = home && definitionOf(home);
    const isInside = home?.path.startsWith(ws.project.functionsDir + sep);
    if (!home || made === undefined || !isInside) return [];
    const folder = dirname(home.path);
    if (folder === ws.project.functionsDir || !servesAdapter(ws, folder)) return [];
    return [{ name: given ?? made, call, module, folder }];
  });
}

/** `defineComponent()` in a folder that serves the library's adapter, and that no convex.config.ts takes. */
function idleFolders(ws: Workspace, mounted: readonly Mount[]): Mount[] {
  const { functionsDir } = ws.project;
  const read = openReadable(ws);
  const configs = listFiles(ws, functionsDir)
    .filter((path) => CONFIG.test(basename(path)))
    .flatMap((path) => readModule(ws, path) ?? []);
  return configs.flatMap((module): Mount[] => {
    const folder = dirname(module.path);
    const name = definitionOf(module);
    const isKnown = folder === functionsDir || mounted.some((one) => one.folder === folder);
    if (name === undefined || isKnown || !servesAdapter(ws, folder)) return [];
    const isTaken = configs.some((one) =>
      listImports(one).some(({ source }) => read(source, one)?.path === module.path),
    );
    return isTaken ? [] : [{ name, module, folder }];
  });
}

const CONFIG = /^convex\.config\.[cm]?[jt]sx?$/;

/** `{ name: "auth" }` of `app.use(component, { name: "auth" })`. */
function nameIn(options: Node | undefined): string | undefined {
  const name = options?.type === "ObjectExpression" ? findProperty(options, "name") : undefined;
  return name?.type === "ObjectProperty" && name.value.type === "StringLiteral"
    ? name.value.value
    : undefined;
}

/** What `defineComponent("name")` calls a module's default export. */
function definitionOf(module: Module): string | undefined {
  const found = findDefaultExport(module);
  const made = found?.kind === "expression" ? resolveExpression(module, found.node) : undefined;
  if (made?.type !== "CallExpression" || !isCallOf(module, made, DEFINE)) return undefined;
  const [name] = made.arguments;
  return name?.type === "StringLiteral" ? name.value : undefined;
}

const DEFINE = { source: "convex/server", name: "defineComponent" } as const;
const ADAPTER = { source: PEER.name, name: "createApi" } as const;

function servesAdapter(ws: Workspace, folder: string): boolean {
  const paths = listFiles(ws, folder).filter((path) => MODULE.test(path));
  return paths.some((path) => {
    const module = readModule(ws, path);
    return module && listCalls(module).some((call) => isCallOf(module, call, ADAPTER));
  });
}

/** Everything in a file is of its kind, or it is the author's. */
function kindOf(module: Module, read: ModuleReader): LocalKind {
  const rest = module.program.body.filter(({ type }) => !/^Import|^TS|^Empty/.test(type));
  const values = rest.map(valuesOf);
  if (rest.length === 0 || values.includes(undefined)) return "own";
  const all = values.flatMap((one) => one ?? []).map(unwrap);
  const isLocalName = (node: Node) => node.type === "Identifier";
  const are = (is: (node: Node) => boolean) =>
    all.some(is) && all.every((node) => is(node) || isLocalName(node));
  if (basename(module.path).startsWith("convex.config."))
    return are((node) => isCallOf(module, node, DEFINE)) ? "definition" : "own";
  if (are((node) => isCallOf(module, node, ADAPTER))) return "adapter";
  if (are((node) => isSchema(module, node))) return "schema";
  return are((node) => isInstance(module, node, read)) ? "instance" : "own";
}

/** The expressions that a statement gives names to, or exports; undefined for code that does more. */
function valuesOf(statement: Statement): readonly Node[] | undefined {
  if (statement.type === "ExportDefaultDeclaration") return [statement.declaration];
  if (statement.type === "ExportNamedDeclaration") {
    if (statement.source) return undefined;
    if (!statement.declaration) return [];
    return /^TS/.test(statement.declaration.type) ? [] : valuesOf(statement.declaration);
  }
  if (statement.type !== "VariableDeclaration") return undefined;
  const values = statement.declarations.map(({ init }) => init ?? undefined);
  return values.includes(undefined) ? undefined : values.flatMap((one) => one ?? []);
}

function standInsOf(module: Module, read: ModuleReader): Statement[] {
  return module.program.body.filter((statement) => {
    const values = /^(Import|TS|Empty)/.test(statement.type) ? undefined : valuesOf(statement);
    return values?.length !== 0 && values?.every((node) => isInstance(module, unwrap(node), read));
  });
}

/** `createAuth({} as any)` and `betterAuth(options({} as any))`, which only the CLI of Better Auth reads. */
function isInstance(module: Module, node: Node, read: ModuleReader): boolean {
  if (node.type !== "CallExpression") return false;
  const [given, ...others] = node.arguments;
  if (!given || others.length > 0) return false;
  const isStatic: boolean = isCallOf(module, node, { source: PEER.name, name: "getStaticAuth" });
  if (isStatic) return true;
  if (callsBetterAuth(module, node)) {
    const made = unwrap(given);
    const [context] = made.type === "CallExpression" ? made.arguments : [];
    return context !== undefined && isEmpty(context);
  }
  if (!isEmpty(given) || node.callee.type !== "Identifier") return false;
  const imported = importOf(module, node.callee.name);
  const home = imported && read(imported.source, module);
  if (!imported || !home) return false;
  return SERVERS.some(({ source }) =>
    isMadeWith({ module: home, name: imported.name }, { source, name: "betterAuth" }, read),
  );
}

function isEmpty(node: Node): boolean {
  const given = unwrap(node);
  return given.type === "ObjectExpression" && given.properties.length === 0;
}

/** `defineSchema(...)`, and an object of tables. */
function isSchema(module: Module, node: Node): boolean {
  if (isCallOf(module, node, { source: "convex/server", name: "defineSchema" })) {
    const [tables] = node.arguments;
    const given = tables && unwrap(tables);
    return given?.type === "Identifier" || (given !== undefined && isTables(module, given));
  }
  return isTables(module, node);
}

function isTables(module: Module, node: Node): boolean {
  if (node.type !== "ObjectExpression" || node.properties.length === 0) return false;
  return node.properties.every((one) => {
    if (one.type === "SpreadElement") return one.argument.type === "Identifier";
    if (one.type !== "ObjectProperty") return false;
    const value = unwrap(one.value);
    return startsWithTable(module, value) || isTableOf(value);
  });
}

/** `defineTable(...).index(...)`. */
function startsWithTable(module: Module, node: Node): boolean {
  const made = startOfChain(node);
  const name = made.type === "CallExpression" ? importedBy(module, made.callee) : undefined;
  return name?.source === "convex/server" && name.name === "defineTable";
}

/** `tables.user`, with indexes of the author's. */
function isTableOf(node: Node): boolean {
  const made = startOfChain(node);
  return made.type === "MemberExpression" && made.object.type === "Identifier";
}

function startOfChain(node: Node): Node {
  const here = unwrap(node);
  const method = here.type === "CallExpression" ? methodOf(here) : undefined;
  return method ? startOfChain(method.object) : here;
}

/** The generator's word at the top of the file. */
function isGenerated({ text }: Module): boolean {
  return /^\s*\/[/*][\s\S]{0,400}?auto-generated/.test(text);
}
