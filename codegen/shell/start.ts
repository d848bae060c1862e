// The front end of a TanStack Start app: root route, auth route, page.
import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { wrapChildren } from "../patch/root.js";
import { shortPath } from "../project.js";
import { printStartPage, printStartRoute, printStartServer } from "../print/client.js";
import type { ShellOf } from "./detect.js";
import type { Kit } from "./kit.js";
import { reachableModules } from "./graph.js";
import type { NewProvider } from "./provider.js";
import { planRoute } from "./server.js";

/**
 * Plans what is Start's own. Notes tell what was left alone.
 *
 * @throws CodegenError `LAYOUT_UNKNOWN_FORM`, `ROUTE_TAKEN`
 */
export async function planStart(
  kit: Kit,
  input: {
    readonly shell: ShellOf<"start">;
    readonly provider: NewProvider | undefined;
    readonly page: boolean;
  },
): Promise<string[]> {
  const { draft, specifier, formatJsx, newModule } = kit;
  const { shell, provider } = input;
  if (provider) {
    const component = { ...provider, source: specifier(shell.root, provider.path) };
    await draft.patch(shell.root, (module) =>
      wrapChildren(module, { provider: component, format: formatJsx(module) }),
    );
  }
  await planRoute(kit, {
    origin: { source: "kitcn/auth/start", name: "createStartAuth", member: "handlers" },
    exports: [["Route"], ["ServerRoute"]],
    route: newModule(join(shell.routesDir, "api/auth/$.ts")),
    taken: findRoutes(shell.routesDir, /^api\/auth\/\{?-?\$/),
    server: printStartServer(kit.variable),
    print: printStartRoute,
  });
  return input.page ? planPage(kit, shell) : [];
}

// --- internal ---

async function planPage(kit: Kit, { routesDir, base }: ShellOf<"start">): Promise<string[]> {
  const { draft, files, specifier, project, newModule } = kit;
  const folder = join(base, "auth");
  const ours = kit.authPage(folder);
  const pages = findRoutes(routesDir, /^auth$/);
  const shown = pages.find((page) =>
    reachableModules(project, files, [page]).some(({ path }) => path === ours),
  );
  if (pages[0] !== undefined && shown === undefined)
    return [`${shortPath(project, pages[0])} is your page at /auth: kitcn's was not written.`];
  const authPage = await kit.createPage(folder);
  const page = shown ?? newModule(join(routesDir, "auth.tsx"));
  await draft.create(page, printStartPage(specifier(page, authPage)));
  return [];
}

/** Route files whose path is this one, without the slash it begins with. */
function findRoutes(routesDir: string, path: RegExp): string[] {
  return readdirSync(routesDir, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[jt]sx?$/.test(file) && path.test(routePath(file)))
    .sort()
    .map((file) => join(routesDir, file));
}

/** The path of a file-based route: dots are slashes; `_layouts`, `(groups)`, index and route are no part of it. */
function routePath(file: string): string {
  return file
    .replace(/\.[jt]sx?$/, "")
    .split(sep)
    .flatMap((part) => part.split("."))
    .filter((segment) => !/^(_.*|\(.*\)|index|route|lazy)$/.test(segment))
    .map((segment) => segment.replace(/_$/, ""))
    .join("/");
}
