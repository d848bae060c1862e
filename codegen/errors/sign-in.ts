// What kitcn says when an app already signs users in with another library.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";

/** `found`: lines that name each place; `steps`: paragraphs on what to do; `details`: the same for a machine. */
export const signInTaken = ({
  libraries,
  found,
  steps,
  details,
}: {
  libraries: readonly string[];
  found: string;
  steps: readonly string[];
  details: Readonly<Record<string, unknown>>;
}): CodegenError =>
  new CodegenError({
    code: "SIGN_IN_TAKEN",
    message: `This app already signs users in with ${libraries.join(", ")}:\n${found}`,
    hint: [...steps, "Then run the command again. Nothing was written."].join("\n\n"),
    details,
  });

/** Of an app whose author changes code first: that the list is at the end. */
export const yoursBelow = (count: number): string =>
  `You have to change ${count === 1 ? "one place" : `${count} places`} yourself first. The end of this output lists ${count === 1 ? "it" : "them"}.`;

/** `found`: lines that name each place. */
export const yoursFirst = (found: string): string => `Change these yourself first:\n${found}`;

/** The edits that a run would make, as a patch. */
export const handEdits = (diff: string): string =>
  `Make these edits by hand, or save them to a file and run \`git apply <file>\`:\n\n${diff}`;
