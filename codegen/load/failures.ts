// Turns whatever goes wrong while a module of the app is loaded into one named error: file, line, what to do. Pure.
import { relative } from "node:path";
import { locationOf, walk, type Module } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { installLine } from "../satellites.js";

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
      ? "Correct the path, or the `paths` of tsconfig.json."
      : `Install it: ${installLine(packageOf(specifier))}`,
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
  const place = short(placeOf(error, input.modules) ?? input.entry);
  const message = error instanceof Error ? error.message : String(error);
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

/** Errors of our stand-ins and guards, thrown inside user code: only the stack knows the place. */
const PLACELESS: ReadonlySet<string> = new Set([
  "INSISTED_ON_VALUE",
  "CALLED_WHILE_LOADING",
  "EXITED_WHILE_LOADING",
]);

/** The topmost stack frame that lies in a module of the app, as path:line. */
function placeOf(error: unknown, modules: ReadonlyMap<string, Module>): string | undefined {
  if (!(error instanceof Error) || error.stack === undefined) return undefined;
  for (const line of error.stack.split("\n")) {
    const frame = /\(?((?:file:\/\/)?\/?[^\s()]+?):(\d+):\d+\)?$/.exec(line.trim());
    const path = frame?.[1]?.replace(/^file:\/\//, "");
    if (path !== undefined && modules.has(path)) return `${path}:${frame?.[2]}`;
  }
  return undefined;
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return parts.slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}
