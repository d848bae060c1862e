// What kitcn says in the commands that write an app's files: confirmations, files out of date, and what auth.ts does
// that no edit of kitcn can reach. Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";
import { isOne, listed } from "./words.js";

export const writeNeedsYes = ({ files }: { files: number }): CodegenError =>
  new CodegenError({
    code: "NEEDS_YES",
    message: `There are ${files} files to write, and no terminal to ask in.`,
    hint: YES_OR_LOOK,
    exitCode: 2,
  });

export const initNeedsYes = (): CodegenError =>
  new CodegenError({
    code: "NEEDS_YES",
    message: "There are files to write, and no terminal to ask in.",
    hint: YES_OR_LOOK,
    exitCode: 2,
  });

export const schemaOutOfDate = ({ files }: { files: readonly string[] }): CodegenError =>
  outOfDate(`${listed(files)} ${isOne(files) ? "does" : "do"} not match auth.ts.`);

/** `reason`: a sentence. */
export const serverOutOfDate = ({ reason }: { reason: string }): CodegenError => outOfDate(reason);

export const bothOutOfDate = ({
  reason,
  files,
}: {
  reason: string;
  files: readonly string[];
}): CodegenError =>
  outOfDate(`${reason} ${listed(files)} ${isOne(files) ? "does" : "do"} not match auth.ts.`);

// --- internal ---

const YES_OR_LOOK = "Pass --yes to write them, or --dry-run to see them.";

function outOfDate(message: string): CodegenError {
  return new CodegenError({
    code: "SCHEMA_OUT_OF_DATE",
    message,
    hint: "Run `npx kitcn add auth --schema --yes` first. Nothing was written.",
  });
}
