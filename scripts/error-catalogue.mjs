// The sections of docs/errors.md that come from a catalogue: each function is called with placeholders, so that what
// the page says is what an app sees. Prints, and writes nothing.

/**
 * Each code with its sentences, in the form of docs/errors.md.
 *
 * @param modules the modules of a catalogue: every function they export makes one error of the strings, numbers and
 *   lists that it takes by name
 */
export function printCatalogue(modules) {
  return printErrors(modules.flatMap(errorsOf));
}

/**
 * What each function of a module makes: `{ name, code, message, hint }`. An edit to make by hand has a reason and lines,
 * a finding a fix.
 */
export function errorsOf(module) {
  return Object.entries(module)
    .filter(([, make]) => typeof make === "function")
    .map(([name, make]) => {
      const error = make(PLACEHOLDERS);
      const {
        code,
        at,
        reason,
        message = `${at}: ${reason}`,
        fix = BY_HAND,
        hint = fix,
      } = error.data ?? error;
      return { name, code, message, hint };
    });
}

/** Of the names in codegen/errors/: a module with what commands refuse. */
export function isRoomOfCommands(name) {
  return !isRoomOfFindings(name) && !SHARED.includes(name);
}

/** One with what `kitcn doctor` finds. */
export function isRoomOfFindings(name) {
  return name.startsWith("doctor-");
}

/** Sections by code, each with its messages and hints. Equal sentences are printed once. */
export function printErrors(errors) {
  const codes = [...new Set(errors.map(({ code }) => code))].sort();
  return codes
    .flatMap((code) => {
      const texts = errors
        .filter((one) => one.code === code)
        .map(({ message, hint }) => `\`\`\`text\n${message}\n\`\`\`\n\n${escape(hint)}`.trim());
      return [`### ${code}`, ...new Set(texts)];
    })
    .join("\n\n");
}

// --- internal ---

/** What holds no sentences by itself: codes, types, and what sentences share. */
const SHARED = ["by-hand.ts", "codes.ts", "docs.ts", "finding-codes.ts", "words.ts"];

/** As codegen/errors/by-hand.ts says it of one edit. */
const BY_HAND =
  "Make this edit yourself, then run the command again. Nothing was written.\n\n<lines>";

/** `table` stands for any table: `<table>`. */
const PLACEHOLDERS = new Proxy(
  {},
  { get: (_, name) => (typeof name === "string" ? new Placeholder(name) : undefined) },
);

/** A text that is also a list of itself, since a placeholder does not know what stands in its place. */
class Placeholder extends String {
  constructor(name) {
    super(`<${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}>`);
  }
  *[Symbol.iterator]() {
    yield String(this);
  }
  map(change) {
    return [change(String(this), 0)];
  }
  join() {
    return String(this);
  }
}

/** Angle brackets and stars outside of code spans are text. */
function escape(hint) {
  return hint
    .split("`")
    .map((part, at) => (at % 2 === 0 ? part.replace(/[<*]/g, "\\$&") : part))
    .join("`");
}
