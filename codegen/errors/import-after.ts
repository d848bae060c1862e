// What kitcn says after an import: while it points documents at new ids, and takes an import back.
// Only sentences: each function takes names and texts, and decides nothing.
import { CodegenError } from "../errors.js";

export const undoNeedsYes = (): CodegenError =>
  new CodegenError({
    code: "NEEDS_YES",
    message: "Undoing an import needs a confirmation, and there is no terminal to ask in.",
    hint: "Pass --yes.",
    exitCode: 2,
  });

export const importUsed = ({
  source,
  users,
}: {
  source: string;
  users: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "IMPORT_USED",
    message: `Imported users of ${source} have signed in, or changed, since: ${shortened(users)}.`,
    hint: "An import can be undone until the first of its users signs in. To take it back all the same, restore the backup that you made before.",
  });

/** `commands`: one for each of the sources. */
export const importShared = ({
  source,
  sources,
  commands,
}: {
  source: string;
  sources: readonly string[];
  commands: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "IMPORT_SHARED",
    message: `Users that the import of ${source} made are also users of ${commas(sources)}, which was imported later.`,
    hint: `Take that back first: ${[...commands].join("; ")}`,
  });

/** `commands`: one for each field. */
export const importRewritten = ({
  fields,
  commands,
}: {
  fields: readonly string[];
  commands: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "IMPORT_REWRITTEN",
    message: `These fields hold new ids: ${fields.join(", ")}.`,
    hint: `Point them back first: ${[...commands].join("; ")}`,
  });

export const rewriteNoField = ({ given }: { given: string }): CodegenError =>
  new CodegenError({
    code: "USAGE",
    message: `--rewrite takes a table and a field, and "${given}" is not both.`,
    hint: "For example: npx kitcn import --rewrite notes.userId",
    exitCode: 2,
  });

export const rewriteNoTable = ({
  table,
  tables,
}: {
  table: string;
  tables: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "USAGE",
    message: `schema.ts has no table "${table}", so nothing was rewritten.`,
    hint: `Its tables are: ${commas(tables)}.`,
    exitCode: 2,
  });

/** `fields`: those of the same object; none where the value is not one. */
export const rewriteUnknownField = ({
  table,
  field,
  fields,
}: {
  table: string;
  field: string;
  fields: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "USAGE",
    message: `The table "${table}" in schema.ts has no field "${field}", so nothing was rewritten.`,
    hint: `Name a field that holds ids. The fields at that place are: ${commas(fields) || "none"}.`,
    exitCode: 2,
  });

export const rewriteNothing = ({
  table,
  field,
  documents,
}: {
  table: string;
  field: string;
  documents: number;
}): CodegenError =>
  new CodegenError({
    code: "USAGE",
    message: `None of the ${documents} documents of "${table}" has a text at "${field}", so nothing was rewritten.`,
    hint: "Check the names of the table and of the field: both distinguish capital letters.",
    exitCode: 2,
  });

export const rewriteRefused = ({ field, cause }: { field: string; cause: unknown }): CodegenError =>
  new CodegenError({
    code: "REWRITE_REFUSED",
    message: `schema.ts does not let ${field} hold the new ids.`,
    hint: 'Let the field hold both for the while, for example v.union(v.id("users"), v.id("user")), push, and run the command again. Narrow it afterwards.',
    cause,
  });

// --- internal ---

/** Users that a message names. */
const SHOWN = 5;

function shortened(users: readonly string[]): string {
  const all = [...users];
  return `${all.slice(0, SHOWN).join(", ")}${all.length > SHOWN ? ", ..." : ""}`;
}

function commas(names: readonly string[]): string {
  return [...names].join(", ");
}
