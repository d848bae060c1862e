// Plans the front end of a TanStack Start app: root route, auth route, page. Stages files.
import type { ObjectExpression } from "@babel/types";
import { join, relative, sep } from "node:path";
import { isElementOf, keyOf, listElements, type Module } from "../edit/index.js";
import { listCalls } from "../patch/calls.js";
import { wrapChildren } from "../patch/root.js";
import { shortPath } from "../disk/project.js";
import { printStartPage, printStartRoute, printStartServer } from "../print/client.js";
import { stageAuthPage } from "./auth-page.js";
import { authPageOf, type PageInput } from "./page-paths.js";
import { notesBelowPath } from "./base-path.js";
import { stageUi } from "./better-auth-ui.js";
import type { ShellOf } from "./detect.js";
import { listFiles } from "../workspace/find.js";
import { stagePatch, type Workspace } from "../workspace/stage.js";
import {
  jsxFormatter,
  modulesFrom,
  newModule,
  specifierOf,
  stageInStyle,
  variableOf,
  type Front,
} from "./front.js";
import type { NewProvider } from "./provider.js";
import { planRoute, START_ROUTE } from "./server.js";

/**
 * Plans the files that only TanStack Start apps have.
 *
 * @returns sentences about files that kitcn did not edit
 *
 * @throws CodegenError `LAYOUT_UNKNOWN_FORM`, `ROUTE_TAKEN`
 */
export async function planStart(
  front: Front<ShellOf<"start">>,
  input: { readonly provider: NewProvider | undefined; readonly page: PageInput | undefined },
): Promise<string[]> {
  const { ws, shell } = front;
  const { provider } = input;
  if (provider) {
    const component = { ...provider, source: specifierOf(front, shell.root, provider.path) };
    await stagePatch(ws, shell.root, (module) =>
      wrapChildren(module, { provider: component, format: jsxFormatter(module) }),
    );
  }
  await planRoute(front, {
    ...START_ROUTE,
    route: newModule(front, join(shell.routesDir, "api/auth/$.ts")),
    taken: startRoutesBelowAuth(ws, shell.routesDir),
    server: printStartServer(variableOf(front)),
    print: printStartRoute,
  });
  const notes = input.page ? await planStartPage({ ...front, ...input.page }) : [];
  return [...notes, ...notesBelowPath(front)];
}

/** Route files that answer for any path below /api/auth. */
export function startRoutesBelowAuth(ws: Workspace, routesDir: string): string[] {
  return findRoutes(ws, routesDir, /^api\/auth\/\{?-?\$/);
}

/**
 * Plans the page at /auth.
 *
 * @returns sentences about files that kitcn did not edit
 */
export async function planStartPage(front: Front<ShellOf<"start">> & PageInput): Promise<string[]> {
  const { ws } = front;
  const { routesDir } = front.shell;
  const ours = authPageOf(front);
  const isAbove = findRoutes(ws, routesDir, /^auth\//).length > 0;
  const routes = findRoutes(ws, routesDir, /^auth$/);
  const pages = routes.filter((route) => !isParent(ws, route, isAbove));
  if (front.ui)
    return stageUi(front, front.ui, {
      entry: join(routesDir, "auth.index.tsx"),
      view: join(routesDir, "auth.$path.tsx"),
      taken: [...pages, ...findRoutes(ws, routesDir, /^auth\/\{?-?\$[^/]*$/)],
      own: (path) =>
        printStartPage(specifierOf(front, path, ours), INDEX.test(path) ? "/auth/" : "/auth"),
    });
  const shown = pages.find((page) => modulesFrom(ws, [page]).some(({ path }) => path === ours));
  if (pages[0] !== undefined && shown === undefined)
    return [
      `${shortPath(ws.project, pages[0])} is your page at /auth, so kitcn did not write its own.`,
    ];
  const { path: authPage, notes } = await stageAuthPage(front);
  // `auth.tsx` would be the parent of the routes below, and would have to render them.
  const isIndex = isAbove || pages.length < routes.length;
  const page = shown ?? newModule(front, join(routesDir, isIndex ? "auth.index.tsx" : "auth.tsx"));
  const text = printStartPage(specifierOf(front, page, authPage), isIndex ? "/auth/" : "/auth");
  await stageInStyle(front, page, text);
  return [...notes];
}

// --- internal ---

/** True for a route that renders the routes below it. The page at its path is then its index route. */
function isParent(ws: Workspace, path: string, isAbove: boolean): boolean {
  const module = INDEX.test(path) ? undefined : ws.module(path);
  if (!module) return false;
  const hasOutlet = listElements(module).some((one) => isElementOf(module, one, OUTLET));
  return hasOutlet || (isAbove && !answers(module));
}

const INDEX = /(^|[./\\])index\.[jt]sx?$/;

const OUTLET = { source: "@tanstack/react-router", name: "Outlet" } as const;

/** True for a route with a component or a handler, or of an unknown form. Others only render the routes below. */
function answers(module: Module): boolean {
  const options = listCalls(module).flatMap(({ callee, arguments: [first] }) =>
    callee.type === "CallExpression" && first?.type === "ObjectExpression" ? [first] : [],
  );
  const says = (one: ObjectExpression["properties"][number]) =>
    one.type === "SpreadElement" || /^(component|server)$/.test(keyOf(one) ?? "component");
  return options.length === 0 || options.some(({ properties }) => properties.some(says));
}

/** Route files whose path, without its leading slash, matches. */
function findRoutes(ws: Workspace, routesDir: string, path: RegExp): string[] {
  return listFiles(ws, routesDir)
    .map((file) => relative(routesDir, file))
    .filter((file) => /\.[jt]sx?$/.test(file) && path.test(routePath(file)))
    .sort()
    .map((file) => join(routesDir, file));
}

/** The path of a file-based route: dots are slashes; `_layouts`, `(groups)`, index and route are not part of it. */
function routePath(file: string): string {
  return file
    .replace(/\.[jt]sx?$/, "")
    .split(sep)
    .flatMap((part) => part.split("."))
    .filter((segment) => !/^(_.*|\(.*\)|index|route|lazy)$/.test(segment))
    .map((segment) => segment.replace(/_$/, ""))
    .join("/");
}
