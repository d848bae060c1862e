// The values of json columns, as documents hold them: the value itself. Pure.
//
// Text is what is left for three kinds of value: one that Convex cannot hold (a key such as "$ref" or "é", deep
// nesting), one that an app stored before json columns held values, and a string that would be taken for such text.
// So a string that is the JSON text of an object, an array or a string stands for that; any other is itself.

/** As Convex counts them: items of an array, fields of an object, levels of a document below its column. */
const MAX_ITEMS = 8192;
const MAX_FIELDS = 1024;
const MAX_FIELD_NAME = 1024;
const MAX_LEVELS = 14;

/** What a document holds for a value. What JSON has no words for goes as in JSON: dates are text, undefined is left out. */
export function toStoredJson(value: unknown): unknown {
  if (typeof value === "string") return storedText(wellFormed(value));
  if (typeof value !== "object" || value === null) return value;
  const text = JSON.stringify(value).replace(HALF_AS_ESCAPE, "$1\ufffd");
  const plain: unknown = JSON.parse(text);
  if (typeof plain === "string") return storedText(plain);
  return isStorable(plain, MAX_LEVELS) ? plain : text;
}

/** The value that a document holds. */
export function fromStoredJson(stored: unknown): unknown {
  return typeof stored === "string" ? valueOfText(stored) : stored;
}

/** Text with U+FFFD for each half of a surrogate pair, as other databases store it. Convex refuses the whole write. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

// --- internal ---

/** JSON.stringify escapes a half, and nothing else of that range; a backslash of the text is two. */
const HALF_AS_ESCAPE = /(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

function storedText(value: string): string {
  return valueOfText(value) === value ? value : JSON.stringify(value);
}

function valueOfText(text: string): unknown {
  if (!/^\s*[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not JSON, so it is a string that begins like it.
    return text;
  }
}

function isStorable(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  const isBelow = (one: unknown) => isStorable(one, levels - 1);
  if (Array.isArray(value)) return value.length <= MAX_ITEMS && value.every(isBelow);
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_FIELDS &&
    entries.every(([name, one]) => isFieldName(name) && isBelow(one))
  );
}

/** Printable ASCII, not empty, and not beginning as Convex's own fields do. */
function isFieldName(name: string): boolean {
  return name.length <= MAX_FIELD_NAME && /^[ -#%-^`-~][ -~]*$/.test(name);
}
