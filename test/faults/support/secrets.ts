// Finds secrets in texts: as they are, and in base64, hex, URL encoding and byte values, one inside of the other.
// Must not know what made the texts.

/** Fewer characters than this are found anywhere by chance. */
const MIN_SECRET = 12;

/** An encoding inside of an encoding inside of an encoding is as far as it looks. */
const MAX_DEPTH = 3;

/** The keys of answers, rows and bodies whose values nobody may see. */
const SECRET_KEY = /token|secret|password|hash|code|private|otp|verifier|cookie|state|signature/i;

/**
 * The secrets that a text contains, each with the beginning of the text around it.
 *
 * @example
 * expect(leaksIn(line, ["hunter2hunter2"])).toEqual([]);
 */
export function leaksIn(text: string, secrets: Iterable<string>): string[] {
  const layers = [...new Set(layersOf(text, 0))].join("\n");
  return [...secrets].flatMap((secret) => {
    const at = layers.indexOf(secret);
    if (at === -1) return [];
    return [`${secret} in: ${layers.slice(Math.max(0, at - 120), at + secret.length + 40)}`];
  });
}

/** The values of an object, however deep, whose keys say that they are secret. */
export function secretsIn(value: unknown, isSecret = false): string[] {
  if (typeof value === "string") {
    const inner = jsonOf(value);
    if (inner !== undefined) return secretsIn(inner, isSecret);
    return isSecret && value.length >= MIN_SECRET ? [value] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, isSecret));
  return Object.entries(value).flatMap(([key, item]) =>
    secretsIn(item, isSecret || SECRET_KEY.test(key)),
  );
}

// --- internal ---

function jsonOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // a text that only begins like JSON
  }
}

/** The text, and what is encoded in it. */
function* layersOf(text: string, depth: number): Generator<string> {
  yield text;
  if (depth === MAX_DEPTH) return;
  for (const inner of decodedFrom(text)) yield* layersOf(inner, depth + 1);
}

function* decodedFrom(text: string): Generator<string> {
  if (/%[0-9a-f]{2}/i.test(text))
    yield text.replace(/(%[0-9a-f]{2})+/gi, (run) =>
      Buffer.from(run.replaceAll("%", ""), "hex").toString("latin1"),
    );
  if (text.includes("\\")) yield text.replace(/\\u([0-9a-f]{4})|\\(.)/gi, unescaped);
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{16,}/g)) {
    // Nobody knows where in a longer run the encoded part begins.
    for (let skip = 0; skip < 4; skip++)
      yield Buffer.from(run.slice(skip), "base64").toString("latin1");
    if (/^[0-9a-f]+$/i.test(run)) yield Buffer.from(run, "hex").toString("latin1");
  }
  for (const [run] of text.matchAll(/\d{1,3}(?:\s*,\s*\d{1,3}){11,}/g))
    yield Buffer.from(run.split(",").map(Number)).toString("latin1");
}

function unescaped(whole: string, code: string | undefined, letter: string | undefined): string {
  if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
  return letter === "n" ? "\n" : (letter ?? whole);
}
