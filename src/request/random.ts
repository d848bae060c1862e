// Random bytes that every run of a request reads in the same order, so that what a run makes of them (an
// idempotency key, a code verifier, a token) is the same in each. The action draws a seed for each request.
import { chacha20 } from "@noble/ciphers/chacha.js";

export type RandomSource = {
  readonly fill: (view: Uint8Array) => void;
  /** Another source from the same seed. What it draws changes nothing of what this one draws. */
  readonly branch: () => RandomSource;
};

/**
 * The key stream of ChaCha20 with a nonce of zeros: no seed is used for two requests. Its branches count the nonce up.
 * `getRandomValues` answers at once, so `crypto.subtle` cannot derive the bytes.
 *
 * @param seed 32 bytes that the action drew
 */
export function randomSource(seed: Uint8Array): RandomSource {
  let branches = 0;
  const sourceOf = (nonce: Uint8Array): RandomSource => ({
    fill: keyStream(seed, nonce),
    branch: () => sourceOf(nonceOf(++branches)),
  });
  return sourceOf(nonceOf(0));
}

// --- internal ---

const BLOCK_BYTES = 64;
const NONCE_BYTES = 12;

function keyStream(seed: Uint8Array, nonce: Uint8Array): RandomSource["fill"] {
  let counter = 0;
  let left: Uint8Array = new Uint8Array();
  return (view) => {
    for (let at = 0; at < view.length;) {
      if (left.length === 0)
        left = chacha20(seed, nonce, new Uint8Array(BLOCK_BYTES), undefined, counter++);
      const part = left.subarray(0, view.length - at);
      view.set(part, at);
      left = left.subarray(part.length);
      at += part.length;
    }
  };
}

function nonceOf(branch: number): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setUint32(0, branch);
  return nonce;
}
