// Finds what signs users in to an app today: providers, servers, routes, entries of auth.config, middleware, hooks.
// Over every module that runs, by the names they import. Reads; decides nothing about what is written.
import { join } from "node:path";
import type { CallExpression, Node } from "@babel/types";
import { listElements, specifiersOf, textOf, walk, type Module } from "../edit/index.js";
import { findPackageName, importOf, type ImportedName } from "../modules/names.js";
import type { ModuleReader } from "../modules/resolve.js";
import { listCalls, methodOf } from "../patch/calls.js";
import { listForeignRoutes } from "../patch/auth-routes.js";
import { openReadable } from "../modules/readable.js";
import type { Shell } from "../shell/detect.js";
import { foreignRoutes } from "../shell/foreign-routes.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { ownSites } from "./common/own-sites.js";
import { foreignEntries } from "./common/auth-config.js";
import {
  BOUND_PROVIDERS,
  BY_HAND,
  CONVEX_AUTH,
  CONVEX_AUTH_MIDDLEWARE,
  libraryOf,
  OLD_START,
  OLD_TOKEN,
  PEER,
  SERVERS,
  type Library,
} from "./common/libraries.js";
import { isWrapped, memberOf, typesOf, type Following } from "./common/find-members.js";
import { findClient, findServer } from "./peer/local/home.js";
import { findMounts } from "./peer/local/component.js";
import { HANDLER, handlersOf, isWhole } from "./edit-routes.js";
import { oldIdsIn } from "./convex-auth/old-ids.js";
import { findOptionsHome } from "./peer/options-home.js";
import { middlewareOf, modulesThatRun } from "./common/roots.js";
import type { Found } from "./common/types.js";

/** Every such place, in the order of files and lines. */
export function findSignIn(ws: Workspace, shell: Shell): Found[] {
  const read = openReadable(ws);
  const modules = modulesThatRun(ws, shell);
  const following = followingOf(ws, read);
  const uses = modules.flatMap((module) => usesIn(ws, module, following));
  const hasOldIds = uses.some(({ part }) => part === "tables");
  const all = [
    ...uses,
    ...(hasOldIds ? modules.flatMap((module) => oldIdsIn(module)) : []),
    ...routesIn(ws, following),
    ...entriesOf(entriesIn(ws), uses),
    ...handlersIn(ws, shell, read),
  ];
  const replaced = new Set(all.filter(isWhole).map(({ module }) => module));
  // An entry of auth.config is a call of its library, too, and a route that is replaced names its handler.
  const found = all.filter(
    (one) =>
      one.part !== "use" ||
      (all.every((other) => other === one || other.node !== one.node) &&
        !(one.library === PEER && replaced.has(one.module))),
  );
  return found.sort(
    (a, b) => compare(a.module.path, b.module.path) || (a.node.start ?? 0) - (b.node.start ?? 0),
  );
}

// --- internal ---

/** The entries, by who made them. An app of the peer works by one of them: the only one for "convex" is its own. */
function entriesOf(entries: readonly Found[], uses: readonly Found[]): Found[] {
  const made = entries.map((entry) => withMaker(entry, uses));
  const isPeers = uses.some(({ library }) => library === PEER);
  const others = uses.some(({ library }) => library === CONVEX_AUTH || library.vendor);
  if (!isPeers || others || made.some(({ isInTheWay }) => isInTheWay)) return made;
  const own = made.filter(({ module, node }) => FOR_CONVEX.test(textOf(module, node)));
  if (own.length !== 1) return made;
  return made.map((one) => (own.includes(one) ? { ...one, library: PEER, isInTheWay: true } : one));
}

const FOR_CONVEX = /applicationID["']?\s*:\s*["']convex["']/;

