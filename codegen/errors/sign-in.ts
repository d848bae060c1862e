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
