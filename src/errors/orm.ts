// What ctx.orm refuses.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const unknownTable = errorOf(
  "UNKNOWN_TABLE",
  'ctx.orm does not know the table "<table>".',
  "Compare the name with schema.ts. Use ctx.db for a table of v.any() or with a column `id`.",
);

export const foreignCursor = errorOf(
  "INVALID_CURSOR",
  "A query of ctx.orm was given a cursor that ctx.orm did not make.",
  "Pass null for the first page, then the continueCursor of the page before.",
);

export const invalidPage = errorOf(
  "INVALID_LIMIT",
  "A page needs a limit of at least one document, and takes no offset.",
  "Pass { cursor, limit } without an offset.",
);

export const invalidCount = errorOf(
  "INVALID_LIMIT",
  "The <option> of a query is <given>.",
  "Pass a whole number of documents, or leave <option> out.",
);

export const unknownRelation = errorOf(
  "UNKNOWN_RELATION",
  'A query of table "<table>" asks for the relation "<relation>", which it does not have.',
  "Declare it in relations.ts, which has <relations> for this table.",
);

export const writeWithoutTarget = errorOf(
  "UNDEFINED_IN_WHERE",
  'A write to table "<table>" got neither an id nor a where.',
  "Pass an id or { where: { column: value } }; where: {} is for every document.",
);

export const missingDocument = errorOf(
  "NOT_FOUND",
  'Table "<table>" has no document with the id <id>.',
  "Pass { where } for documents that may not exist.",
);

export const invalidOrder = errorOf(
  "INVALID_ORDER",
  'The orderBy of table "<table>" is <given>.',
  'Name one column with "asc" or "desc": orderBy: { createdAt: "desc" }.',
);

export const unknownColumn = errorOf(
  "UNKNOWN_COLUMN",
  'A query of table "<table>" uses the column "<column>", which the table does not have.',
  "Its columns are _id, <columns>.",
);

export const columnOfConvex = errorOf(
  "UNKNOWN_COLUMN",
  'A write to table "<table>" sets "<column>", which Convex sets.',
  'Leave "<column>" out.',
);

export const whereWithoutConditions = errorOf(
  "UNDEFINED_IN_WHERE",
  'The where of table "<table>" is not an object of conditions.',
  "Pass where: { column: value }, or {} for every document.",
);

export const columnWithoutOperator = errorOf(
  "UNDEFINED_IN_WHERE",
  'The where of table "<table>" has an object without an operator for "<column>".',
  'Compare by <operators>, or leave "<column>" out.',
);

export const undefinedInWhere = errorOf(
  "UNDEFINED_IN_WHERE",
  'The where of table "<table>" has undefined for "<name>".',
  "Pass null to find documents without a value, or leave it out.",
);

export const unknownOperator = errorOf(
  "UNKNOWN_OPERATOR",
  'The where of table "<table>" compares "<name>" by "<operator>", which ctx.orm does not know.',
  "Use <operators>, or mode. To compare with an object, use { eq: ... }.",
);

export const listMissing = errorOf(
  "UNKNOWN_OPERATOR",
  'The where of table "<table>" needs a list for "<name>".',
  "Pass an array, of conditions (AND, OR) or of values (in, notIn).",
);

export const tooManyAlternatives = errorOf(
  "WHERE_TOO_WIDE",
  'The where of table "<table>" combines its ORs in more than <most> ways.',
  "Use `in` for several values of one column, or run several queries.",
);
