// What patching a user's file comes to, and how a patch that is not possible is refused.
// Plain data; texts are made by the patchers.
import { CodegenError } from "../errors.js";

/** `text` is the whole file; undefined when the file already says all of it. */
export type Patch = { readonly text: string | undefined };

/** A file that must be edited by hand: the message says why, the hint holds the exact lines. */
export function manualEdit({
  code,
  at,
  reason,
  lines,
}: {
  code: string;
  /** `path` or `path:line`. */
  at: string;
  reason: string;
  lines: readonly string[];
}): CodegenError {
  return new CodegenError({
    code,
    message: `${at}: ${reason}`,
    hint: `Make this edit yourself, then run the command again. Nothing was written.\n\n${lines.map((line) => `  ${line}`.trimEnd()).join("\n")}`,
  });
}
