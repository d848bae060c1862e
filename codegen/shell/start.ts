// The front end of a TanStack Start app: root route, auth route, page.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { wrapChildren } from "../patch/root.js";
import { manualEdit } from "../patch/types.js";
import { shortPath } from "../project.js";
import { printStartPage, printStartRoute, printStartServer } from "../print/client.js";
import type { ShellOf } from "./detect.js";
import type { Kit } from "./kit.js";
import type { NewProvider } from "./provider.js";
import { planServer } from "./server.js";

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
  const { draft, specifier, formatJsx } = kit;
  const { shell, provider } = input;
  if (provider) {
    const component = { ...provider, source: specifier(shell.root, provider.path) };
    await draft.patch(shell.root, (module) =>
      wrapChildren(module, { provider: component, format: formatJsx(module) }),
    );
  }
  await planRoute(kit, shell);
  return input.page ? planPage(kit, shell) : [];
}

// --- internal ---

/** Spellings of one path in file-based routes: folders, dots, both. */
const ROUTES = ["api/auth/$", "api/auth.$", "api.auth.$", "api.auth/$"];
const PAGES = ["auth", "auth/index", "auth.index", "auth/route"];

async function planRoute(kit: Kit, { routesDir }: ShellOf<"start">): Promise<void> {
  const { draft, specifier, variable } = kit;
  const route = join(routesDir, "api/auth/$.ts");
  const taken = findRoute(routesDir, ROUTES);
  const server = await planServer(kit, printStartServer(variable));
  const text = printStartRoute(specifier(route, server));
  if (taken === undefined) return draft.create(route, text);
  const current = draft.read(taken) ?? "";
  if (!/kitcn\/auth\/start|auth-server/.test(current))
    throw manualEdit({
      code: "ROUTE_TAKEN",
      at: taken,
      reason: "this route answers below /api/auth already.",
      lines: ["// in its place", ...text.trimEnd().split("\n")],
    });
  draft.set(taken, current);
}

async function planPage(kit: Kit, { routesDir, base }: ShellOf<"start">): Promise<string[]> {
  const { draft, specifier, project } = kit;
  const page = join(routesDir, "auth.tsx");
  const taken = findRoute(routesDir, PAGES);
  if (taken !== undefined && !/\/AuthPage\b/.test(draft.read(taken) ?? ""))
    return [`${shortPath(project, taken)} is your page at /auth: kitcn's was not written.`];
  const authPage = await kit.createPage(join(base, "auth"));
  await draft.create(taken ?? page, printStartPage(specifier(page, authPage)));
  return [];
}

function findRoute(routesDir: string, names: readonly string[]): string | undefined {
  const paths = names.flatMap((name) =>
    [".tsx", ".ts", ".jsx", ".js"].map((extension) => join(routesDir, name + extension)),
  );
  return paths.find((path) => existsSync(path));
}
