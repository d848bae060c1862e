// Two requests with one OAuth refresh token. Elsewhere both read it before either writes: one is refused, and the
// other's new tokens live. Convex runs them one after the other, so the second would see a token used before, take
// it for stolen, and end the family of the first. Here a request sees the token as it was when the request began.
// Nothing knows the moment of its own commit, so a rotation counts as later than it was written by OVERLAP_MS.
import type { AdapterStores } from "../../adapter/adapter.js";
import { enterScope } from "../../request/scope.js";
import type { Row, Store } from "../../store/store.js";
import { beganAt } from "../http/began.js";

const MODEL = "oauthRefreshToken";

/** A mutation may take this long from its beginning, which it writes as the time of the rotation, to its commit. */
const OVERLAP_MS = 2000;

type Handler = (request: Request) => Promise<Response>;

/** Stores that show a refresh token as it was when the request began, and the handler that knows when that was. */
export function concurrentRefresh(stores: AdapterStores): {
  readonly stores: AdapterStores;
  readonly knowing: (handler: Handler) => Handler;
} {
  let began = Infinity;
  const wrap = (store: Store) => refreshStore(store, () => began);
  return {
    stores: { app: wrap(stores.app), component: wrap(stores.component) },
    knowing: (handler) => (request) => {
      began = beganAt(request);
      return handler(request);
    },
  };
}

// --- internal ---

function refreshStore(store: Store, began: () => number): Store {
  return {
    ...store,
    findOne: async (input) => {
      const row = await store.findOne(input);
      return row && input.model === MODEL ? asItWas(row, began()) : row;
    },
    // Better Auth rounds the time of a rotation down to a second, which tells too little.
    incrementOne: (input) => {
      const { set } = input;
      if (input.model !== MODEL || typeof set?.rotatedAt !== "number")
        return store.incrementOne(input);
      // The clock of a run tells when the request began; another request may have begun since.
      const now = enterScope(undefined, () => Date.now());
      return store.incrementOne({ ...input, set: { ...set, revoked: now, rotatedAt: now } });
    },
  };
}

/**
 * The write that follows asks for a token that nobody has used, and finds none. With `refreshTokenReuseInterval` a used
 * token is answered again instead, so it is shown as it is.
 */
function asItWas(row: Row, began: number): Row {
  const { rotatedAt, rotationReplayExpiresAt } = row;
  if (typeof rotationReplayExpiresAt === "number") return row;
  const isConcurrent = typeof rotatedAt === "number" && rotatedAt + OVERLAP_MS >= began;
  return isConcurrent ? { ...row, revoked: null } : row;
}
