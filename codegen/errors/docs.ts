// Where the package explains an error or a finding: a heading of docs/errors.md, which is printed from this folder.
// Pure. Must know the order of the page's sections: a code that has a heading in an earlier one gets a number.
import type { CodegenError } from "../errors.js";
import { CODES } from "./codes.js";
import { FINDING_CODES } from "./finding-codes.js";

/**
 * Where an error is explained, from the package's folder. A code that is not of CODES is one of the runtime, which came
 * out of a deployment.
 *
 * @example
 * docsOf("NO_AUTH_FILE"); // docs/errors.md#no_auth_file
 */
export function docsOf(code: string): string {
  return place(code, isIn(CODES, code) ? [] : [FINDING_CODES]);
}

/** An error as it stands in JSON output. */
export function errorDocument({ code, message, hint }: CodegenError) {
  return { code, message, hint, docs: docsOf(code) };
}

/** Where a finding is. One without a sentence among the findings is an error that a check ran into. */
export function docsOfFinding(code: string): string {
  return place(code, isIn(FINDING_CODES, code) ? [CODES] : []);
}

// --- internal ---

/** As GitHub and the site number headings of one name. */
function place(code: string, earlier: readonly (readonly string[])[]): string {
  const before = earlier.filter((codes) => isIn(codes, code)).length;
  return `docs/errors.md#${code.toLowerCase()}${before === 0 ? "" : `-${before}`}`;
}

function isIn(codes: readonly string[], code: string): boolean {
  return codes.includes(code);
}
