// Turns whatever goes wrong while a module of the app is loaded into one named error: file, line, what to do. Pure.
import { relative } from "node:path";
import { lineOf, type Module } from "../edit/index.js";
import { CodegenError, rephrase } from "../errors.js";
import { authFailed, callFailed, importFailed, nameUnknown } from "../errors/load.js";
import { lackOfPackage, missingExport, placeOfImport } from "./import-failures.js";
import type { Runner } from "./module-runner.js";
import { callAt, pluginOf, type FoundCall, type Place } from "./running-calls.js";

/**
 * The error a user sees when a module of the app does not load. CodegenErrors keep their text and get the place where it happened.
 *
 * @param input.runner what ran the app's modules
 * @param input.redact removes secrets
 */
export function loadFailure(input: LoadFailure): CodegenError {
  const { error, redact } = input;
  const short = (text: string) => redact(text.replaceAll(`${input.root}/`, ""));
  if (error instanceof CodegenError && !PLACELESS.has(error.code))
    return rephrase(error, { message: short(error.message) });
  const frames = framesOf(error, input.runner.modules);
  const [frame] = frames;
  const lost = wrongImport(input, frame);
  if (lost) return rephrase(lost, { message: short(lost.message) });
  const place = short(
    frame
      ? `${frame.module.path}:${lineOf(frame.module, frame.line)}`
      : (placeOfFailedImport(input) ?? input.entry),
  );
  const reason = short(error instanceof Error ? error.message : String(error));
  if (error instanceof CodegenError) return rephrase(error, { message: `${place}: ${reason}` });
  const unknown = unknownName(error, frames);
  if (unknown !== undefined) return nameUnknown({ place, reason, name: unknown, cause: error });
  const failed = failedCall(input, frames) ?? failedPlugin(input, frames);
  if (failed) {
    const { call, module, specifier, thrown } = failed;
    const said = {
      place: short(`${module.path}:${call.line}`),
      call: short(call.text),
      source: call.source,
      reason,
      thrownAt: thrown && short(`${thrown.module.path}:${lineOf(thrown.module, thrown.line)}`),
      cause: error,
    };
    return specifier === undefined
      ? callFailed(said)
      : importFailed({ ...said, specifier: short(specifier) });
  }
  return authFailed({ place, reason, path: relative(input.root, input.entry), cause: error });
}

// --- internal ---

/** Errors of our stand-ins and guards, thrown inside user code: only the stack knows the place. */
const PLACELESS: ReadonlySet<string> = new Set([
  "INSISTED_ON_VALUE",
  "CALLED_WHILE_LOADING",
  "EXITED_WHILE_LOADING",
]);

type LoadFailure = {
  readonly error: unknown;
  /** The module that was asked for. */
  readonly entry: string;
  readonly root: string;
  readonly runner: Pick<Runner, "modules" | "codeOf" | "failedImports" | "packagesOf">;
  readonly redact: (text: string) => string;
};

type Frame = Place & {
  readonly module: Module;
  /** The error was thrown further in, by a package that this line calls. */
  readonly isInside: boolean;
};

type Failed = {
  readonly call: FoundCall;
  readonly module: Module;
  /** The module that threw before anything was called. */
  readonly specifier?: string;
  readonly thrown: Frame | undefined;
};

/** A name that its package does not export, or a package that another one lacks. */
function wrongImport({ error, runner }: LoadFailure, frame?: Frame): CodegenError | undefined {
  if (frame && !frame.isInside && error instanceof TypeError) {
    const { module } = frame;
    const running = runner.codeOf(module.path)?.split("\n")[frame.line - 1] ?? "";
    return missingExport(module, { running, packages: runner.packagesOf(module.path) });
  }
  const [failed] = runner.failedImports(error);
  const importer = failed && runner.modules.get(failed.importer);
  return importer && lackOfPackage(error, { specifier: failed.specifier, importer });
}

/** Of an import whose package threw before any line of the app ran. */
function placeOfFailedImport({ error, runner }: LoadFailure): string | undefined {
  const [failed] = runner.failedImports(error);
  const importer = failed && runner.modules.get(failed.importer);
  return importer && placeOfImport(failed.specifier, importer);
}

/** The stack frames that lie in modules of the app, the topmost first. */
function framesOf(error: unknown, modules: ReadonlyMap<string, Module>): Frame[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const frames: Frame[] = [];
  let isInside = false;
  for (const text of error.stack.split("\n")) {
    const found = FRAME.exec(text.trim());
    const path = found?.[1]?.replace(/^file:\/\//, "");
    const module = path === undefined ? undefined : modules.get(path);
    if (module)
      frames.push({ module, line: Number(found?.[2]), column: Number(found?.[3]), isInside });
    // What calls the app's module is not what it calls.
    if (module) isInside = false;
    else if (path !== undefined && /[\\/]node_modules[\\/]/.test(path)) isInside = true;
  }
  return frames;
}

/** The name that a module of the app uses and nothing declares; not one that a package uses. */
function unknownName(error: unknown, [frame]: readonly Frame[]): string | undefined {
  if (!frame || frame.isInside || !(error instanceof ReferenceError)) return undefined;
  const name = /^(\S+) is not defined$/.exec(error.message)?.[1];
  return name !== undefined && ELSEWHERE.has(name) ? undefined : name;
}

/** Names that browsers and other runtimes have, so no import gives them. */
const ELSEWHERE: ReadonlySet<string> = new Set(
  "window document location history localStorage sessionStorage Deno Bun require module exports __dirname __filename".split(
    " ",
  ),
);

const FRAME = /\(?((?:file:\/\/)?(?:\/|[A-Za-z]:\\)[^()]+?):(\d+):(\d+)\)?$/;

/** What was called when it was thrown: of a package, or one of the plugins. */
function failedCall({ runner }: LoadFailure, frames: readonly Frame[]): Failed | undefined {
  for (const [index, frame] of frames.entries()) {
    const { module, isInside } = frame;
    // A line that throws itself calls nothing that failed.
    if (index === 0 && !isInside) continue;
    const code = runner.codeOf(module.path);
    const call = code === undefined ? undefined : callAt(module, { code, place: frame });
    const isOfPackage = call?.source !== undefined && !/^[./]/.test(call.source);
    if (!call || !(call.isPlugin || (index === 0 && isOfPackage))) continue;
    return { call, module, thrown: index === 0 ? undefined : frames[0] };
  }
  return undefined;
}

/** The plugin whose module, or one that it imports, threw while it was loaded. */
function failedPlugin(
  { error, runner }: LoadFailure,
  [thrown]: readonly Frame[],
): Failed | undefined {
  for (const { importer, specifier } of runner.failedImports(error)) {
    const module = runner.modules.get(importer);
    const call = module && pluginOf(module, specifier);
    if (call) return { call, module, specifier, thrown };
  }
  return undefined;
}
