// Random bytes that every run of a request reads in the same order, so that what a run makes of them (an
// idempotency key, a code verifier, a token) is the same in each. The action draws a seed for each request.
import { chacha20 } from "@noble/ciphers/chacha.js";

export type RandomSource = {
  readonly fill: (view: Uint8Array) => void;
};

/**
 * The key stream of ChaCha20 with a nonce of zeros: no seed is used for two requests. `getRandomValues` answers at once,
 * so `crypto.subtle` cannot derive the bytes.
 *
 * @param seed 32 bytes that the action drew
 */
export function randomSource(seed: Uint8Array): RandomSource {
  let counter = 0;
  let left: Uint8Array = new Uint8Array();
  return {
    fill: (view) => {
      for (let at = 0; at < view.length;) {
        if (left.length === 0)
          left = chacha20(seed, NONCE, new Uint8Array(BLOCK_BYTES), undefined, counter++);
        const part = left.subarray(0, view.length - at);
        view.set(part, at);
        left = left.subarray(part.length);
        at += part.length;
      }
    },
  };
}

// --- internal ---

const NONCE = new Uint8Array(12);
const BLOCK_BYTES = 64;
