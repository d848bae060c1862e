// Finds installed packages, and names those that imports mean. Reads only.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The folder of a package as modules of a folder import it: in the nearest `node_modules` upward that has it. NODE_PATH
 * does not count. pnpm sets it for programs to its own store, where every package of the repository is, and neither
 * TypeScript nor a bundler looks there.
 *
 * @example
 * findPackage("/app", "convex"); // "/app/node_modules/convex"
 */
export function findPackage(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = join(folder, "node_modules", name);
    if (existsSync(join(found, "package.json"))) return found;
    if (dirname(folder) === folder) return undefined;
  }
}

/**
 * The package of what an import names.
 *
 * @example
 * packageOf("@better-auth/passkey/client"); // "@better-auth/passkey"
 */
export function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
