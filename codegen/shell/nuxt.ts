// Plans the front end of a Nuxt app: module, server plugin and auth route, client, the app's plugin, composables, page.
// Stages new files. Of the app's files, it edits only an app.vue that shows Nuxt's welcome page.
import { join } from "node:path";
import { shortPath } from "../disk/project.js";
import type { PageContent } from "../page/print.js";
import { listFiles } from "../workspace/find.js";
import { notesBelowPath } from "./base-path.js";
import type { ShellOf } from "./detect.js";
import type { Front } from "./front.js";
import { planOwnModule, planSiteClient, stageTemplate, type SiteInput } from "./site.js";
import { planSitePage, planSiteRoute, routeOf } from "./site-routes.js";

type Nuxt = Front<ShellOf<"nuxt">>;

/**
 * Stages everything that a Nuxt app needs for auth.
 *
 * @returns sentences about files that kitcn did not edit
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`, `AUTH_SERVER_TAKEN`, `ROUTE_TAKEN`
 */
export async function planNuxt(front: Nuxt, { page }: SiteInput): Promise<string[]> {
  await planSiteClient(front);
  for (const own of OWN) await planOwnModule(front, own);
  await planRoute(front);
  const notes = page ? await planPage(front, page) : [];
  return [...notes, ...notesBelowPath(front)];
}

// --- internal ---

const OWN = [
  { file: "modules/convex-auth.ts", exports: [], mentions: ["convexUrl", "convexSiteUrl"] },
  { file: "server/utils/auth.ts", exports: ["auth"], mentions: ["kitcn/auth/web"] },
  { file: "server/plugins/convex-auth.ts", exports: [], mentions: ["getConvexToken"] },
  {
    file: "app/plugins/convex-auth.ts",
    exports: [],
    mentions: ["getConvexToken", "convexQuery", "connectAuth"],
  },
  {
    file: "app/composables/convex.ts",
    exports: ["useConvexAuth", "useConvexClient", "useConvexQuery"],
  },
] as const;

/** A handler of Nitro that answers for all paths below /api/auth, of whatever method. */
const CATCH_ALL = /^(routes\/)?api\/auth\/\[\.\.\.[^\]/]*\](\.[a-z]+)?\.[cm]?[jt]s$/;

function planRoute(front: Nuxt): Promise<void> {
  const { ws } = front;
  const server = join(ws.project.root, "server");
  const taken = listFiles(ws, server).filter((path) =>
    CATCH_ALL.test(shortPath({ root: server }, path)),
  );
  const file = "server/api/auth/[...all].ts";
  return planSiteRoute(front, { file, taken, ours: /\bkitcn\/auth\/web\b|\bgetRequestIP\b/ });
}

/** Nuxt shows pages only where app.vue or a layout has `<NuxtPage />`. With a first page, Nuxt's own welcome page is gone. */
async function planPage(front: Nuxt, content: PageContent): Promise<string[]> {
  const { ws, shell } = front;
  const folder = join(shell.base, "pages");
  const pages = listFiles(ws, folder).filter((path) => /\.(vue|[cm]?[jt]sx?)$/.test(path));
  const root = ["app.vue", "App.vue"].map((name) => join(shell.base, name)).find(ws.has);
  const text = root === undefined ? undefined : ws.read(root);
  // Without pages, Nuxt itself shows its welcome page in an app without app.vue.
  const isWelcome = pages.length === 0 && (text === undefined || WELCOME.test(text));
  if (root !== undefined && text !== undefined && !showsPages(front, text)) {
    if (!isWelcome) return [noPagesNote(front, root)];
    ws.stage(root, text.replace(WELCOME, "<NuxtPage />"));
  }
  if (isWelcome) await stageTemplate(front, "app/pages/index.vue");
  const isAtAuth = /^auth(\/index)?\.(vue|[cm]?[jt]sx?)$/;
  return planSitePage(front, {
    file: "app/pages/auth/index.vue",
    pages: pages.filter((path) => isAtAuth.test(routeOf(folder, path))),
    content,
  });
}

function noPagesNote({ ws, shell }: Nuxt, root: string): string {
  const { project } = ws;
  const index = shortPath(project, join(shell.base, "pages/index.vue"));
  return `${shortPath(project, root)} shows no pages, so kitcn did not write its page at /auth. Move what it shows at / to ${index}, write <NuxtPage /> in its place, then run the command again.`;
}

/** What the creator's app.vue shows. */
const WELCOME = /<NuxtWelcome\s*\/>/;

/** True where app.vue or a layout has the place for pages. */
function showsPages({ ws, shell }: Nuxt, root: string): boolean {
  const layouts = listFiles(ws, join(shell.base, "layouts"));
  return [root, ...layouts.map((path) => ws.read(path) ?? "")].some((text) =>
    /<(NuxtPage|nuxt-page|RouterView|router-view)\b/.test(text),
  );
}
