// Whether a SvelteKit app is built to files alone, without a server. Reads only.
import { join } from "node:path";
import { declaredSpec } from "../disk/project.js";
import { walk } from "../edit/index.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

/**
 * True where @sveltejs/adapter-static is an adapter of the app: its configuration says so, and where that names no
 * adapter, package.json.
 *
 * @example
 * isStaticKit(ws); // false for an app as the creator makes it
 */
export function isStaticKit(ws: Workspace): boolean {
  const named = ["svelte.config", "vite.config"].flatMap((name) => adaptersIn(ws, name));
  if (named.length > 0) return named.includes(STATIC);
  return declaredSpec(ws.project, STATIC) !== undefined;
}

// --- internal ---

const STATIC = "@sveltejs/adapter-static";

/** The packages of a configuration's module that have the name of an adapter, however it imports them. */
function adaptersIn(ws: Workspace, name: string): string[] {
  const path = findModule(ws, join(ws.project.root, name));
  const module = path === undefined ? undefined : ws.module(path);
  const found: string[] = [];
  if (module)
    walk(module.program, (node) => {
      if (node.type === "StringLiteral" && /^(@[^/]+\/)?([^/]+-)?adapter-[^/]+$/.test(node.value))
        found.push(node.value);
    });
  return found;
}
