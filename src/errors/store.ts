// What the stores refuse while they plan, read and write, also for ctx.orm and in the component.
// Must import nothing but the files beside it.
import { errorOf } from "./error.js";
import { FIT_SCHEMA } from "./tables.js";

const SCAN_TOO_LONG =
  'A query of the model "<model>" had to scan more of table "<table>" than one operation may read, since no index serves it.';

export const unknownColumnInQuery = errorOf(
  "UNKNOWN_COLUMN",
  'A query of the model "<model>" uses the column "<column>", which table "<table>" does not have.',
  FIT_SCHEMA,
);

export const unknownColumnInWrite = errorOf(
  "UNKNOWN_COLUMN",
  'A write has the column "<column>", which table "<table>" does not have.',
  FIT_SCHEMA,
);

export const unknownColumnOfTrigger = errorOf(
  "UNKNOWN_COLUMN",
  'A before trigger adds the column "<column>", which table "<table>" does not have.',
  "Declare it in auth.ts, <declaration>, then run `npx kitcn add auth --schema --yes`.",
);

export const missingIndex = errorOf(
  "MISSING_INDEX",
  SCAN_TOO_LONG,
  'Add an index to the table: .index("<name>", [<columns>]), then run `npx kitcn codegen`.',
);

export const noIndexPossible = errorOf(
  "MISSING_INDEX",
  SCAN_TOO_LONG,
  "Narrow it by a column that an index starts with.",
);

export const tooManyMatches = errorOf(
  "TOO_MANY_DOCUMENTS",
  'A query of the model "<model>" matches more of table "<table>" than one operation may read: <documents> documents or <bytes> bytes.',
  "Ask for a page (`limit`), or narrow the query; keep large counts in a separate document.",
);

export const tooManyChanges = errorOf(
  "TOO_MANY_WRITES",
  'A write of the model "<model>" would change <documents> documents of <bytes> bytes, more than one operation may.',
  "Nothing was written: write in several calls.",
);

export const plainPrivateKey = errorOf(
  "PLAIN_PRIVATE_KEY",
  'A signing key was about to be stored in table "<table>" without encryption.',
  "Remove `disablePrivateKeyEncryption` from jwt() in auth.ts.",
);

export const idChosen = errorOf(
  "FORCED_ID",
  'Better Auth chose the id of a new "<model>", but table "<table>" takes Convex\'s ids only.',
  "Set `advanced.database.generateId` in auth.ts and run `npx kitcn add auth --schema --yes`, or leave the id out.",
);

export const idChanged = errorOf(
  "FORCED_ID",
  'The id of a "<model>" cannot be changed.',
  "Leave `id` out of the update.",
);

// Better Auth knows this error by "unique constraint": it draws another device code, or takes the row that exists.
export const uniqueViolation = errorOf(
  "UNIQUE_VIOLATION",
  'Another "<model>" has the same <columns>. The table has a unique constraint there.',
  "Use another value, or change the one that exists.",
);

export const restricted = errorOf(
  "RESTRICTED",
  'This "<target>" cannot be deleted: the "<column>" of a "<model>" references it.',
  'Delete the "<model>" first.',
);

export const triggerCancelled = errorOf(
  "TRIGGER_CANCELLED",
  'The trigger <table>.<operation>.before cancelled the <operation> in table "<table>".',
  "The trigger, in schema.ts or auth.ts, returned false. Correct it, or say in the front end what TRIGGER_CANCELLED means.",
);
