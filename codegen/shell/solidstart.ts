// Plans the front end of a SolidStart app: server module and middleware, auth route, client, provider, page.
// Stages new files. Of the app's files, it edits vite.config, the list of middleware, and what the app renders.
import { join, resolve } from "node:path";
import { shortPath } from "../disk/project.js";
import { listImports, type Module } from "../edit/index.js";
import type { PageContent } from "../page/print.js";
import { wrapReturned } from "../patch/returned.js";
import {
  findStartOptions,
  optionOf,
  patchMiddleware,
  patchStartMiddleware,
  unknownOptions,
} from "../patch/solid-start.js";
import { findModule, listFiles } from "../workspace/find.js";
import { stagePatch } from "../workspace/stage.js";
import { notesBelowPath } from "./base-path.js";
import type { ShellOf } from "./detect.js";
import { jsxFormatter, modulesFrom, specifierOf, type Front } from "./front.js";
import { planNodeTypes } from "./node-types.js";
import { pathOf, planOwnModule, planSiteClient, stageTemplate, type SiteInput } from "./site.js";
import { planSitePage, planSiteRoute } from "./site-routes.js";
import { viteConfigOf } from "./solidstart-form.js";

type Solid = Front<ShellOf<"solidstart">>;

/**
 * Stages everything that a SolidStart app needs for auth.
 *
 * @returns sentences about files that kitcn did not edit
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`, `AUTH_SERVER_TAKEN`, `HOOK_TAKEN`, `LAYOUT_UNKNOWN_FORM`,
 *   `ROUTE_TAKEN`
 */
export async function planSolidStart(front: Solid, { page }: SiteInput): Promise<string[]> {
  await planSiteClient(front);
  await planOwnModule(front, SERVER);
  await planOwnModule(front, CONVEX);
  await planSiteRoute(front, {
    file: "src/routes/api/auth/[...all].ts",
    taken: routesAt(front, /^api\/auth\/\[\.\.\.[^\]/]+\]$/),
    ours: /\bkitcn\/auth\/web\b|\/auth-server\b/,
  });
  await planMiddleware(front);
  await planProvider(front);
  const notes = page ? await planPage(front, page) : [];
  planNodeTypes(front.ws);
  return [...notes, ...notesBelowPath(front)];
}

// --- internal ---

const SERVER = { file: "src/lib/auth-server.ts", exports: ["auth", "handleAuth"] };

const CONVEX = { file: "src/lib/convex.tsx", exports: ["ConvexAuthProvider"] };

const MIDDLEWARE = "src/middleware/index.ts";

/** Adds kitcn's middleware to the app's own. Without any, creates a module for it, and names that in vite.config. */
async function planMiddleware(front: Solid): Promise<void> {
  const { ws } = front;
  const config = viteConfigOf(ws);
  const options = config && findStartOptions(config);
  // The shell was found by them.
  if (!config || !options) throw new Error("A SolidStart app calls solidStart() in vite.config.");
  const named = optionOf(config, options, "middleware");
  if (named === undefined) {
    const path = await stageTemplate(front, MIDDLEWARE);
    const file = `./${shortPath({ root: ws.project.root }, path)}`;
    await stagePatch(ws, config.path, (module) => patchStartMiddleware(module, file));
    await addMiddleware(front, path);
    return;
  }
  const own = pathOf(front, MIDDLEWARE);
  const path = named === "unknown" ? undefined : middlewareAt(front, String(named.value), own);
  if (path === undefined) throw unknownOptions(config, `./${shortPath(ws.project, own)}`);
  if (path === own && !ws.has(own)) await stageTemplate(front, MIDDLEWARE);
  await addMiddleware(front, path);
  ws.stage(config.path, config.text);
}

async function addMiddleware(front: Solid, path: string): Promise<void> {
  const server = pathOf(front, SERVER.file);
  await stagePatch(front.ws, path, (module) =>
    patchMiddleware(module, { name: "handleAuth", source: specifierOf(front, path, server) }),
  );
}

/**
 * The module that the option `middleware` names: relative to the package's folder, or to src after `~/`. It is there, or
 * is `own`, which kitcn writes.
 */
function middlewareAt({ ws, shell }: Solid, named: string, own: string): string | undefined {
  const path = named.startsWith("~/")
    ? join(shell.base, named.slice(2))
    : resolve(ws.project.root, named);
  if (path === own) return own;
  if (/\.[cm]?[jt]sx?$/.test(path)) return ws.has(path) ? path : undefined;
  return findModule(ws, path) ?? findModule(ws, join(path, "index"));
}

async function planProvider(front: Solid): Promise<void> {
  const { ws, shell } = front;
  const path = pathOf(front, CONVEX.file);
  const isThere = modulesFrom(ws, [shell.app]).some(isInside);
  await stagePatch(ws, shell.app, (module) => {
    if (isThere) return { text: undefined };
    const provider = { name: "ConvexAuthProvider", source: specifierOf(front, shell.app, path) };
    return wrapReturned(module, { provider, format: jsxFormatter(module) });
  });
}

function isInside(module: Module): boolean {
  return listImports(module).some(
    ({ imported, typeOnly }) => imported === "ConvexAuthProvider" && !typeOnly,
  );
}

function planPage(front: Solid, content: PageContent): Promise<string[]> {
  const file = "src/routes/auth/index.tsx";
  // A layout renders the pages below it.
  const isPage = (path: string) => !/\.children\b/.test(front.ws.read(path) ?? "");
  return planSitePage(front, { file, pages: routesAt(front, /^auth$/).filter(isPage), content });
}

/** Route files whose address, without groups and `index`, matches. */
function routesAt({ ws, shell }: Solid, address: RegExp): string[] {
  return listFiles(ws, shell.routesDir).filter((path) => {
    const file = shortPath({ root: shell.routesDir }, path);
    const parts = file.replace(/\.[jt]sx?$/, "").split("/");
    const shown = parts
      .map((one) => one.replace(/\([^)]+\)/g, ""))
      .filter((one, index) => one !== "" && !(one === "index" && index === parts.length - 1));
    return /\.[jt]sx?$/.test(file) && address.test(shown.join("/"));
  });
}
