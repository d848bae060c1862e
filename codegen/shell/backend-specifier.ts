// How a front end in another package names a module of the backend: by the backend's `exports`, or by its path there.
// Reads package.json files that are loaded already; stages nothing.
import { join, relative, sep } from "node:path";
import { declaredSpec, isRecord } from "../disk/project.js";
import type { Project } from "../types.js";

/**
 * The specifier of a module of the backend; undefined where the package does not depend on the backend by its name, or
 * the backend's `exports` leave the module out. A relative path is what is left then.
 *
 * @example
 * // exports: { "./convex/*": "./convex/*.ts" }
 * backendSpecifier(front, "/repo/packages/backend/convex/auth.ts"); // "@acme/backend/convex/auth"
 */
export function backendSpecifier(front: Project, path: string): string | undefined {
  const { backend } = front;
  const name = backend?.packageJson.name;
  if (!backend || typeof name !== "string" || declaredSpec(front, name) === undefined)
    return undefined;
  const own = `./${relative(backend.root, path).split(sep).join("/")}`;
  const { exports } = backend.packageJson;
  if (exports === undefined) return join(name, withoutEnding(own)).split(sep).join("/");
  const key = keyOf(exports, own);
  return key === undefined ? undefined : name + key.slice(1);
}

// --- internal ---

const ENDING = /\.([cm]?)[jt]s(x?)$/;

function withoutEnding(path: string): string {
  return path.replace(ENDING, "");
}

/** The key under which `exports` gives a file away. TypeScript finds a source behind the name of its output. */
function keyOf(exports: unknown, path: string): string | undefined {
  const entries = isRecord(exports) ? Object.entries(exports) : [];
  const paths = entries.some(([key]) => key.startsWith(".")) ? entries : [[".", exports] as const];
  for (const [key, value] of paths)
    for (const target of targetsOf(value)) {
      const [start = "", end, ...more] = target.split("*");
      if (end === undefined) {
        if (withoutEnding(target) === withoutEnding(path) && ENDING.test(target)) return key;
        continue;
      }
      const bare = withoutEnding(path);
      const tail = withoutEnding(end);
      // Without an ending there, none may be added to the specifier, and TypeScript takes none of its own.
      const fits = more.length === 0 && ENDING.test(end) && bare.startsWith(start);
      if (fits && bare.endsWith(tail))
        return key.replace("*", bare.slice(start.length, bare.length - tail.length));
    }
  return undefined;
}

/** What any condition leads to. */
function targetsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(targetsOf);
  return isRecord(value) ? Object.values(value).flatMap(targetsOf) : [];
}
