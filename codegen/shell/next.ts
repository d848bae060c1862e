// The front end of a Next App Router app: layout, route handler, page. No route segment config: Next's cache
// components refuse it.
import { join } from "node:path";
import { wrapChildren } from "../patch/root.js";
import { shortPath } from "../project.js";
import { printNextPage, printNextRoute, printNextServer } from "../print/client.js";
import type { ShellOf } from "./detect.js";
import type { Kit } from "./kit.js";
import { reachableModules } from "./graph.js";
import { pagesAtAuth, routesBelowAuth, type Routers } from "./next-paths.js";
import type { NewProvider } from "./provider.js";
import { planRoute } from "./server.js";

/**
 * Plans what is Next's own. Notes tell what was left alone.
 *
 * @throws CodegenError `LAYOUT_UNKNOWN_FORM`, `ROUTE_TAKEN`
 */
export async function planNext(
  kit: Kit,
  input: {
    readonly shell: ShellOf<"next">;
    readonly provider: NewProvider | undefined;
    readonly page: boolean;
  },
): Promise<string[]> {
  const { draft, specifier, formatJsx, newModule } = kit;
  const { shell, provider } = input;
  for (const layout of shell.layouts) {
    if (!provider) break;
    const component = { ...provider, source: specifier(layout, provider.path) };
    await draft.patch(layout, (module) =>
      wrapChildren(module, { provider: component, format: formatJsx(module) }),
    );
  }
  const routers = { appDir: shell.appDir, pagesDir: join(shell.base, "pages") };
  await planRoute(kit, {
    origin: { source: "kitcn/auth/nextjs", name: "createNextAuth", member: "handlers" },
    exports: [["GET", "POST"], ["default"]],
    route: newModule(join(shell.appDir, "api/auth/[...all]/route.ts")),
    taken: routesBelowAuth(routers),
    server: printNextServer(),
    print: printNextRoute,
  });
  return input.page ? planPage(kit, routers) : [];
}

// --- internal ---

async function planPage(kit: Kit, routers: Routers): Promise<string[]> {
  const { draft, files, specifier, project, newModule } = kit;
  const folder = join(routers.appDir, "auth");
  const ours = kit.authPage(folder);
  const pages = pagesAtAuth(routers);
  const shows = (page: string) =>
    reachableModules(project, files, [page]).some(({ path }) => path === ours);
  const other = pages.find((page) => !shows(page));
  if (other !== undefined)
    return [`${shortPath(project, other)} is your page at /auth: kitcn's was not written.`];
  const authPage = await kit.createPage(folder);
  const page = pages[0] ?? newModule(join(folder, "page.tsx"));
  await draft.create(page, printNextPage(specifier(page, authPage)));
  return [];
}
