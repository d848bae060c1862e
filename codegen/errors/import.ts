// What kitcn says while it imports users; what it says afterwards is in import-after.ts.
// Only sentences: each function takes names and texts, and decides nothing. None takes a record of the export.
import { CodegenError } from "../errors.js";
import { indented } from "./words.js";

// Reading the export.

export const noImportFile = ({ path }: { path: string }): CodegenError =>
  new CodegenError({
    code: "NO_IMPORT_FILE",
    message: `${path} does not exist.`,
    hint: "Name the export: a file, a folder or a zip. `npx kitcn import --help` shows each source.",
    exitCode: 2,
  });

export const badZip = ({
  path,
  reason,
  cause,
}: {
  path: string;
  reason: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "BAD_IMPORT_FILE",
    message: `${path} cannot be read as a zip: ${reason}`,
    hint: "Download or export it again.",
    cause,
  });

export const unknownEnding = ({ file }: { file: string }): CodegenError =>
  new CodegenError({
    code: "BAD_IMPORT_FILE",
    message: `${file} cannot be read: its name does not end in .csv, .json, .jsonl or .ndjson.`,
    hint: "Export it in one of these formats, or give it the ending of its format.",
  });

/** `reason`: what the reader of CSV says, with the line. Never the line's text. */
export const badCsv = ({ file, reason }: { file: string; reason: string }): CodegenError =>
  badFile(file, reason);

/** `reason`: the code of the error that the stream has, such as Z_BUF_ERROR of a packed file that breaks off. */
export const brokenFile = ({ file, reason }: { file: string; reason: string }): CodegenError =>
  badFile(file, `it is cut off or damaged (${reason})`);

export const badLine = ({ file, line }: { file: string; line: number }): CodegenError =>
  badFile(file, `line ${line} is not valid JSON`);

export const badJson = ({ file, item }: { file: string; item: number }): CodegenError =>
  badFile(file, `it is not valid JSON after item ${item}`);

export const cutJson = ({ file, item }: { file: string; item: number }): CodegenError =>
  badFile(file, `it ends in the middle, after item ${item}`);

/** `place`: "line 3", "item 3". */
export const notRecord = ({ file, place }: { file: string; place: string }): CodegenError =>
  badFile(file, `${place} is not an object`);

/** `lists`: the members that may hold the records. */
export const noList = ({ file, lists }: { file: string; lists: readonly string[] }): CodegenError =>
  badFile(
    file,
    `it is neither a list of objects, nor an object with such a list in ${either(lists)}`,
  );

/** `lists`: those of the members that each hold records. */
export const severalLists = ({
  file,
  lists,
}: {
  file: string;
  lists: readonly string[];
}): CodegenError =>
  badFile(file, `it has several lists (${commas(lists)}). Write each into a separate file`);

/** `needed`: the names that no record has; `found`: those that are there, but for `hidden` others. */
export const importLacks = ({
  file,
  needed,
  found,
  hidden,
}: {
  file: string;
  needed: readonly string[];
  found: readonly string[];
  hidden: number;
}): CodegenError =>
  new CodegenError({
    code: "EMPTY_IMPORT",
    message: `${file} does not have the columns or keys that the import needs.\n  needed: ${commas(needed)}\n  found: ${commas(found) || "no names"}${hidden > 0 ? `, and ${hidden} more` : ""}`,
    hint: "Check that this is the export, and that the first line of a CSV has the names of its columns. If its users have no addresses, add --placeholder-email <domain>. Nothing was written.",
    exitCode: 2,
  });

/** `reasons`: why records are left out, each with how many rows. */
export const nothingToImport = ({ reasons }: { reasons: readonly string[] }): CodegenError =>
  new CodegenError({
    code: "EMPTY_IMPORT",
    message: `None of the records can be imported:\n${indented(reasons)}`,
    hint: "Correct the export, or change the app as the reasons say. Nothing was written.",
    exitCode: 2,
  });

/** `wanted`: a sentence on what the source's export looks like. */
export const emptyImport = ({ source, wanted }: { source: string; wanted: string }): CodegenError =>
  new CodegenError({
    code: "EMPTY_IMPORT",
    message: `These files have nothing of ${source}. ${wanted}`,
    hint: "Check the path; `npx kitcn import --help` has an example for each source.",
    exitCode: 2,
  });

export const fileOfNoModel = ({
  file,
  names,
}: {
  file: string;
  names: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "UNKNOWN_IMPORT_FILE",
    message: `The name of ${file} does not say which model its lines are of.`,
    hint: `Name it after a model of your auth.ts: ${names.join(", ")}.`,
    exitCode: 2,
  });

export const fileOfNoKind = ({
  file,
  kinds,
}: {
  file: string;
  kinds: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "UNKNOWN_IMPORT_FILE",
    message: `The name of ${file} does not say what is in it.`,
    hint: `Rename it so that it begins with one of: ${kinds.join(", ")}. Leave out files that are not part of the export.`,
    exitCode: 2,
  });

