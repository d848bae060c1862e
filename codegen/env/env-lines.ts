// Finds the lines of a .env text that are not variables, and names that Convex does not accept. Pure. Answers hold
// no text of a line but a short name: the line may be a part of a secret.

/** A line that cannot be pushed. */
export type BadLine = {
  /** From 1. */
  readonly line: number;
  readonly problem:
    "no-equals-sign" | "no-name" | "bad-name" | "long-name" | "text-after-quote" | "escaped-quote";
  /** Of a variable, where it is short enough to be none of a secret's lines. */
  readonly name?: string;
};

/** What a name may have; Convex counts its bytes. */
export const MAX_NAME_BYTES = 256;

/**
 * The lines that are no variable, empty or a comment. The lines of a quoted value belong to the line that begins it.
 *
 * @example
 * findBadLines("A=1\nSITE_URL\n"); // [{ line: 2, problem: "no-equals-sign" }]
 */
export function findBadLines(text: string): BadLine[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/);
  const found: BadLine[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? "").trim().replace(/^export\s+/, "");
    if (line === "" || line.startsWith("#")) continue;
    const equals = line.indexOf("=");
    const name = line.slice(0, Math.max(equals, 0)).trim();
    const value = equals === -1 ? undefined : endOfValue(line.slice(equals + 1), lines, at);
    const problem = value ? (problemOf(name) ?? value.problem) : "no-equals-sign";
    if (problem !== undefined)
      found.push({ line: at + 1, problem, ...(SHOWABLE.test(name) && { name }) });
    at = value?.at ?? at;
  }
  return found;
}

// --- internal ---

const NAME = /^[a-z_]\w*$/i;

/** Shorter than the lines of a key. */
const SHOWABLE = /^[\w.-]{1,40}$/;

function problemOf(name: string): BadLine["problem"] | undefined {
  if (name === "") return "no-name";
  if (!NAME.test(name)) return "bad-name";
  return name.length > MAX_NAME_BYTES ? "long-name" : undefined;
}

/**
 * The line on which a quoted value ends; the same where it has no closing quote. Whoever reads the file ignores what
 * follows that quote, and no quote can be escaped.
 */
function endOfValue(
  value: string,
  lines: readonly string[],
  at: number,
): { readonly at: number; readonly problem?: BadLine["problem"] } {
  const [quote = "", ...rest] = value.trimStart();
  if (quote === "" || !`"'\``.includes(quote)) return { at };
  const texts = [rest.join(""), ...lines.slice(at + 1)];
  const ends = texts.findIndex((text) => text.includes(quote));
  const text = texts[ends] ?? "";
  const after = text.slice(text.indexOf(quote) + 1).trim();
  if (ends === -1 || after === "" || after.startsWith("#")) return { at: at + Math.max(ends, 0) };
  const isEscaped = text[text.indexOf(quote) - 1] === "\\";
  return { at: at + ends, problem: isEscaped ? "escaped-quote" : "text-after-quote" };
}
