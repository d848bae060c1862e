// Random bytes that every run of a request reads in the same order, so that what a run makes of them (an
// idempotency key, a code verifier, a token) is the same in each. The action draws a seed for each request.

export type RandomSource = {
  readonly fill: (view: Uint8Array) => void;
};

/** The key of ChaCha20. */
export const SEED_BYTES = 32;

/**
 * The key stream of ChaCha20 (RFC 8439) with a nonce of zeros: no seed is used for two requests. `getRandomValues`
 * answers at once, so `crypto.subtle` cannot derive the bytes.
 */
export function randomSource(seed: Uint8Array): RandomSource {
  let counter = 0;
  let left: Uint8Array = new Uint8Array();
  return {
    fill: (view) => {
      for (let at = 0; at < view.length;) {
        if (left.length === 0) left = blockOf(seed, counter++);
        const part = left.subarray(0, view.length - at);
        view.set(part, at);
        left = left.subarray(part.length);
        at += part.length;
      }
    },
  };
}

// --- internal ---

/** Which words of the state each quarter round mixes: first the columns, then the diagonals. */
const QUARTERS = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function blockOf(seed: Uint8Array, counter: number): Uint8Array {
  const begun = new Uint32Array(16);
  begun.set([0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]);
  const key = new DataView(seed.buffer, seed.byteOffset);
  for (let at = 0; at < 8; at++) begun[4 + at] = key.getUint32(4 * at, true);
  begun[12] = counter;
  const words = begun.slice();
  for (let round = 0; round < 10; round++) for (const quarter of QUARTERS) mix(words, quarter);
  const block = new DataView(new ArrayBuffer(64));
  words.forEach((word, at) => block.setUint32(4 * at, word + wordAt(begun, at), true));
  return new Uint8Array(block.buffer);
}

/** One quarter round. */
function mix(words: Uint32Array, [a, b, c, d]: (typeof QUARTERS)[number]): void {
  const step = (to: number, by: number, turned: number, bits: number) => {
    words[to] = wordAt(words, to) + wordAt(words, by);
    const mixed = wordAt(words, turned) ^ wordAt(words, to);
    words[turned] = (mixed << bits) | (mixed >>> (32 - bits));
  };
  step(a, b, d, 16);
  step(c, d, b, 12);
  step(a, b, d, 8);
  step(c, d, b, 7);
}

function wordAt(words: Uint32Array, at: number): number {
  return words[at] ?? 0;
}
