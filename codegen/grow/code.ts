// Turns the code of a table's entry into that of an app: variables are read as the app reads them.
// Pure; names of imports are the caller's.
import type { Code, PluginHalf } from "../catalog/types.js";

/** How an app reads its variables, and where it runs while it is developed. */
export type EnvReader = {
  /** Server: `process.env`, or a call of its `getEnv`. Browser: what its bundler fills in. */
  readonly object: string;
  /** What names begin with there: `NEXT_PUBLIC_`. */
  readonly prefix?: string;
  /** The value of SITE_URL while it is not set; undefined where it is always there. */
  readonly siteUrl?: string | undefined;
  /** The path below which the front end is served: `/app`. Default: the root of its site. */
  readonly basePath?: string | undefined;
};

/**
 * The code with its variables read.
 *
 * @example
 * readVariables('env("A")', { object: "process.env" }); // process.env.A ?? ""
 */
export function readVariables(code: Code, reader: EnvReader): string {
  const { object, prefix = "", siteUrl, basePath = "" } = reader;
  const paged = code.replace(PAGE, (_, path: string) => JSON.stringify(basePath + path));
  return paged.replace(VARIABLE, (_, name: string, fallback: string | undefined) => {
    const read = `${object}.${prefix}${name}`;
    if (name === SITE_URL) return siteUrl === undefined ? read : `${read} ?? "${siteUrl}"`;
    // An empty line of convex/.env is not set either.
    return fallback === undefined ? `${read} ?? ""` : `${read} || ${fallback}`;
  });
}

/** The variables that code reads, SITE_URL left out: every app has it. */
export function variablesIn(code: Code | undefined): string[] {
  const names = [...(code ?? "").matchAll(VARIABLE)].map(([, name = ""]) => name);
  return [...new Set(names)].filter((name) => name !== SITE_URL);
}

/** The pages of the app that code leads to. */
export function pagesIn(code: Code): string[] {
  return [...code.matchAll(PAGE)].map(([, path = ""]) => path);
}

/** The arguments of a half's call, for an app on its own site or on another one. */
export function argsOf(half: PluginHalf, isCrossDomain: boolean): Code {
  return (isCrossDomain ? half.crossDomainArgs : undefined) ?? half.args ?? "";
}

/** What is left to do in a text, with the line of each. */
export function listTodos(text: string): { readonly line: number; readonly todo: string }[] {
  return text.split(/\r?\n/).flatMap((line, at) => {
    const todo = TODO.exec(line)?.[1];
    return todo === undefined ? [] : [{ line: at + 1, todo: todo.trim() }];
  });
}

// --- internal ---

const SITE_URL = "SITE_URL";

/** `env("NAME")`, `env("NAME", "text")`, `env("NAME", some.call())`. */
const VARIABLE = /\benv\("([A-Z0-9_]+)"(?:, ("[^"]*"|[\w.]+\(\)))?\)/g;

/** `page("/auth")` */
const PAGE = /\bpage\("([^"]*)"\)/g;

const TODO = /\/\/\s*TODO\(kitcn\):\s*(.+)$/;
