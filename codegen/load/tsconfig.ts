// The little that codegen reads of tsconfig.json: module resolution and path aliases, `extends` included.
// The app's `typescript` is never loaded for it.
import type { Node } from "@babel/types";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { parseExpression } from "../edit/babel.js";
import { keyOf, unwrap } from "../edit/index.js";
import { CodegenError } from "../errors.js";

/** The settings of one tsconfig.json, inherited ones included. Paths are absolute. */
export type Tsconfig = {
  readonly module?: string;
  readonly moduleResolution?: string;
  /** Alias patterns to target patterns, each with at most one `*`. */
  readonly paths?: Readonly<Record<string, readonly string[]>>;
};

export type TextReader = (path: string) => string | undefined;

/**
 * Reads a tsconfig.json; undefined when there is none.
 *
 * @throws CodegenError `INVALID_TSCONFIG`
 */
export function readTsconfig(path: string, read: TextReader, depth = 0): Tsconfig | undefined {
  const text = read(path);
  if (text === undefined || depth > 8) return undefined;
  const root = parseTsconfig(text, path);
  const option = (name: string) => valueAt(root, ["compilerOptions", name]);
  const inherited = strings(valueAt(root, ["extends"])).map((parent) => {
    const target = parentPath(parent, path);
    return target === undefined ? undefined : readTsconfig(target, read, depth + 1);
  });
  const [module] = strings(option("module"));
  const [moduleResolution] = strings(option("moduleResolution"));
  const paths = pathsOf(
    option("paths"),
    resolve(dirname(path), strings(option("baseUrl"))[0] ?? "."),
  );
  const own: Tsconfig = {
    ...(module !== undefined && { module }),
    ...(moduleResolution !== undefined && { moduleResolution }),
    ...(paths && { paths }),
  };
  return [...inherited, own].reduce<Tsconfig>((all, one) => ({ ...all, ...one }), {});
}

/** Where an alias may lead, best match first, without file extensions added. */
export function aliasTargets(specifier: string, { paths = {} }: Tsconfig): string[] {
  const matches = Object.entries(paths).flatMap(([pattern, targets]) => {
    const [prefix = "", suffix] = pattern.split("*");
    if (suffix === undefined) return pattern === specifier ? [{ length: Infinity, targets }] : [];
    if (!specifier.startsWith(prefix) || !specifier.endsWith(suffix)) return [];
    if (specifier.length < prefix.length + suffix.length) return [];
    const star = specifier.slice(prefix.length, specifier.length - suffix.length);
    return [{ length: prefix.length, targets: targets.map((target) => target.replace("*", star)) }];
  });
  return matches.sort((a, b) => b.length - a.length).flatMap((match) => match.targets);
}

// --- internal ---

/** TypeScript's JSON has comments and trailing commas: it is read as an expression. */
function parseTsconfig(text: string, path: string): Node {
  try {
    return parseExpression(text);
  } catch (error) {
    throw new CodegenError({
      code: "INVALID_TSCONFIG",
      message: `${path} does not parse: ${error instanceof Error ? error.message : String(error)}`,
      hint: "Correct it; kitcn reads `paths` and `moduleResolution` from it.",
      cause: error,
    });
  }
}

function parentPath(parent: string, from: string): string | undefined {
  if (parent.startsWith(".") || isAbsolute(parent)) {
    const path = resolve(dirname(from), parent);
    return path.endsWith(".json") ? path : `${path}.json`;
  }
  const require = createRequire(from);
  for (const name of [parent, `${parent}.json`, join(parent, "tsconfig.json")])
    try {
      return require.resolve(name);
    } catch (error) {
      // Not under this name; a shared config that is not installed carries no aliases of the app.
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  return undefined;
}

function valueAt(root: Node, path: readonly string[]): Node | undefined {
  let node = unwrap(root);
  for (const step of path) {
    if (node.type !== "ObjectExpression") return undefined;
    const member = node.properties.find(
      (one) => one.type === "ObjectProperty" && keyOf(one) === step,
    );
    if (member?.type !== "ObjectProperty") return undefined;
    node = unwrap(member.value);
  }
  return node;
}

function strings(node: Node | undefined): string[] {
  if (node?.type === "StringLiteral") return [node.value];
  if (node?.type !== "ArrayExpression") return [];
  return node.elements.flatMap((one) => (one?.type === "StringLiteral" ? [one.value] : []));
}

function pathsOf(node: Node | undefined, base: string): Record<string, string[]> | undefined {
  if (node?.type !== "ObjectExpression") return undefined;
  const paths: Record<string, string[]> = {};
  for (const member of node.properties) {
    if (member.type !== "ObjectProperty") continue;
    const pattern = keyOf(member);
    if (pattern !== undefined)
      paths[pattern] = strings(member.value).map((target) => resolve(base, target));
  }
  return paths;
}
