// The modules of an app that can be reached from some of them. Follows imports; changes nothing.
import { specifiersOf, type Module } from "../edit/index.js";
import type { ModuleReader } from "./resolve.js";

/**
 * Every module that these import, directly or not, themselves first, in the order of their distance.
 *
 * @throws CodegenError `SYNTAX_ERROR`
 */
export function reachableFrom(entries: readonly Module[], read: ModuleReader): Module[] {
  const modules = new Map(entries.map((module) => [module.path, module]));
  // A map gives what is added to it while it is gone through.
  for (const module of modules.values())
    for (const specifier of specifiersOf(module)) {
      const other = read(specifier, module);
      if (other && !modules.has(other.path)) modules.set(other.path, other);
    }
  return [...modules.values()];
}
