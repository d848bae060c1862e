// What kitcn says about the command line itself, and when something fails that no other room knows.
// Only sentences: each function takes names and texts, and decides nothing. Every command loads this file: keep it small.
import { CodegenError } from "../errors.js";

export const unexpected = ({ stack, cause }: { stack: string; cause: unknown }): CodegenError =>
  new CodegenError({
    code: "UNEXPECTED",
    message: `kitcn failed in a way it should not:\n${stack}`,
    hint: "This is a defect of kitcn, not of your app. Run the command again; if it fails again, keep the text above.",
    cause,
  });

/** `state`: sentences on what is done and what is not. */
export const interrupted = ({ state }: { state: string }): CodegenError =>
  new CodegenError({
    code: "INTERRUPTED",
    message: `Interrupted. ${state}`.trim(),
    hint: "Run the command again, or the one that the message names.",
  });

/** Whatever the operating system refuses. `path`: a file, or "A file". */
export const diskFailed = ({
  path,
  reason,
  cause,
}: {
  path: string;
  reason: string;
  cause: unknown;
}): CodegenError =>
  new CodegenError({
    code: "DISK_FAILED",
    message: `${path} cannot be read or written: ${reason}.`,
    hint: "Fix that, then run the command again. kitcn writes all files or none: the next run finishes a write that had begun.",
    cause,
  });

export const kitcnMoved = (): CodegenError =>
  new CodegenError({
    code: "KITCN_MOVED",
    message: "The installation moved kitcn itself to another folder.",
    hint: "Run the same command again: it goes on from there. No file of kitcn's was written.",
  });

// Wrong usage.

export const noCommand = ({ name }: { name: string }): CodegenError =>
  usage(`There is no command '${name}'.`, LIST_ALL);

export const commandMissing = (): CodegenError => usage("A command is missing.", LIST_ALL);

export const subcommandMissing = ({ group }: { group: string }): CodegenError =>
  usage(
    `A command is missing after \`kitcn ${group}\`.`,
    `\`npx kitcn ${group} --help\` lists its commands.`,
  );

/** `problem`: commander's sentence. `command`: what it is about, as `kitcn add auth`. */
export const wrongUsage = ({
  problem,
  command,
}: {
  problem: string;
  command: string;
}): CodegenError => usage(problem, `\`npx ${command} --help\` shows what it takes.`);

export const schemaOfPreset = ({ preset }: { preset: string }): CodegenError =>
  usage(
    `--schema does not go with --preset ${preset}, which keeps its tables in authSchema.ts.`,
    `Run \`npx kitcn add auth --preset ${preset} --yes\` again after a change of plugins: it refreshes them.`,
  );

export const uiWithoutFrontEnd = ({ flag }: { flag: string }): CodegenError =>
  usage(
    `--ui better-auth-ui does not go with ${flag}, which writes nothing in the front end.`,
    "Run the command with one of the two.",
  );

export const pluginMissing = (): CodegenError =>
  usage("Name the plugin to add.", "`npx kitcn add plugin --list` shows all of them.");

export const providerMissing = (): CodegenError =>
  usage("Name the social provider to add.", "`npx kitcn add social --list` shows all of them.");

export const withoutRotate = ({ flag }: { flag: string }): CodegenError =>
  usage(
    `${flag} works only with --rotate.`,
    `Add --rotate to the command, as in \`npx kitcn env push --rotate ${flag}\`.`,
  );

export const createsNoPreview = ({ name }: { name: string }): CodegenError =>
  new CodegenError({
    code: "NO_PREVIEW_CREATE",
    message: "kitcn env push does not create preview deployments, so it has no --preview-create.",
    hint: `Make it with \`npx convex deploy --preview-create ${name}\`, then run \`npx kitcn env push --preview-name ${name}\`.`,
    exitCode: 2,
  });

export const withoutRewrite = (): CodegenError =>
  usage("--model and --back work only with --rewrite.", IMPORT_HELP);

export const sourceMissing = ({ sources }: { sources: readonly string[] }): CodegenError =>
  usage(`Say where the users come from: ${sources.join(", ")}.`, IMPORT_HELP);

export const exportMissing = ({ source }: { source: string }): CodegenError =>
  usage(`Name the export of ${source}: a zip, a folder or files.`, IMPORT_HELP);

export const badOriginName = ({ given }: { given: string }): CodegenError =>
  usage(
    `--name takes letters, digits, ".", "_" and "-", at most 40, not "${given}".`,
    "For example: npx kitcn import csv users.csv --name shop",
  );

export const nameWithoutSource = (): CodegenError =>
  usage(
    "--name works only with a source.",
    "For example: npx kitcn import csv --name shop --rewrite notes.userId",
  );

export const notPair = ({ flag, given }: { flag: string; given: string }): CodegenError =>
  usage(`${flag} takes a name and a value with "=" between them, not "${given}".`, IMPORT_HELP);

// --- internal ---

const LIST_ALL = "`npx kitcn --help` lists the commands.";
const IMPORT_HELP = "`npx kitcn import --help` has an example for each source.";

function usage(message: string, hint: string): CodegenError {
  return new CodegenError({ code: "USAGE", message, hint, exitCode: 2 });
}
