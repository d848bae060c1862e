// What an error of another command says to a reader of `kitcn doctor`, which writes nothing anyway. Pure.
import type { CodegenError } from "../errors.js";
import type { Finding } from "./types.js";

/** The error as a finding. */
export function findingOf(error: CodegenError): Finding {
  const { code, message } = error;
  // The sentence is the error's, and only the form is a finding's.
  // eslint-disable-next-line no-restricted-syntax
  return { code, level: "error", message, fix: fixOf(error) };
}

/** How to fix what an error is about. */
export function fixOf({ hint }: CodegenError): string {
  return hint.replace(WROTE_NOTHING, "").trim();
}

// --- internal ---

const WROTE_NOTHING = /\s*(Nothing was written|No file( of kitcn's)? was (written|changed))\./g;
