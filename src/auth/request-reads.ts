// How a request reads: nothing twice, and in pages what is too long for one transaction.
// Apart from stores.ts, which takes it as it is given: what only passes calls on must not load it.
import { pagedStore } from "../store/pages.js";
import { rememberingIn } from "../store/remember.js";
import { askingStore } from "./long-reads.js";

/** What stores need where requests are served. */
export type RequestReads = {
  /** Around the database of a store. */
  readonly remember: typeof rememberingIn;
  /** Around the store of a run that reads: it asks the action for what is too long. */
  readonly asking: typeof askingStore;
  /** Around the store of an action: it reads in pages what is too long. */
  readonly paged: typeof pagedStore;
};

export const requestReads: RequestReads = {
  remember: rememberingIn,
  asking: askingStore,
  paged: pagedStore,
};
