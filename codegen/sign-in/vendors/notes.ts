// What the owner of an app looks at once a service is gone from its code: ids of its users in the rows, its webhooks,
// its variables, its packages. Reads modules and names of variables; never a value.
import { basename, join } from "node:path";
import type { Node, StringLiteral } from "@babel/types";
import { shortPath } from "../../disk/project.js";
import { isNode, keyOf, textOf, walk, type Module } from "../../edit/index.js";
import { openReadable, readModule } from "../../modules/readable.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { readEnvironment } from "../../env/deployment.js";
import { listCalls, methodOf } from "../../patch/calls.js";
import { findFunctionsModule, listOwnFiles } from "../../workspace/find.js";
import type { Workspace } from "../../workspace/stage.js";
import { VENDORS, WORKOS, type Library } from "../common/libraries.js";
import { identityReads } from "./identities.js";
import { nodesAround } from "../common/references.js";
import { placeOf } from "../common/places.js";

/** The services' packages in package.json that no file of the app imports any more. */
export function unusedPackages(ws: Workspace): string[] {
  const named = namedPackages(ws, VENDORS);
  const paths = named.length === 0 ? [] : sourcesOf(ws);
  return named.filter((name) => !paths.some((path) => names(ws, path, name)));
}

/** True where another file of the app has the name of a module in quotes, be it a test or a story. */
export function isMentioned(ws: Workspace, { path }: Module): boolean {
  const name = basename(path).replace(/\.\w+$/, "");
  const quoted = new RegExp(`/${name.replaceAll(/\W/g, "\\$&")}(\\.[cm]?[jt]sx?)?["'\`]`);
  return sourcesOf(ws).some((other) => other !== path && quoted.test(ws.read(other) ?? ""));
}

/**
 * What is left to look at, as sentences.
 *
 * @param services.gone those that nothing of the app asks any more: a provider that stays reads its variables
 */
export function notesOfLeaving(
  ws: Workspace,
  modules: readonly Module[],
  services: { readonly libraries: readonly Library[]; readonly gone: readonly Library[] },
): string[] {
  const { libraries, gone } = services;
  return [
    ...idNotes(ws, modules, libraries),
    ...claimNotes(ws, modules),
    ...webhookNotes(ws, libraries),
    ...provisionNotes(ws, gone),
    ...packageNotes(ws, gone),
    ...variableNotes(ws, gone),
  ];
}

// --- internal ---

/** Style sheets import the looks of a service's elements. */
const SOURCE = /\.([cm]?[jt]sx?|mdx|vue|svelte|astro|css|s[ac]ss|less|pcss)$/;

function sourcesOf(ws: Workspace): string[] {
  return listOwnFiles(ws, ws.project.root).filter((path) => SOURCE.test(path));
}

/** Packages of these services that package.json names. */
function namedPackages({ project }: Workspace, libraries: readonly Library[]): string[] {
  const { dependencies, devDependencies } = project.packageJson;
  return Object.keys({ ...dependencies, ...devDependencies }).filter((name) =>
    libraries.some(({ vendor }) => vendor?.packages.test(name)),
  );
}

/** True for a file that imports a package, or configures a bundler for it; one that mentions it in a text does not. */
function names(ws: Workspace, path: string, name: string): boolean {
  const text = ws.read(path) ?? "";
  if (!text.includes(name)) return false;
  const isOf = (source: string) => source === name || source.startsWith(`${name}/`);
  if (CONFIG.test(path))
    return [`"${name}"`, `'${name}'`, `"${name}/`, `'${name}/`].some((one) => text.includes(one));
  const module = /\.[cm]?[jt]sx?$/.test(path) ? readModule(ws, path) : undefined;
  if (module) return sourcesIn(module).some(isOf);
  return [...text.matchAll(QUOTED)].some(([, source]) => source !== undefined && isOf(source));
}

const CONFIG = /\.config\.[cm]?[jt]s$/;

