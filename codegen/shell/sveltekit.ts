// Plans the front end of a SvelteKit app: server module and hooks, auth route, client, the root layout's set-up, page.
// Stages new files. Of the app's files, it edits the root layout's script and adds missing exports.
import { join } from "node:path";
import { shortPath } from "../disk/project.js";
import { listExports, locationOf } from "../edit/index.js";
import { patchSvelteLayout } from "../patch/svelte-layout.js";
import { manualEdit } from "../patch/types.js";
import { readTemplate } from "../packages/kitcn-package.js";
import { printProvider, type PageContent } from "../page/print.js";
import type { Project } from "../types.js";
import { listFiles } from "../workspace/find.js";
import { stageNew, type Workspace } from "../workspace/stage.js";
import { planConvexJson } from "./convex-json.js";
import type { ShellOf } from "./detect.js";
import type { Front } from "./front.js";
import { frontEndLanguage } from "./language.js";
import { planFrontEnv, planLocalEnv } from "./local-env.js";
import { planNodeTypes } from "./node-types.js";
import {
  linesFor,
  pathOf,
  planOwnModule,
  planSharedModule,
  planSiteClient,
  siteStyle,
  stageTemplate,
  textOf,
  type SharedModule,
} from "./site.js";

type Kit = Front<ShellOf<"sveltekit">>;

/**
 * Stages everything that a SvelteKit app needs for auth.
 *
 * @returns sentences about files that kitcn did not edit
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`, `AUTH_SERVER_TAKEN`, `HOOK_TAKEN`, `LAYOUT_UNKNOWN_FORM`,
 *   `ROUTE_TAKEN`
 */
export async function planSvelteKit(
  front: Kit,
  input: { readonly page: PageContent | undefined; readonly backend: Project },
): Promise<string[]> {
  const { ws, shell } = front;
  const { page, backend } = input;
  const isOwn = ws.project.root === backend.root;
  if (isOwn) planConvexJson(ws);
  await planSiteClient(front, "src/lib/auth-client.ts");
  await planOwnModule(front, SERVER);
  await planOwnModule(front, SET_UP);
  await planRoute(front);
  for (const shared of SHARED) await planSharedModule(front, shared);
  const notes = await planTransport(front);
  await planLayout(front);
  const more = page ? await planPage(front, page) : [];
  planNodeTypes(ws);
  if (isOwn) planLocalEnv(ws, shell.kind);
  const other = isOwn ? [] : planFrontEnv(ws, shell.kind, backend);
  return [...notes, ...more, ...other, ...outsideNotes(ws, backend)];
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
async function planRoute(front: Kit): Promise<void> {
  const { ws, shell } = front;
  const taken = listFiles(ws, shell.routesDir).filter((path) =>
    /^api\/auth\/\[\.\.\.[^\]/]+\]\/\+server\.[jt]s$/.test(routeOf(shell, path)),
  );
  for (const module of taken.flatMap((path) => ws.module(path) ?? [])) {
    const isOurs = /\bkitcn\/auth\/web\b|\/server\/auth\b/.test(module.text);
    if (!isOurs)
      throw manualEdit({
        code: "ROUTE_TAKEN",
        at: locationOf(module),
        reason: "this route answers below /api/auth already.",
        lines: ["// replace the file with this", ...textOf(front, ROUTE).trimEnd().split("\n")],
      });
    ws.stage(module.path, module.text);
  }
  if (taken.length === 0) await stageTemplate(front, ROUTE);
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

async function planPage(front: Kit, { providers }: PageContent): Promise<string[]> {
  const { ws, shell } = front;
  const file = "src/routes/auth/+page.svelte";
  const page = join(ws.project.root, file);
  const others = listFiles(ws, shell.routesDir).filter(
    (path) => path !== page && /^auth\/\+page(@[^/]*)?\.svelte$/.test(routeOf(shell, path)),
  );
  const own = ws.read(page);
  const isMine = own !== undefined && !own.includes("$lib/auth-client");
  const [other = isMine ? page : undefined] = others;
  if (other !== undefined)
    return [
      `${shortPath(ws.project, other)} is your page at /auth, so kitcn did not write its own.`,
    ];
  const list = `= [${providers.map(printProvider).join(", ")}];`;
  const text = textOf(front, file).replace(/(?<=const PROVIDERS.*)= \[\];/, list);
  await stageNew(ws, { path: page, text, style: siteStyle(front) });
  // A page that somebody restyled may not use our style sheet.
  if (ws.read(page)?.includes("./auth.module.css"))
    await stageNew(ws, {
      path: join(shell.routesDir, "auth/auth.module.css"),
      text: readTemplate("auth-page/auth.module.css"),
      style: siteStyle(front),
    });
  return [];
}

/** A file below the routes' folder, without the groups that it is in: they are not part of an address. */
function routeOf({ routesDir }: Kit["shell"], path: string): string {
  const folders = shortPath({ root: routesDir }, path).split("/");
  return folders.filter((one) => !/^\(.*\)$/.test(one)).join("/");
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
