// How much a read may take, of documents and of bytes. Small, since what drives requests loads it, too.

/**
 * How much one operation may read without an index that serves it. Two such operations (a page and its
 * count) fit into one transaction, for which Convex allows 32,000 documents and 16 MiB.
 */
export const SCAN_BUDGET = { documents: 12_000, bytes: 7 * 1024 * 1024 } as const;

/** How much one operation may read at all. */
export const READ_BUDGET = { documents: 30_000, bytes: 15 * 1024 * 1024 } as const;

/** How much one page of a long read takes. Its last document may have 1 MiB more. */
export const PAGE_BUDGET = { documents: 8000, bytes: 8 * 1024 * 1024 } as const;

/** How many documents a read of unknown length takes before it is done in pages; so many are read in vain then. */
export const TRY_BUDGET = 2000;

/** How much all pages of one read may take together. */
export const PAGES_BUDGET = { documents: 250_000, bytes: 256 * 1024 * 1024 } as const;

/** How many matches an action may put in order, and how many bytes of what orders them. */
export const KEPT_BUDGET = { documents: 100_000, bytes: 16 * 1024 * 1024 } as const;
