// Random bytes that every run of a request reads in the same order, so that what a run makes of them (an
// idempotency key, a code verifier, a token) is the same in each. The action draws them for each request.

export type RandomSource = {
  /** Fills the view from the source. False, and untouched, when the source has too few bytes left. */
  readonly fill: (view: Uint8Array) => boolean;
};

/** Enough for about fifty tokens of Better Auth. What a run needs beyond that is drawn afresh. */
export const REPLAYED_BYTES = 8192;

/** A source over bytes that an action drew with `crypto.getRandomValues`. */
export function randomSource(bytes: Uint8Array): RandomSource {
  let position = 0;
  return {
    fill: (view) => {
      if (position + view.length > bytes.length) return false;
      view.set(bytes.subarray(position, position + view.length));
      position += view.length;
      return true;
    },
  };
}
