// pnpm-workspace.yaml as a value, and the parser for it. Reads; edits nothing.
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Yaml from "yaml";
import { invalidPnpmWorkspace } from "../errors/monorepo.js";
import { readTextFile } from "./read-text.js";

export const PNPM_WORKSPACE = "pnpm-workspace.yaml";

/**
 * What the file of a folder holds; undefined where there is none.
 *
 * @throws CodegenError `INVALID_PNPM_WORKSPACE`
 */
export function readPnpmWorkspace(root: string): unknown {
  const path = join(root, PNPM_WORKSPACE);
  const text = readTextFile(path);
  if (text === undefined) return undefined;
  const { parse, YAMLParseError } = loadYaml();
  try {
    return parse(text);
  } catch (cause) {
    if (!(cause instanceof YAMLParseError)) throw cause;
    throw invalidPnpmWorkspace({ path, reason: cause.message, cause });
  }
}

/** Few commands need it, and none of them waits for a promise here. */
export function loadYaml(): typeof Yaml {
  return createRequire(import.meta.url)("yaml") as typeof Yaml; // by its name
}
