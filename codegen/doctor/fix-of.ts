// What an error of another command says to a reader of `kitcn doctor`, which writes nothing anyway. Pure.
import type { CodegenError } from "../errors.js";

/** How to fix what an error is about. */
export function fixOf({ hint }: CodegenError): string {
  return hint.replace(WROTE_NOTHING, "").trim();
}

// --- internal ---

const WROTE_NOTHING = /\s*(Nothing was written|No file( of kitcn's)? was (written|changed))\./g;
