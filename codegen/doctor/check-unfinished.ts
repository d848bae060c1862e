// Findings about what was added and is not finished: code that is left to the app's author, and variables that plugins
// and providers need. Pure.
import { listTodos } from "../grow/code.js";
import type { VariableRead } from "../grow/reads.js";
import type { Finding, Variables } from "./types.js";

/** A module of the app: its path from the app's folder, and its text. */
export type NamedText = { readonly file: string; readonly text: string };

/** `UNFINISHED_CODE`: a warning while the app is developed, an error in production. */
export function checkTodos(modules: readonly NamedText[], isProduction: boolean): Finding[] {
  return modules.flatMap(({ file, text }) =>
    listTodos(text).map(({ line, todo }) => ({
      code: "UNFINISHED_CODE",
      level: isProduction ? ("error" as const) : ("warning" as const),
      message: `${file}:${line} has code that you have to finish: ${todo}`,
      fix: "Write that code, then delete the comment that begins with TODO(kitcn).",
      file,
      line,
    })),
  );
}

/** `MISSING_VARIABLE`: what a plugin, a provider or the mails read, and the deployment lacks. */
export function checkVariables(
  reads: readonly VariableRead[],
  input: {
    readonly env: Variables;
    readonly isProduction: boolean;
    readonly shorten: (path: string) => string;
    /** How messages name the file with the variables of development. */
    readonly envFile: string;
  },
): Finding[] {
  return reads
    .filter(({ name }) => !input.env[name])
    .map(({ name, of, file, line, isForProduction = false }) => ({
      code: "MISSING_VARIABLE",
      level: isForProduction && !input.isProduction ? ("warning" as const) : ("error" as const),
      message: `${input.shorten(file)}:${line} reads ${name} for ${of}, but it is not set on the deployment.`,
      fix: input.isProduction
        ? `npx convex env set ${name} <value> --prod`
        : `Write its value into ${input.envFile}, then run npx kitcn env push.`,
      file: input.shorten(file),
      line,
    }));
}
