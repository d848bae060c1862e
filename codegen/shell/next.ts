// Plans the front end of a Next.js app with the App Router: layout, route handler, page, config. Stages files.
// Must not write a route segment config: Next's cache components refuse it.
import { join } from "node:path";
import { wrapChildren } from "../patch/root.js";
import { shortPath } from "../disk/project.js";
import { printNextPage, printNextRoute, printNextServer } from "../print/client.js";
import { stageAuthPage } from "./auth-page.js";
import { authPageFolder, authPageOf, type PageInput } from "./page-paths.js";
import { stageUi } from "./better-auth-ui.js";
import type { ShellOf } from "./detect.js";
import { stagePatch } from "../workspace/stage.js";
import { notesBelowPath } from "./base-path.js";
import { planCssModules } from "./css-modules.js";
import {
  jsxFormatter,
  modulesFrom,
  newModule,
  specifierOf,
  stageInStyle,
  type Front,
} from "./front.js";
import { pagesAtAuth, pagesBelowAuth, routesBelowAuth, type Routers } from "./next-paths.js";
import type { NewProvider } from "./provider.js";
import { NEXT_ROUTE, planRoute } from "./server.js";

/**
 * Plans the files that only Next.js apps have.
 *
 * @returns sentences about files that kitcn did not edit
 *
 * @throws CodegenError `LAYOUT_UNKNOWN_FORM`, `ROUTE_TAKEN`
 */
export async function planNext(
  front: Front<ShellOf<"next">>,
  input: { readonly provider: NewProvider | undefined; readonly page: PageInput | undefined },
): Promise<string[]> {
  const { ws, shell } = front;
  const { provider } = input;
  for (const layout of shell.layouts) {
    if (!provider) break;
    const component = { ...provider, source: specifierOf(front, layout, provider.path) };
    await stagePatch(ws, layout, (module) =>
      wrapChildren(module, { provider: component, format: jsxFormatter(module) }),
    );
  }
  const routers = routersOf(shell);
  await planRoute(front, {
    ...NEXT_ROUTE,
    route: newModule(front, join(shell.appDir, "api/auth/[...all]/route.ts")),
    taken: routesBelowAuth(ws, routers),
    server: printNextServer(),
    print: printNextRoute,
  });
  const notes = input.page ? await planNextPage({ ...front, ...input.page }) : [];
  return [...notes, ...notesBelowPath(front)];
}

/**
 * Plans the page at /auth.
 *
 * @returns sentences about files that kitcn did not edit
 */
export async function planNextPage(front: Front<ShellOf<"next">> & PageInput): Promise<string[]> {
  const { ws } = front;
  const routers = routersOf(front.shell);
  const folder = authPageFolder(front);
  const ours = authPageOf(front);
  const pages = pagesAtAuth(ws, routers);
  if (front.ui)
    return stageUi(front, front.ui, {
      entry: join(folder, "page.tsx"),
      view: join(folder, "[path]/page.tsx"),
      taken: [...pages, ...pagesBelowAuth(ws, routers)],
      own: (path) => printNextPage(specifierOf(front, path, ours)),
    });
  const shows = (page: string) => modulesFrom(ws, [page]).some(({ path }) => path === ours);
  const other = pages.find((page) => !shows(page));
  if (other !== undefined)
    return [
      `${shortPath(ws.project, other)} is your page at /auth, so kitcn did not write its own.`,
    ];
  const { path: authPage, notes } = await stageAuthPage(front);
  const page = pages[0] ?? newModule(front, join(folder, "page.tsx"));
  await stageInStyle(front, page, printNextPage(specifierOf(front, page, authPage)));
  return [...notes, ...(await planCssModules(ws))];
}

// --- internal ---

function routersOf({ appDir, base }: ShellOf<"next">): Routers {
  return { appDir, pagesDir: join(base, "pages") };
}