/** Where other languages name a module: style sheets, Vue, Svelte, and modules that do not parse. */
const QUOTED =
  /(?:\bfrom|\bimport|\brequire|@(?:import|use|forward|plugin|config|reference|source)|\burl)\s*\(?\s*["']([^"']+)["']/g;

/** What a module takes from elsewhere, types and `require()` included. */
function sourcesIn(module: Module): string[] {
  const sources: string[] = [];
  walk(module.program, (node) => {
    if ("source" in node && isText(node.source)) sources.push(node.source.value);
    if (node.type === "TSImportType") sources.push(textOf(module, node.argument).slice(1, -1));
    if (node.type === "TSExternalModuleReference") sources.push(node.expression.value);
    if (node.type !== "CallExpression") return;
    const [given] = node.arguments;
    const loads =
      node.callee.type === "Import" ||
      /^(require|import\.meta\.resolve|(vi|jest)\.mock)\b/.test(textOf(module, node.callee));
    if (loads && isText(given)) sources.push(given.value);
  });
  return sources;
}

function isText(node: unknown): node is StringLiteral {
  return isNode(node) && node.type === "StringLiteral";
}

/** Files that no page and no function leads to keep a package, too. */
function packageNotes(ws: Workspace, libraries: readonly Library[]): string[] {
  const named = namedPackages(ws, libraries);
  const paths = named.length === 0 ? [] : sourcesOf(ws);
  return named.flatMap((name) => {
    const files = paths.filter((path) => names(ws, path, name));
    if (files.length === 0) return [];
    const list = files.map((path) => shortPath(ws.project, path)).join(", ");
    const verb = files.every((path) => CONFIG.test(path)) ? "names" : "imports";
    return [`${name} stays installed: ${list} still ${verb} it.`];
  });
}

/** Where functions read other members of the token: the service put them in, and kitcn's token has its own. */
function claimNotes(ws: Workspace, modules: readonly Module[]): string[] {
  const read = openReadable(ws);
  const lines = modules.flatMap((module) => {
    if (!module.path.startsWith(join(ws.project.functionsDir, "/"))) return [];
    return identityReads(module, read).flatMap(({ node, name }) => {
      const { file, line } = placeOf(ws, { module, node });
      return SAME.has(name) ? [] : [`  ${file}:${line}  identity.${name}`];
    });
  });
  if (lines.length === 0) return [];
  return [
    [
      "These lines read claims of the service's token. kitcn's token has the fields of the user in auth.ts by their own names, such as name, email and image:",
      ...lines,
      "For others, return them from `convex({ jwt: { definePayload } })` in auth.ts, or read the user's row with a query.",
    ].join("\n"),
  ];
}

/** What the tokens of both have, or idNotes() tells of. */
const SAME: ReadonlySet<string> = new Set([
  "subject",
  "tokenIdentifier",
  "issuer",
  "name",
  "email",
  "emailVerified",
]);

/** Where functions take the id of the service's user from the token, and the lines that map the rows. */
function idNotes(
  ws: Workspace,
  modules: readonly Module[],
  libraries: readonly Library[],
): string[] {
  const read = openReadable(ws);
  const inFunctions = modules.filter(({ path }) =>
    path.startsWith(join(ws.project.functionsDir, "/")),
  );
  const uses = inFunctions.flatMap((module) =>
    idsIn(module, read).map((one) => ({ module, ...one })),
  );
  if (uses.length === 0) return [];
  const lines = uses.map(({ module, node, name, column }) => {
    const { file, line } = placeOf(ws, { module, node });
    return `  ${file}:${line}  identity.${name}${column === undefined ? "" : `, kept in ${column}`}`;
  });
  const columns = [...new Set(uses.flatMap(({ column }) => column ?? []))];
  const names = libraries.map(({ name }) => name).join(" and ");
  const imports = libraries.map(
    ({ users, name }) => `  npx kitcn import ${users ?? "csv"} <export of ${name}'s users> --yes`,
  );
  const rewrites = (columns.length > 0 ? columns : ["<table.field>"]).map(
    (column) => `  npx kitcn import --rewrite ${column}`,
  );
  const hasTokens = uses.some(({ name }) => name === "tokenIdentifier");
  return [
    [
      `These lines read the user's id from the token. It was the id of ${names}, and is now the _id of kitcn's user:`,
      ...lines,
      "To replace the old ids in your rows, run:",
      ...imports,
      ...rewrites,
      ...(hasTokens
        ? [
            "A tokenIdentifier is the issuer, then the id. --rewrite only replaces plain ids, so store identity.subject in the rows first.",
          ]
        : []),
    ].join("\n"),
  ];
}

type IdUse = {
  readonly node: Node;
  readonly name: string;
  /** `table.field`, where the module says it. */
  readonly column: string | undefined;
};

function idsIn(module: Module, read: ModuleReader): IdUse[] {
  const found: IdUse[] = [];
  // A module that asks for the identity may hand it on in ways that are not followed.
  const isAsked = module.text.includes("getUserIdentity");
  const reads = new Set(isAsked ? [] : identityReads(module, read).map(({ node }) => node));
  walk(module.program, (node) => {
    if (node.type !== "MemberExpression" && node.type !== "OptionalMemberExpression") return;
    const { property } = node;
    if (node.computed || property.type !== "Identifier") return;
    if (property.name !== "subject" && property.name !== "tokenIdentifier") return;
    const isNamed = IDENTITY.test(textOf(module, node.object));
    const around = nodesAround(module, node);
    if (!isNamed && !(isAsked ? !isArgument(around, node.object) : reads.has(node))) return;
    found.push({ node, name: property.name, column: columnOf(module, around) });
  });
  return found;
}

/** What builders of functions put into the context is known by its name alone. */
const IDENTITY = /(^|\W|_)(\w*I|i)dentity!?$/;

/** True for the second parameter of a function around it: the arguments that a caller of Convex gives. */
function isArgument(around: readonly Node[], object: Node): boolean {
  if (object.type !== "Identifier") return false;
  return around.some((one) => {
    const given = "params" in one && Array.isArray(one.params) ? one.params[1] : undefined;
    return isNode(given) && given.type === "Identifier" && given.name === object.name;
  });
}

/** Of `insert("notes", { userId: identity.subject })`, and of a look-up by an index. */
function columnOf(module: Module, around: readonly Node[]): string | undefined {
  const member = around.find(({ type }) => type === "ObjectProperty");
  for (const one of around) {
    // What is made with an id, as a name for display, is no id.
    if (one.type === "TemplateLiteral" || one.type === "BinaryExpression") return undefined;
    if (one.type !== "CallExpression") continue;
    const [first] = one.arguments;
    if (first?.type !== "StringLiteral") continue;
    const method = methodOf(one)?.name;
    if (method === "insert" && member)
      return `${first.value}.${member.type === "ObjectProperty" ? (keyOf(member) ?? "") : ""}`;
    if (method !== "eq") continue;
    const chain = around.map((outer) => textOf(module, outer));
    const table = chain.flatMap((text) => /\.query\(\s*["'](\w+)["']/.exec(text)?.[1] ?? [])[0];
    return table === undefined ? undefined : `${table}.${first.value}`;
  }
  return undefined;
}

/** Routes of http.ts that the service calls when its users change. */
function webhookNotes(ws: Workspace, libraries: readonly Library[]): string[] {
  const path = findFunctionsModule(ws, "http");
  const module = path === undefined ? undefined : ws.module(path);
  if (!module) return [];
  return listCalls(module).flatMap((call) => {
    const [given] = call.arguments;
    if (methodOf(call)?.name !== "route" || given?.type !== "ObjectExpression") return [];
    const text = textOf(module, given);
    const route = /path:\s*["'`]([^"'`]*)/.exec(text)?.[1] ?? "";
    const library = libraries.find(({ name }) =>
      new RegExp(name.split(" ")[0] ?? name, "i").test(route),
    );
    if (!library) return [];
    const { file, line } = placeOf(ws, { module, node: call });
    return [
      `${file}:${line} ${route} is called by ${library.name} when its users change. Move what it does into \`triggers: { user: { create: { after } } }\` of defineAuth(). Remove the route when nobody signs in with ${library.name} any more.`,
    ];
  });
}

/** The convex CLI sets up WorkOS for an app that asks for it there. */
function provisionNotes(ws: Workspace, libraries: readonly Library[]): string[] {
  const text = ws.read(join(ws.project.root, "convex.json"));
  if (!libraries.includes(WORKOS) || !text || !/"authKit"\s*:/.test(text)) return [];
  return [
    'convex.json has "authKit": so the convex CLI keeps setting up WorkOS. Remove that member.',
  ];
}

/** Names of variables alone: a value is nobody's business here. */
function variableNotes(ws: Workspace, libraries: readonly Library[]): string[] {
  const texts = sourcesOf(ws).flatMap((path) => ws.read(path) ?? []);
  const before = sourcesOf(ws).flatMap((path) => ws.onDisk(path) ?? []);
  const mentioned = before.flatMap((text) =>
    [...text.matchAll(/\benv\.(\w+)/g)].map(([, one]) => one),
  );
  const names = new Set([...Object.keys(readEnvironment(ws.project)), ...mentioned]);
  const unused = [...names].filter(
    (name): name is string =>
      name !== undefined &&
      libraries.some(({ vendor }) => vendor?.variables.test(name)) &&
      !texts.some((text) => text.includes(name)),
  );
  if (unused.length === 0) return [];
  return [
    `No longer needed: ${unused.sort().join(", ")}. Remove them from .env files, from your host, and from the deployment: npx convex env remove <name>`,
  ];
}
