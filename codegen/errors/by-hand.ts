// How kitcn refuses a file that it cannot edit: why, and the exact lines for its owner to write. Used by the other
// modules of this folder; says nothing itself.
import { CodegenError } from "../errors.js";
import type { CodegenErrorCode } from "./codes.js";
import { indented } from "./words.js";

/** Where an edit is to be made, and what it comes to. */
export type ByHand = {
  /** `path` or `path:line`. */
  readonly at: string;
  /** Code; comments in it say where it belongs. */
  readonly lines: readonly string[];
};

/** An edit that somebody has to make, before it becomes an error. */
export type Problem = ByHand & { readonly code: CodegenErrorCode; readonly reason: string };

export function manualEdit({ code, at, reason, lines }: Problem): CodegenError {
  return new CodegenError({
    code,
    message: `${at}: ${reason}`,
    hint: `${MAKE_EDIT}\n\n${indented(lines)}`,
  });
}

/** One error of all edits, of which the first gives the code. */
export function manualEdits(problems: readonly Problem[]): CodegenError {
  const hints = problems.map(({ at, lines }) => `In ${at}:\n${indented(lines)}`);
  return new CodegenError({
    code: problems[0]?.code ?? "AUTH_UNKNOWN_FORM",
    message: problems.map(({ at, reason }) => `${at}: ${reason}`).join("\n"),
    hint: `${MAKE_EDIT}\n\n${hints.join("\n\n")}`,
  });
}

// --- internal ---

const MAKE_EDIT = "Make this edit yourself, then run the command again. Nothing was written.";
