// What resolving needs of an app's tsconfigs: path aliases, and how relative imports end. `extends` included.
// The app's `typescript` is never loaded for it.
import type { Node } from "@babel/types";
import { createPathsMatcher, parseTsconfig, type TsConfigJsonResolved } from "get-tsconfig";
import { dirname } from "node:path";
import { parseExpression } from "../edit/babel.js";
import { keyOf } from "../edit/index.js";
import { invalidTsconfig } from "../errors/modules.js";
import type { Workspace } from "../workspace/stage.js";

/** The settings of one tsconfig.json, inherited ones included. */
export type Tsconfig = {
  readonly config: TsConfigJsonResolved;
  /** Absolute paths that an alias may lead to, without file extensions added; nothing for other specifiers. */
  readonly aliases: (specifier: string) => readonly string[];
};

/**
 * Reads a tsconfig.json, once in a run; undefined when there is none on disk.
 *
 * @throws CodegenError `INVALID_TSCONFIG`
 */
export function readTsconfig(ws: Workspace, path: string): Tsconfig | undefined {
  const text = ws.onDisk(path);
  return text === undefined ? undefined : ws.remember(path, () => load(text, path));
}

// --- internal ---

function load(text: string, path: string): Tsconfig {
  const own = parseJson(text, path);
  try {
    const config = inherited(path) ?? own;
    const matcher = createPathsMatcher({ path, config: withBase(config, path) });
    return { config, aliases: matcher ?? (() => []) };
  } catch (cause) {
    throw invalid(path, cause);
  }
}

/** Undefined where a parent is not installed: that one carries no aliases of the app. */
function inherited(path: string): TsConfigJsonResolved | undefined {
  try {
    return parseTsconfig(path);
  } catch (error) {
    if (error instanceof Error && /^File '.*' not found/.test(error.message)) return undefined;
    throw error;
  }
}

/** Bundlers take `src/*` for `./src/*`, whatever TypeScript says of it. */
function withBase(config: TsConfigJsonResolved, path: string): TsConfigJsonResolved {
  const { paths, baseUrl } = config.compilerOptions ?? {};
  const isBare = Object.values(paths ?? {}).some((all) => all.some((one) => !/^[./]/.test(one)));
  if (!isBare || baseUrl !== undefined) return config;
  return { ...config, compilerOptions: { ...config.compilerOptions, baseUrl: dirname(path) } };
}

/** The library forgives what it cannot read, and an alias that is not seen would be wired twice. */
function parseJson(text: string, path: string): TsConfigJsonResolved {
  try {
    const value = valueOf(parseExpression(text));
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    throw invalid(path, error);
  }
}

/** TypeScript's JSON has comments and trailing commas: it is read as an expression. */
function valueOf(node: Node): unknown {
  if (node.type === "ArrayExpression") return node.elements.map((one) => one && valueOf(one));
  if (node.type === "StringLiteral" || node.type === "BooleanLiteral") return node.value;
  if (node.type !== "ObjectExpression") return undefined;
  return Object.fromEntries(
    node.properties.flatMap((one) =>
      one.type === "ObjectProperty" ? [[keyOf(one), valueOf(one.value)]] : [],
    ),
  );
}

function invalid(path: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return invalidTsconfig({ path, reason, cause });
}
