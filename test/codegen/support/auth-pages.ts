// The auth pages as kitcn prints them, in a folder of their own: to compile, and to use in a DOM.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { FunctionComponent } from "react";
import type { Features, Limits } from "../../../codegen/page/features.js";
import { filesFor, type PageSet } from "../../../codegen/page/files.js";
import { printPageFile } from "../../../codegen/page/print.js";

const REPO = join(import.meta.dirname, "../../..");

export type Pages = {
  readonly features: Features;
  readonly providers?: readonly string[];
  readonly roles?: readonly string[];
  readonly creatorRole?: string;
  readonly limits?: Limits;
  /** Which pages. Default: those for browsers. */
  readonly set?: PageSet;
  /** How imports of modules end. */
  readonly extension?: "" | ".js";
};

/** The text of each file, by its path below the folder of the pages. */
export function printPages({
  features,
  providers = [],
  roles,
  creatorRole,
  limits,
  set,
  extension = ".js",
}: Pages) {
  const specifier = (imported: string) => imported.replace(/\.js$/, extension);
  return new Map(
    filesFor(features, set).map(({ path, template: from }) => {
      const template = readFileSync(join(REPO, "templates", from), "utf8");
      const input = { features, providers, roles, creatorRole, limits, base: '""', specifier };
      return [path, path.endsWith(".css") ? template : printPageFile(template, input)] as const;
    }),
  );
}

/** Writes the pages, and an auth client with this text, into a folder. */
export function writePages(dir: string, pages: Pages, authClient: string): string[] {
  const files = [...printPages(pages), ["auth-client.ts", authClient] as const];
  return files.map(([path, text]) => {
    const full = join(dir, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
    return full;
  });
}

/** A page as a component; its auth client is `globalThis.testAuthClient`, and each class has its own name. */
export async function buildPage(
  dir: string,
  pages: Pages,
  name: string,
  plugins: readonly Plugin[] = [],
): Promise<FunctionComponent> {
  const folder = join(dir, `page-${built++}`);
  writePages(folder, pages, "export const authClient = globalThis.testAuthClient;");
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(folder, `${name}.tsx`)],
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    jsx: "automatic",
    plugins: [CLASSES, ...plugins],
    logLevel: "silent",
  });
  const page = (await import(pathToFileURL(outfile).href)) as Record<string, FunctionComponent>;
  return page[name]!;
}

// --- internal ---

let built = 0;

const CLASSES: Plugin = {
  name: "classes",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, () => ({
      contents: "export default new Proxy({}, { get: (_, name) => String(name) });",
      loader: "js",
    }));
  },
};
