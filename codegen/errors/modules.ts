// What kitcn says about files of the app that it reads as code or as settings.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";

/** `place`: `path:line:column`; `file`: its name. */
export const syntaxError = ({
  place,
  reason,
  file,
  cause,
}: {
  place: string;
  reason: string;
  file: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "SYNTAX_ERROR",
    message: `${place} does not parse: ${reason}`,
    hint: `Fix ${file}, then run the command again. Nothing was written.`,
    cause,
  });

/** `path`: the file that kitcn formats. `isMissing`: the config names a package that is not installed. */
export const prettierConfig = ({
  path,
  reason,
  isMissing,
  cause,
}: {
  path: string;
  reason: string;
  isMissing: boolean;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "PRETTIER_CONFIG",
    message: `The prettier config of ${path} does not load: ${reason}`,
    hint: isMissing
      ? "Install the app's packages, of every package of the repository where it has several, then run the command again. kitcn writes in the style of that config."
      : "Fix the config, or remove it: without one kitcn follows the habits of the file.",
    cause,
  });

export const invalidTsconfig = ({
  path,
  reason,
  cause,
}: {
  path: string;
  reason: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "INVALID_TSCONFIG",
    message: `${path} does not parse: ${reason}`,
    hint: "Correct it, then run the command again. kitcn reads `paths` and `moduleResolution` from it.",
    cause,
  });

/** A module whose ending Convex does not look for. `name`: without an ending; `file`, `renamed`: file names. */
export const unseenModule = ({
  path,
  name,
  file,
  renamed,
}: {
  path: string;
  name: string;
  file: string;
  renamed: string;
}): CodegenError =>
  new CodegenError({
    code: "UNSEEN_MODULE",
    message: `Convex does not see ${path}: it looks for ${name}.ts or ${name}.js.`,
    hint: `Rename ${file} to ${renamed}, then run the command again. Nothing was written.`,
  });