/** An entry that names the deployment itself was also written for the peer's older releases. */
function withMaker(entry: Found, uses: readonly Found[]): Found {
  const isUsed = (library: Library) => uses.some((one) => one.library === library);
  const isOfPeer = entry.library === CONVEX_AUTH && isUsed(PEER) && !isUsed(CONVEX_AUTH);
  return isOfPeer ? { ...entry, library: PEER } : entry;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What has the options is looked up once: that reads the app's modules. */
function followingOf(ws: Workspace, read: ModuleReader): Following {
  let homes: ReadonlySet<string | undefined> | undefined;
  return { read, isHome: ({ path }) => (homes ??= authFiles(ws)).has(path) };
}

/** Elements and calls of a module whose names lead to a library. */
function usesIn(ws: Workspace, module: Module, following: Following): Found[] {
  const { read, isHome } = following;
  const nameOf = (node: Node) => findPackageName(module, textOf(module, node), read);
  const elements = listElements(module).flatMap((element): Found[] => {
    const name = nameOf(element.openingElement.name);
    const library = name && providerLibrary(name);
    if (!name || !library) return [];
    const isBound = BOUND_PROVIDERS.has(name.name);
    const part = isBound || /Provider$/.test(name.name) ? "provider" : "use";
    const isInTheWay = isBound || (library === PEER && name.name === "AuthBoundary");
    return [{ library, part, module, node: element, name: name.name, isInTheWay }];
  });
  const calls = listCalls(module).flatMap((call): Found[] => {
    const name = nameOf(call.callee);
    const library = name && libraryOf(name.source);
    if (!name) return [...vendorMember(module, call, read), ...memberOf(module, call, following)];
    if (library) return [callOf(ws, { module, node: call, name, library, isHome })];
    const isMade = BY_HAND.sources.test(name.source) && name.name === "betterAuth";
    if (!isMade) return [];
    const shared = { part: "server", module, node: call, name: name.name } as const;
    const maker = imports(module, PEER) ? PEER : BY_HAND;
    return [{ ...shared, library: maker, isInTheWay: isHome(module) }];
  });
  const servers = calls.filter(({ part }) => part === "server");
  const hasMiddleware = calls.some(({ name }) => name === CONVEX_AUTH_MIDDLEWARE);
  const isPartOf = ({ node, part, name }: Found) =>
    (part === "use" && servers.length > 0 && PLUGINS.has(name)) ||
    (part === "middleware" && hasMiddleware && MIDDLEWARE_PART.test(name)) ||
    (!IN_OPTIONS.test(name) &&
      servers.some((one) => one.node !== node && isInside(node, one.node)));
  return [
    ...elements,
    // What a server is made of goes with it.
    ...calls.filter((one) => !isPartOf(one)),
    ...typesOf(module, following),
    ...tablesIn(module, read),
    ...componentIn(ws, module),
    ...handlersOf(module, read).map((node): Found => {
      return { library: PEER, part: "use", module, node, name: HANDLER, isInTheWay: true };
    }),
  ];
}

/** The peer's, which callbacks of the options call. */
const IN_OPTIONS = /^(require(Action|RunMutation)Ctx|getAuth|getHeaders|createAuth)$/;

/** Calls of the peer's package outside of what auth.ts makes. */
const PACKAGE_CALL = new RegExp(
  `^(require(Action|RunMutation)Ctx|usePreloadedAuthQuery|convex|crossDomain|${OLD_TOKEN})$`,
);

/** What a middleware of Convex Auth is made of. */
const MIDDLEWARE_PART =
  /^(createRouteMatcher|nextjsMiddlewareRedirect|isAuthenticatedNextjs|convexAuthNextjsToken)$/;

/** Those that are a part of the options, wherever in auth.ts they are. */
const PLUGINS: ReadonlySet<string> = new Set(["convex", "crossDomain", "Password", "Anonymous"]);

function isInside(node: Node, outer: Node): boolean {
  return (outer.start ?? 0) <= (node.start ?? 0) && (node.end ?? 0) <= (outer.end ?? 0);
}

/** `auth.protect()`, `clerkClient.users.getUser(id)`: calls of what a service exports. */
function vendorMember(module: Module, call: CallExpression, read: ModuleReader): Found[] {
  const spelled = textOf(module, call.callee);
  const [object = "", ...members] = spelled.split(".");
  const name = members.length > 0 ? findPackageName(module, object, read) : undefined;
  const library = name && libraryOf(name.source);
  if (!name || !library?.vendor) return [];
  const shared = { library, module, node: call, name: [name.name, ...members].join(".") };
  return [{ ...shared, part: "use", isInTheWay: false }];
}

function providerLibrary({ source, name }: ImportedName): Library | undefined {
  if (source === "convex/react") return name === "ConvexProviderWithAuth" ? BY_HAND : undefined;
  return libraryOf(source);
}

function callOf(
  ws: Workspace,
  input: Pick<Following, "isHome"> & {
    module: Module;
    node: Node;
    name: ImportedName;
    library: Library;
  },
): Found {
  const { module, name, library } = input;
  // A default export is known by the name that the module gives it.
  const spelled = name.name === "default" ? spelledIn(module, input.node) : name.name;
  const shared = { library, module, node: input.node, name: spelled };
  if (middlewareOf(ws).includes(module.path))
    return { ...shared, part: "middleware", isInTheWay: library === CONVEX_AUTH };
  const isHome = SERVERS.has(name.name) && input.isHome(module);
  if (SERVERS.has(name.name) && (isHome || inFunctions(ws, module)))
    return { ...shared, part: "server", isInTheWay: isHome };
  // Plugins and providers of auth.ts go where it goes.
  if (/^(convexClient|crossDomainClient)$/.test(name.name))
    return { ...shared, part: "client", isInTheWay: true };
  // Without the library's provider the hook gives nothing, and its id is of another table.
  if (library === CONVEX_AUTH && TAKEN_CALLS.has(name.name))
    return { ...shared, part: "use", isInTheWay: true };
  // It goes with its package.
  if (library === PEER && (PACKAGE_CALL.test(name.name) || OLD_START.has(name.name)))
    return { ...shared, part: "use", isInTheWay: true };
  const isServer = /^(convexBetterAuthNextJs|convexBetterAuthReactStart)$/.test(name.name);
  return { ...shared, part: isServer ? "route" : "use", isInTheWay: isServer };
}

function spelledIn(module: Module, node: Node): string {
  return textOf(module, node.type === "CallExpression" ? node.callee : node);
}

const TAKEN_CALLS: ReadonlySet<string> = new Set([
  "useAuthActions",
  "getAuthUserId",
  "convexAuthNextjsToken",
  "isAuthenticatedNextjs",
]);

function inFunctions(ws: Workspace, { path }: Module): boolean {
  return path.startsWith(join(ws.project.functionsDir, "/"));
}

/** The path of auth.ts, and those of modules that come to it, or pass their definition to it. */
function authFiles(ws: Workspace): ReadonlySet<string | undefined> {
  const auth = findFunctionsModule(ws, "auth");
  return new Set([auth, findOptionsHome(ws), findServer(ws)?.path, findClient(ws)?.path]);
}

function imports(module: Module, { sources }: Library): boolean {
  return module.program.body.some(
    (one) => one.type === "ImportDeclaration" && sources.test(one.source.value),
  );
}

/** `...authTables` in a schema. */
function tablesIn(module: Module, read: ModuleReader): Found[] {
  const found: Found[] = [];
  walk(module.program, (node) => {
    if (node.type !== "SpreadElement") return;
    const name = findPackageName(module, textOf(module, node.argument), read);
    if (name?.name !== "authTables" || libraryOf(name.source) !== CONVEX_AUTH) return;
    const shared = { library: CONVEX_AUTH, module, node, name: name.name };
    found.push({ ...shared, part: "tables", isInTheWay: false });
  });
  return found;
}

/** `app.use(betterAuth)`, with the component of a library, be it in a folder of the app. */
function componentIn(ws: Workspace, module: Module): Found[] {
  return listCalls(module).flatMap((call): Found[] => {
    const [component] = call.arguments;
    if (methodOf(call)?.name !== "use" || component?.type !== "Identifier") return [];
    const imported = importOf(module, component.name);
    const isLocal = findMounts(ws).some((one) => one.call === call && one.folder !== undefined);
    const library = isLocal ? PEER : imported && libraryOf(imported.source);
    if (!library) return [];
    const shared = { library, module, node: call, name: component.name };
    return [{ ...shared, part: "component", isInTheWay: false }];
  });
}

/** What answers below /api/auth on the router of http.ts. */
function routesIn(ws: Workspace, following: Following): Found[] {
  const path = findFunctionsModule(ws, "http");
  const http = path === undefined ? undefined : ws.module(path);
  if (!http) return [];
  return listForeignRoutes(http, following.read).map(({ module, call }) => ({
    library: routeLibrary(call),
    part: "http",
    module,
    node: call,
    name: textOf(module, call.callee),
    isInTheWay: true,
    isWrapped: isWrapped(module, call, following),
  }));
}

function routeLibrary(call: Parameters<typeof methodOf>[0]): Library {
  return methodOf(call)?.name === "addHttpRoutes" ? CONVEX_AUTH : PEER;
}

/** Routes of the front end below /api/auth that do not have kitcn's handlers. */
function handlersIn(ws: Workspace, shell: Shell, read: ModuleReader): Found[] {
  const modules = foreignRoutes(ws, shell).flatMap((path) => ws.module(path) ?? []);
  return modules.flatMap((module): Found[] => {
    const behind = [...specifiersOf(module)].flatMap((source) => read(source, module) ?? []);
    const libraries = [module, ...behind].flatMap((one) =>
      [...specifiersOf(one)].flatMap((source) => libraryOf(source) ?? []),
    );
    const [library] = libraries;
    const shared = { module, node: module.program, name: "/api/auth", part: "route" } as const;
    // One that the user wrote is refused where kitcn's would go, with the lines to write.
    return library ? [{ ...shared, library, isInTheWay: true }] : [];
  });
}

/** Entries of auth.config.ts that are not kitcn's. */
function entriesIn(ws: Workspace): Found[] {
  const path = findFunctionsModule(ws, "auth.config");
  const module = path === undefined ? undefined : ws.module(path);
  if (!module) return [];
  return foreignEntries(module, ownSites(ws.project)).map(
    ({ node, library, name, isOwnDomain }) => ({
      library,
      part: "auth-config",
      module,
      node,
      name,
      isInTheWay: isOwnDomain,
    }),
  );
}
