// Findings about what was added and is not finished: code that is left to the app's author, and variables that plugins
// and providers need. Pure.
import {
  variableNotInFile,
  variableNotInProduction,
  variableNotSet,
} from "../errors/doctor-env.js";
import { codeUnfinished } from "../errors/doctor-files.js";
import { listTodos } from "../grow/code.js";
import type { VariableRead } from "../grow/reads.js";
import type { Finding, Variables } from "./types.js";

/** A module of the app: its path from the app's folder, and its text. */
export type NamedText = { readonly file: string; readonly text: string };

/** `UNFINISHED_CODE`: a warning while the app is developed, an error in production. */
export function checkTodos(modules: readonly NamedText[], isProduction: boolean): Finding[] {
  return modules.flatMap(({ file, text }) =>
    listTodos(text).map(({ line, todo }) =>
      codeUnfinished({ todo, level: isProduction ? "error" : "warning", file, line }),
    ),
  );
}

/** `MISSING_VARIABLE`: what a plugin, a provider or the mails read, and the deployment, or the file for it, lacks. */
export function checkVariables(
  reads: readonly VariableRead[],
  input: {
    readonly env: Variables;
    readonly isProduction: boolean;
    /** `env` is what `envFile` has, since no deployment could be asked. */
    readonly isFromFile?: boolean;
    readonly shorten: (path: string) => string;
    /** How messages name the file with the variables of development. */
    readonly envFile: string;
  },
): Finding[] {
  return reads
    .filter(({ name }) => !input.env[name])
    .filter(({ onlyWith = [] }) => onlyWith.every((name) => input.env[name]))
    .map(({ name, of, file: path, line, isForProduction = false }) => {
      const file = input.shorten(path);
      if (input.isFromFile)
        return variableNotInFile({ name, of, envFile: input.envFile, file, line });
      if (input.isProduction) return variableNotInProduction({ name, of, file, line });
      const level = isForProduction ? "warning" : "error";
      return variableNotSet({ name, of, level, envFile: input.envFile, file, line });
    });
}
