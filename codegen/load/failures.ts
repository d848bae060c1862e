// Turns whatever goes wrong while a module of the app is loaded into one named error: file, line, what to do. Pure.
import { dirname, relative } from "node:path";
import { listImports, locationOf, textOf, walk, type Module } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { installLine, managerOf } from "../satellites.js";

/** An import that leads nowhere. */
export function moduleNotFound(specifier: string, importer: Module): CodegenError {
  let where = importer.path;
  walk(importer.program, (node) => {
    if (node.type === "StringLiteral" && node.value === specifier)
      where = locationOf(importer, node);
  });
  const isPath = /^[./@~#]/.test(specifier) && !/^@[\w-]+\/[\w.-]+/.test(specifier);
  return new CodegenError({
    code: "MODULE_NOT_FOUND",
    message: `${where} imports "${specifier}", which was not found.`,
    hint: isPath
      ? AUTH_CONFIG.test(specifier)
        ? "Run `npx kitcn add auth` to create it, or correct the path."
        : "Correct the path, or the `paths` of tsconfig.json."
      : `Install it: ${installLine(packageOf(specifier), managerOf(dirname(importer.path)))}`,
  });
}

/**
 * The error a user sees when a module of the app does not load. CodegenErrors keep their text and get the place where it happened.
 *
 * @param input.modules the app's modules that were run
 * @param input.redact removes secrets
 */
export function loadFailure(input: {
  readonly error: unknown;
  /** The module that was asked for. */
  readonly entry: string;
  readonly root: string;
  readonly modules: ReadonlyMap<string, Module>;
  readonly redact: (text: string) => string;
}): CodegenError {
  const { error, redact } = input;
  const short = (text: string) => redact(text.replaceAll(`${input.root}/`, ""));
  if (error instanceof CodegenError && !PLACELESS.has(error.code))
    return new CodegenError({ ...error, message: short(error.message), cause: error });
  const frame = frameOf(error, input.modules);
  const place = short(frame ? `${frame.module.path}:${frame.line}` : input.entry);
  const message = error instanceof Error ? error.message : String(error);
  const callee = frame?.isInside === true && importedCallee(frame.module, frame.line);
  if (callee && !(error instanceof CodegenError))
    return new CodegenError({
      code: "PLUGIN_FAILED",
      message: `${place}: ${callee.text}() of ${callee.source} failed: ${short(message)}`,
      hint: `Give ${callee.text}() the options it asks for. Where one comes from a variable, set that in convex/.env.`,
      cause: error,
    });
  return new CodegenError({
    code: error instanceof CodegenError ? error.code : "AUTH_FAILED",
    message: `${place}: ${short(message)}`,
    hint:
      error instanceof CodegenError
        ? error.hint
        : `Make ${relative(input.root, input.entry)} load without a deployment: keep what needs one inside callbacks, and set missing variables in convex/.env.`,
    cause: error,
  });
}

// --- internal ---

/** The one module beside auth.ts that `add auth` writes before it loads auth.ts. */
const AUTH_CONFIG = /^\.\/auth\.config(\.[jt]s)?$/;

/** Errors of our stand-ins and guards, thrown inside user code: only the stack knows the place. */
const PLACELESS: ReadonlySet<string> = new Set([
  "INSISTED_ON_VALUE",
  "CALLED_WHILE_LOADING",
  "EXITED_WHILE_LOADING",
]);

type Frame = {
  readonly module: Module;
  readonly line: number;
  /** The error was thrown further in, by what this line calls. */
  readonly isInside: boolean;
};

/** The topmost stack frame that lies in a module of the app. */
function frameOf(error: unknown, modules: ReadonlyMap<string, Module>): Frame | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  let isInside = false;
  for (const text of error.stack.split("\n")) {
    const found = /\(?((?:file:\/\/)?\/?[^\s()]+?):(\d+):\d+\)?$/.exec(text.trim());
    const path = found?.[1]?.replace(/^file:\/\//, "");
    const module = path === undefined ? undefined : modules.get(path);
    if (module) return { module, line: Number(found?.[2]), isInside };
    if (path !== undefined && /[\\/]node_modules[\\/]/.test(path)) isInside = true;
  }
  return undefined;
}

/** What a line calls of a package, such as a plugin. */
function importedCallee(
  module: Module,
  line: number,
): { readonly text: string; readonly source: string } | undefined {
  const imports = new Map(listImports(module).map(({ local, source }) => [local, source]));
  let found: { text: string; source: string } | undefined;
  walk(module.program, (node) => {
    const isCall = node.type === "CallExpression" || node.type === "NewExpression";
    if (!isCall || node.loc === null || node.loc === undefined) return;
    // A call of several lines is traced to its first; the innermost of a line is the one that throws first.
    if (node.loc.start.line !== line) return;
    const text = textOf(module, node.callee);
    const source = imports.get(text.split(".")[0] ?? "");
    if (source === undefined || /^[./]/.test(source)) return;
    found = { text: node.type === "NewExpression" ? `new ${text}` : text, source };
  });
  return found;
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
