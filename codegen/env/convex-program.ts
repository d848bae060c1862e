// Which script of the convex CLI to start. Reads its launcher and nothing else.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The program that the CLI's launcher does nothing but import, else the launcher. For an import, Node first looks
 * through six megabytes of CommonJS for the names they export, which takes as long as all else the CLI does to start.
 *
 * @param launcher path of convex's bin/main.js
 * @example
 * convexProgram("/app/node_modules/convex/bin/main.js"); // ".../convex/dist/cli.bundle.cjs"
 */
export function convexProgram(launcher: string): string {
  const [, imported] = ONLY_AN_IMPORT.exec(readFileSync(launcher, "utf8")) ?? [];
  if (imported === undefined) return launcher;
  const program = join(dirname(launcher), imported);
  return existsSync(program) ? program : launcher;
}

// --- internal ---

const ONLY_AN_IMPORT = /^(?:#!.*\s+)?import\(["'](\.[^"']+\.cjs)["']\);?\s*$/;
