// The steps of each source: which files it reads, in which order. Adding a source is one entry here.
import type { AuthTables } from "../../../src/metadata.js";
import { emptyImport } from "../../errors/import.js";
import type { SourceTables } from "../../plan/types.js";
import type { ImportStep, SourceFile, SourceName, SourceOptions } from "../types.js";
import { auth0Steps } from "./auth0.js";
import { clerkSteps } from "./clerk.js";
import { componentSteps } from "./component.js";
import { convexAuthSteps } from "./convex-auth.js";
import { csvSteps } from "./csv.js";
import { supabaseSteps } from "./supabase.js";

/**
 * What a source's files come to.
 *
 * @throws CodegenError `EMPTY_IMPORT` where the files hold nothing of the source, and those of the source
 */
export function stepsOf(
  name: SourceName,
  input: {
    readonly files: readonly SourceFile[];
    readonly options: SourceOptions;
    readonly tables: AuthTables;
    /** Better Auth's, for the names that the options give tables and fields. */
    readonly source?: SourceTables;
  },
): ImportStep[] {
  const steps = STEPS[name](input);
  if (steps && steps.length > 0) return steps;
  throw emptyImport({ source: name, wanted: WANTED[name] });
}

/** The secrets and settings that must come along for a source. */
export function notesOf(name: SourceName): string[] {
  return NOTES[name] ?? [];
}

// --- internal ---

type Input = Parameters<typeof stepsOf>[1];

const STEPS: Readonly<Record<SourceName, (input: Input) => ImportStep[] | undefined>> = {
  "better-auth-component": ({ files, options, ...tables }) =>
    componentSteps(files, options, tables),
  "convex-auth": ({ files, options }) => convexAuthSteps(files, options),
  clerk: ({ files, options }) => clerkSteps(files, options),
  supabase: ({ files, options }) => supabaseSteps(files, options),
  auth0: ({ files, options }) => auth0Steps(files, options),
  csv: ({ files, options, tables }) => csvSteps(files, options, tables),
};

const WANTED: Readonly<Record<SourceName, string>> = {
  "better-auth-component":
    "It takes the zip of `npx convex export`, with a component that has user and account.",
  "convex-auth": "It takes the zip of `npx convex export`, with the tables users and authAccounts.",
  clerk: "It takes the dashboard's CSV of users, and JSON of the API.",
  supabase: "It takes auth.users and auth.identities, as CSV or JSON.",
  auth0: "It takes the JSON of a users export, and the file with password hashes.",
  csv: "It takes CSV files with a header.",
};

const NOTES: Partial<Readonly<Record<SourceName, string[]>>> = {
  "better-auth-component": [
    "Sessions and second factors work on with the BETTER_AUTH_SECRET of the old deployment: set it on this one.",
  ],
  "convex-auth": ["Sessions of Convex Auth are not carried over: everybody signs in once more."],
};
