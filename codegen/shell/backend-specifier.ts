// Finds the specifier by which a front end in another package imports a module of the backend: from the backend's
// `exports`, or its path there. Reads package.json files that are already loaded; stages nothing.
import { join, relative, sep } from "node:path";
import { declaredSpec, isRecord } from "../disk/project.js";
import type { Project } from "../types.js";

/**
 * The specifier of a module of the backend. It is undefined if the package does not depend on the backend by its name,
 * or if the backend's `exports` leave the module out. Then import a relative path.
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

/** The key of `exports` that leads to a file. TypeScript also finds a source by the name of its output. */
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
      // The target needs an extension: without one, the specifier needs it, and TypeScript would not find the module.
      const fits = more.length === 0 && ENDING.test(end) && bare.startsWith(start);
      if (fits && bare.endsWith(tail))
        return key.replace("*", bare.slice(start.length, bare.length - tail.length));
    }
  return undefined;
}

/** The paths of all conditions. */
function targetsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(targetsOf);
  return isRecord(value) ? Object.values(value).flatMap(targetsOf) : [];
}
