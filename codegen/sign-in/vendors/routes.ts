// Paths as the middleware of a service writes them, as regular expressions of the app's own. Pure.
// A pattern that is not understood gives nothing: a page must never become open because of a guess.

/**
 * The source of a regular expression literal for a pattern of `path-to-regexp`, with or without a case.
 *
 * @example
 * printPattern("/notes(.*)", "i"); // "/^\\/notes(?:.*)[/#?]?$/i"
 */
export function printPattern(pattern: string, flags: "" | "i"): string | undefined {
  const source = sourceOf(pattern);
  if (source === undefined || !pattern.startsWith("/")) return undefined;
  // WorkOS, whose patterns have a case, reads them as addresses: what is behind "?" is not the path's.
  if (flags === "" && pattern.includes("?")) return undefined;
  return `/^${source}[/#?]?$/${flags}`;
}

// --- internal ---

/** The parts of a pattern, each with what it matches. */
const PARTS: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  // A segment with a name and what it may be: the name says nothing about what is matched.
  [/^\/:\w+\(([^()?:\\/]+)\)(?![*+?])/, ([, inner = ""]) => `\\/(?:${inner})`],
  // A segment with a name, and perhaps more of them.
  [
    /^\/:\w+([*+?]?)(?![\w(])/,
    ([, many]) => {
      const segment = "[^/#?]+?";
      if (many === "*") return `(?:\\/${segment}(?:\\/${segment})*)?`;
      if (many === "+") return `\\/${segment}(?:\\/${segment})*`;
      return many === "?" ? `(?:\\/${segment})?` : `\\/${segment}`;
    },
  ],
  // A group that the library takes as it is; one with groups or look-aheads inside is left to its author.
  [/^\(([^()?:\\/]+)\)(?![*+?])/, ([, inner = ""]) => `(?:${inner})`],
  [/^\//, () => "\\/"],
  [/^[\w~%@!,;=-]+/, ([text]) => text],
  [/^\./, () => "\\."],
];

function sourceOf(pattern: string): string | undefined {
  let rest = pattern;
  let source = "";
  while (rest !== "") {
    const found = PARTS.flatMap(([form, print]) => {
      const match = form.exec(rest);
      return match ? [{ length: match[0].length, text: print(match) }] : [];
    })[0];
    if (!found) return undefined;
    source += found.text;
    rest = rest.slice(found.length);
  }
  return source;
}
