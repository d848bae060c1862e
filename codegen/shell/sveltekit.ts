// Plans the front end of a SvelteKit app: server module and hooks, auth route, client, the root layout's set-up, page.
// Stages new files. Of the app's files, it edits the root layout's script and adds missing exports.
import { join } from "node:path";
import { shortPath } from "../disk/project.js";
import { listExports } from "../edit/index.js";
import { patchSvelteLayout } from "../patch/svelte-layout.js";
import type { PageContent } from "../page/print.js";
import type { Project } from "../types.js";
import { listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { notesBelowPath } from "./base-path.js";
import { planConvexJson } from "./convex-json.js";
import type { ShellOf } from "./detect.js";
import type { Front } from "./front.js";
import { frontEndLanguage } from "./language.js";
import { planNodeTypes } from "./node-types.js";
import {
  linesFor,
  pathOf,
  planOwnModule,
  planSharedModule,
  planSiteClient,
  stageTemplate,
  textOf,
  type SharedModule,
  type SiteInput,
} from "./site.js";
import { planSitePage, planSiteRoute, routeOf } from "./site-routes.js";

type Kit = Front<ShellOf<"sveltekit">>;

/**
 * Stages everything that a SvelteKit app needs for auth.
 *
 * @returns sentences about files that kitcn did not edit
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`, `AUTH_SERVER_TAKEN`, `HOOK_TAKEN`, `LAYOUT_UNKNOWN_FORM`,
 *   `ROUTE_TAKEN`
 */
export async function planSvelteKit(front: Kit, input: SiteInput): Promise<string[]> {
  const { ws } = front;
  const { page, backend } = input;
  if (ws.project.root === backend.root) planConvexJson(ws);
  await planSiteClient(front);
  await planOwnModule(front, SERVER);
  await planOwnModule(front, SET_UP);
  await planRoute(front);
  for (const shared of SHARED) await planSharedModule(front, shared);
  const notes = await planTransport(front);
  await planLayout(front);
  const more = page ? await planPage(front, page) : [];
  planNodeTypes(ws);
  return [...notes, ...more, ...outsideNotes(ws, backend), ...notesBelowPath(front)];
}

// --- internal ---

const SERVER = { file: "src/lib/server/auth.ts", exports: ["auth", "handleAuth", "loadAuth"] };

const SET_UP = { file: "src/lib/convex-auth.svelte.ts", exports: ["setupConvexAuth"] };

const SHARED: readonly SharedModule[] = [
  {
    file: "src/hooks.server.ts",
    exported: "handle",
    uses: "handleAuth",
    statement: 'export { handleAuth as handle } from "$lib/server/auth";',
    lines: [
      'import { handleAuth } from "$lib/server/auth";',
      'import { sequence } from "@sveltejs/kit/hooks";',
      "",
      "// replace yourHandle with the name of your handle",
      "export const handle = sequence(handleAuth, yourHandle);",
    ],
  },
  {
    file: "src/routes/+layout.server.ts",
    exported: "load",
    uses: "loadAuth",
    statement: 'export { loadAuth as load } from "$lib/server/auth";',
    lines: [
      'import { loadAuth } from "$lib/server/auth";',
      "",
      "// add this to the object that your load returns",
      "return { ...(await loadAuth(event)) };",
    ],
  },
];

const ROUTE = "src/routes/api/auth/[...all]/+server.ts";

/** Any route that answers for all paths below /api/auth. */
function planRoute(front: Kit): Promise<void> {
  const { ws, shell } = front;
  const taken = listFiles(ws, shell.routesDir).filter((path) =>
    /^api\/auth\/\[\.\.\.[^\]/]+\]\/\+server\.[jt]s$/.test(routeOf(shell.routesDir, path)),
  );
  return planSiteRoute(front, {
    file: ROUTE,
    taken,
    ours: /\bkitcn\/auth\/web\b|\/server\/auth\b/,
  });
}

/** Plans what convexLoad() needs. Auth works without it, so kitcn does not edit hooks that exist. */
async function planTransport(front: Kit): Promise<string[]> {
  const { ws } = front;
  const file = "src/hooks.ts";
  const path = pathOf(front, file);
  const module = ws.module(path);
  if (!module) {
    await stageTemplate(front, file);
    return [];
  }
  ws.stage(path, module.text);
  const hasTransport = listExports(module, "transport").length > 0;
  if (hasTransport && /\bencodeConvexLoad\b/.test(module.text)) return [];
  return [
    linesFor(ws, path, ["// for convexLoad()", ...textOf(front, file).trimEnd().split("\n")]),
  ];
}

async function planLayout(front: Kit): Promise<void> {
  const { ws, shell } = front;
  const path = join(shell.routesDir, "+layout.svelte");
  const text = ws.read(path);
  if (text === undefined) {
    await stageTemplate(front, "src/routes/+layout.svelte");
    return;
  }
  const setUp = { name: "setupConvexAuth", source: "$lib/convex-auth.svelte" };
  const named = { path: shortPath(ws.project, path), text };
  const patched = patchSvelteLayout(named, setUp, frontEndLanguage(ws.project, shell));
  ws.stage(path, patched.text ?? text);
}

function planPage(front: Kit, content: PageContent): Promise<string[]> {
  const { ws, shell } = front;
  const pages = listFiles(ws, shell.routesDir).filter((path) =>
    /^auth\/\+page(@[^/]*)?\.svelte$/.test(routeOf(shell.routesDir, path)),
  );
  return planSitePage(front, { file: "src/routes/auth/+page.svelte", pages, content });
}

/** SvelteKit's development server refuses to serve files outside src. Vite's root is the package's folder. */
function outsideNotes(ws: Workspace, { functionsDir }: Project): string[] {
  const { project } = ws;
  const folder = shortPath({ root: project.root }, functionsDir);
  if (folder.startsWith("src/")) return [];
  const config = ws.entries(project.root).find(({ name }) => /^vite\.config\./.test(name));
  if (config === undefined || /\bfs\b/.test(ws.read(config.path) ?? "")) return [];
  return [
    `SvelteKit's development server does not serve files outside src, and your functions are in ${shortPath(project, functionsDir)}/. Add to ${config.name}: server: { fs: { allow: [${JSON.stringify(folder)}] } }`,
  ];
}
