// Source maps: where a position of generated code comes from. Reads the maps that bundlers write (version 3).
// Must not know errors.

export type Position = { readonly source: string; readonly line: number; readonly column: number };

export type DecodedMap = {
  /** The last mapping at or before a position, as the map counts: from zero. */
  readonly lookUp: (line: number, column: number) => Position | undefined;
};

/** @throws SyntaxError for what is not JSON */
export function decodeMap(json: string): DecodedMap {
  const { mappings = "", sources = [] } = JSON.parse(json) as Json; // as bundlers print it
  const segments = decode(mappings);
  return {
    lookUp: (line, column) => {
      let low = 0;
      let high = segments.length / WIDTH;
      while (low < high) {
        const middle = (low + high) >> 1;
        const at = middle * WIDTH;
        const isAfter =
          segments[at]! > line || (segments[at] === line && segments[at + 1]! > column);
        if (isAfter) high = middle;
        else low = middle + 1;
      }
      const at = (low - 1) * WIDTH;
      const source = low > 0 ? sources[segments[at + 2]!] : undefined;
      if (source === undefined) return undefined;
      return { source, line: segments[at + 3]!, column: segments[at + 4]! };
    },
  };
}

// --- internal ---

type Json = { mappings?: string; sources?: string[] };

/** Line and column of the generated code, then source, line and column of the original. */
const WIDTH = 5;
const DIGITS = new Int8Array(128).fill(-1);
"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  .split("")
  .forEach((digit, at) => (DIGITS[digit.charCodeAt(0)] = at));
const COMMA = 44;
const SEMICOLON = 59;

/** Maps are long: this makes no object for a segment. */
function decode(mappings: string): Int32Array {
  const segments: number[] = [];
  /** Column of the generated code, then source, line, column and name. */
  const state = [0, 0, 0, 0, 0];
  let generatedLine = 0;
  let field = 0;
  let value = 0;
  let shift = 0;
  const end = () => {
    if (field >= 4) segments.push(generatedLine, state[0]!, state[1]!, state[2]!, state[3]!);
    field = 0;
  };
  for (let at = 0; at < mappings.length; at++) {
    const code = mappings.charCodeAt(at);
    if (code === COMMA) {
      end();
      continue;
    }
    if (code === SEMICOLON) {
      end();
      generatedLine++;
      state[0] = 0;
      continue;
    }
    const digit = DIGITS[code]!;
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    state[field]! += value & 1 ? -(value >>> 1) : value >>> 1;
    field++;
    value = 0;
    shift = 0;
  }
  end();
  return Int32Array.from(segments);
}
