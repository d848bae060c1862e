// The front end of a Next App Router app: layout, route handler, page. No route segment config: Next's cache
// components refuse it.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseModule } from "../edit/index.js";
import { wrapChildren } from "../patch/root.js";
import { manualEdit } from "../patch/types.js";
import { shortPath } from "../project.js";
import { printNextPage, printNextRoute, printNextServer } from "../print/client.js";
import type { ShellOf } from "./detect.js";
import type { Kit } from "./kit.js";
import type { NewProvider } from "./provider.js";
import { planServer } from "./server.js";

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
  const { draft, specifier, formatJsx } = kit;
  const { shell, provider } = input;
  for (const layout of shell.layouts) {
    if (!provider) break;
    const component = { ...provider, source: specifier(layout, provider.path) };
    await draft.patch(layout, (module) =>
      wrapChildren(module, { provider: component, format: formatJsx(module) }),
    );
  }
  await planRoute(kit, shell);
  return input.page ? planPage(kit, shell) : [];
}

// --- internal ---

const MODULE = /\.[jt]sx?$/;

async function planRoute(kit: Kit, { appDir, base }: ShellOf<"next">): Promise<void> {
  const { draft, specifier } = kit;
  const folder = join(appDir, "api/auth");
  const route = join(folder, "[...all]/route.ts");
  const taken = catchAlls([folder, join(base, "pages/api/auth")]);
  const server = await planServer(kit, printNextServer());
  const text = printNextRoute(specifier(route, server));
  if (taken.length === 0) return draft.create(route, text);
  for (const path of taken) {
    const current = draft.read(path) ?? "";
    if (!/kitcn\/auth\/nextjs|auth-server/.test(current)) throw routeTaken(path, text);
    draft.set(path, current);
  }
}

/** Modules that answer for every path below: app/api/auth/[...x]/route, pages/api/auth/[...x]. */
function catchAlls(folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return names
      .filter((name) => /^\[?\[\.\.\./.test(name))
      .flatMap((name) => {
        const path = join(folder, name);
        if (MODULE.test(name)) return [path];
        return readdirSync(path)
          .filter((file) => /^route\.[jt]sx?$/.test(file))
          .map((file) => join(path, file));
      });
  });
}

async function planPage(kit: Kit, { appDir }: ShellOf<"next">): Promise<string[]> {
  const { draft, specifier, project } = kit;
  const folder = join(appDir, "auth");
  const page = join(folder, "page.tsx");
  const other = pagesAt(appDir).find((path) => !isOurs(draft.read(path) ?? "", path));
  if (other !== undefined)
    return [`${shortPath(project, other)} is your page at /auth: kitcn's was not written.`];
  const authPage = await kit.createPage(folder);
  await draft.create(page, printNextPage(specifier(page, authPage)));
  return [];
}

/** Pages at /auth, in route groups too. */
function pagesAt(appDir: string): string[] {
  const groups = readdirSync(appDir).filter((name) => /^\(.*\)$/.test(name));
  return ["", ...groups].flatMap((group) =>
    ["tsx", "jsx", "ts", "js"]
      .map((extension) => join(appDir, group, `auth/page.${extension}`))
      .filter((path) => existsSync(path)),
  );
}

function isOurs(text: string, path: string): boolean {
  const { program } = parseModule(text, path);
  return program.body.some(
    (one) => one.type === "ImportDeclaration" && /\/AuthPage(\.\w+)?$/.test(one.source.value),
  );
}

function routeTaken(path: string, text: string) {
  return manualEdit({
    code: "ROUTE_TAKEN",
    at: path,
    reason: "this route answers below /api/auth already.",
    lines: ["// in its place", ...text.trimEnd().split("\n")],
  });
}
