// What functions refuse that only call a store: generated/store.ts and the component. Mutations of the app load none.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const tooManyReadsInTransaction = errorOf(
  "TOO_MANY_DOCUMENTS",
  'A read of the model "<model>" goes beyond what one transaction may read: 32,000 documents, 16 MiB or 4,096 index ranges.',
  "Read fewer documents in this function, or ask for a page (`limit`).",
);

export const tooManyWritesInTransaction = errorOf(
  "TOO_MANY_WRITES",
  'A write of the model "<model>" goes beyond what one transaction may write: 16,000 documents or 16 MiB.',
  "Nothing is written if this function throws: write in several calls.",
);

export const listTooLarge = errorOf(
  "TOO_MANY_DOCUMENTS",
  "One Convex function would pass <bytes> bytes of auth documents to another, and the most is <most> bytes.",
  "Ask for a page (`limit`) or for fewer columns (`select`), or use several calls.",
);

export const notACounter = errorOf(
  "NOT_A_COUNTER",
  'incrementOne cannot add <delta> to the "<column>" of a "<model>".',
  "Increment finite numbers only.",
);

export const emptyWhere = errorOf(
  "EMPTY_WHERE",
  '<verb> of the model "<model>" has no condition and could hit any row.',
  "Pass a where, or use updateMany or deleteMany for all rows.",
);

export const privateColumn = errorOf(
  "PRIVATE_COLUMN",
  'A query asks about the "privateKey" of "jwks", which never leaves the component.',
  "Query by another column. To sign a token, use getAuth(ctx).",
);
