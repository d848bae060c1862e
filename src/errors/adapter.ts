// What Better Auth's adapter refuses, also for reads that an action does in pages. Only what loads Better Auth has it.
// Must import nothing but the files beside it.
import { errorOf } from "./error.js";
import { FIT_SCHEMA } from "./tables.js";

export const unknownField = errorOf(
  "UNKNOWN_FIELD",
  'Better Auth uses the field "<field>" of the model "<model>", which the generated tables do not have.',
  FIT_SCHEMA,
);

export const unknownSort = errorOf(
  "INVALID_ORDER",
  'A "<model>" has no field "<field>" to sort by.',
  "Sort by a field of the model, or leave the order out.",
);

export const noJoin = errorOf(
  "NO_JOIN",
  'The store returned no rows to join for the model "<model>".',
  "Deploy again, so that the component and the app run the same version of kitcn.",
);

export const tooManyToScan = errorOf(
  "TOO_MANY_DOCUMENTS",
  'A query of the model "<model>" has to look at more than one request may: <documents> documents or <bytes> bytes.',
  "Narrow it by a column that an index starts with, or keep large counts in a separate document.",
);

export const tooManyToOrder = errorOf(
  "TOO_MANY_DOCUMENTS",
  'A query of the model "<model>" has to order more than one request may: <documents> documents, or <bytes> bytes of their sort keys.',
  "Ask for an earlier page (`offset`), narrow the query, or add an index for its order.",
);