export const noComponent = (): CodegenError =>
  new CodegenError({
    code: "IMPORT_COMPONENT",
    message: "The export has no component with Better Auth's tables.",
    hint: "Run `npx convex export` on the deployment that has the users, and import its zip.",
    exitCode: 2,
  });

export const severalComponents = ({
  components,
}: {
  components: readonly string[];
}): CodegenError =>
  new CodegenError({
    code: "IMPORT_COMPONENT",
    message: `These components of the export have Better Auth's tables: ${components.join(", ")}.`,
    hint: "Name the one to import with --component <name>.",
    exitCode: 2,
  });

/** `fields`: each with how many rows lack it; `first`: the first, as --default takes it. */
export const importIncomplete = ({
  fields,
  first,
}: {
  fields: readonly string[];
  first: string;
}): CodegenError =>
  new CodegenError({
    code: "IMPORT_INCOMPLETE",
    message: `The app's tables need values that the source does not have:\n${indented(fields)}`,
    hint: `Give them with --default, for example --default ${first}=..., or make the fields optional in auth.ts. Nothing was written.`,
    exitCode: 2,
  });

/** `rows`: the first of them, as model and old id. */
export const otherRows = ({
  rows,
  count,
  source,
}: {
  rows: readonly string[];
  count: number;
  source: string;
}): CodegenError =>
  new CodegenError({
    code: "IMPORT_OTHER_ROWS",
    message: `Rows with these ids were imported before, and are of somebody or something else: ${commas(rows)} (${count} in all).`,
    hint: `If this export comes from another system, name that system: add --name shop, for example. If it comes from the same system, where these rows have changed since, add --name ${source}. Nothing was imported.`,
    exitCode: 2,
  });

// Talking to the deployment.

export const importNotDeployed = (): CodegenError =>
  new CodegenError({
    code: "IMPORT_NOT_DEPLOYED",
    message: "The deployment does not have the functions of generated/import.ts yet.",
    hint: "Push them (`npx convex dev`, or `npx convex deploy` for production), then run the command again.",
  });

export const importFailed = ({ reason }: { reason: string }): CodegenError =>
  new CodegenError({
    code: "IMPORT_FAILED",
    message: `The deployment refused it: ${reason}`,
    hint: "Nothing of that batch was written. Fix the cause, then run the same command again: it goes on from there.",
  });

export const importTooLarge = (): CodegenError =>
  new CodegenError({
    code: "IMPORT_FAILED",
    message: "A record is too large for the convex CLI, which takes it as an argument.",
    hint: "Set CONVEX_DEPLOY_KEY to a deploy key of the deployment, and CONVEX_URL to its address: kitcn then sends over HTTP. Run the same command again: it goes on from there.",
  });

export const importUnreachable = ({ reason }: { reason: string }): CodegenError =>
  new CodegenError({
    code: "DEPLOYMENT_UNREACHABLE",
    message: `The deployment does not answer: ${reason}.`,
    hint: "What was imported stays. Run the same command again once it answers: it goes on from there.",
  });

export const adminKeyRefused = (): CodegenError =>
  new CodegenError({
    code: "DEPLOYMENT_REFUSED",
    message: "The local deployment refuses this key.",
    hint: "Check CONVEX_SELF_HOSTED_ADMIN_KEY.",
  });

export const deployKeyRefused = (): CodegenError =>
  new CodegenError({
    code: "DEPLOYMENT_REFUSED",
    message: "The deployment refuses this key.",
    hint: "Check CONVEX_DEPLOY_KEY or CONVEX_SELF_HOSTED_ADMIN_KEY.",
  });

export const importNotVerified = ({ problems }: { problems: readonly string[] }): CodegenError =>
  new CodegenError({
    code: "IMPORT_NOT_VERIFIED",
    message: `The import does not add up:\n${indented(problems)}`,
    hint: "Run the command again: no row is imported twice. If the problem stays, take the import back with `--undo`.",
  });

export const importNeedsYes = (): CodegenError =>
  new CodegenError({
    code: "NEEDS_YES",
    message: "An import needs a confirmation, and there is no terminal to ask in.",
    hint: "Look at it with --dry-run, then pass --yes.",
    exitCode: 2,
  });

// --- internal ---

function commas(names: readonly string[]): string {
  return [...names].join(", ");
}

function either(names: readonly string[]): string {
  return [...names].map((name) => `"${name}"`).join(" or ");
}

function badFile(file: string, reason: string): CodegenError {
  return new CodegenError({
    code: "BAD_IMPORT_FILE",
    message: `${file} cannot be read: ${reason}.`,
    hint: "Export it again, or correct that place. kitcn prints nothing of the file here: it may hold passwords.",
  });
}
