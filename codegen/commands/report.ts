// What a command did, or would do, as plain data, and that data as JSON; report-text.ts has the text. Pure.
// Values of .env files never come here.
import { parseEnvFile } from "../env/env-file.js";
import { printDiff } from "../terminal/diff.js";
import type { Finding, Unchecked } from "../doctor/types.js";
import type { Redirects } from "../grow/redirects.js";
import type { EnvPushReport } from "../env/push-env.js";
import type { CodegenError } from "../errors.js";
import { docsOfFinding, errorDocument } from "../errors/docs.js";
import type { Conflict, Orphan, TableOutcome } from "../merge/types.js";
import type { ImportReport } from "../import/report.js";
import { homeOf, shortPath } from "../disk/project.js";
import type { SignIn } from "../sign-in/survey.js";
import type { FileChange, Project } from "../types.js";

/** `drift`, `failed`, `declined` and `unhealthy` end with exit code 1. */
export type Status =
  | "written"
  | "in-sync"
  | "drift"
  | "planned"
  | "declined"
  | "failed"
  | "healthy"
  | "unhealthy"
  | "listed";

/** A plugin or provider that a command was asked for. */
export type GrownItem = {
  readonly name: string;
  /** `unchanged`: the app had it. `absent`: it had not, and it was to be removed. */
  readonly action: "added" | "unchanged" | "removed" | "absent";
  /** Variables of the deployment that it reads. */
  readonly variables: readonly string[];
  /** Where Better Auth documents it. */
  readonly docs: string;
  /** Of a provider: the vendor's page where an app is registered, and the redirect URLs to register there. */
  readonly register?: string;
  readonly redirects?: Redirects;
};

/** One line of a list of what there is. */
export type Listed = {
  readonly name: string;
  readonly summary: string;
  readonly docs: string;
  /** Of a provider: the vendor's page where an app is registered. */
  readonly register?: string;
};

export type FileReport = {
  /** Relative to the app; of a repository with several packages, to its root. */
  readonly path: string;
  readonly action: "created" | "patched" | "removed" | "unchanged";
};

/** The files of one package of a repository. */
export type PackageReport = {
  /** From the root of the repository. */
  readonly folder: string;
  readonly name: string;
  /** Their paths are relative to the package. */
  readonly files: readonly FileReport[];
};

export type Report = {
  readonly command: string;
  readonly status: Status;
  readonly files: readonly FileReport[];
  /** The same by package, in a repository of several. */
  readonly packages: readonly PackageReport[];
  readonly tables: readonly TableOutcome[];
  readonly conflicts: readonly Conflict[];
  readonly orphaned: readonly Orphan[];
  readonly notes: readonly string[];
  /** Those of the notes that ask for a change. A run with nothing to write tells them, too. */
  readonly due: readonly string[];
  /** What else signs users in to the app. */
  readonly signIn: readonly SignIn[];
  /** What of it its author changes before the app is whole again. */
  readonly left: readonly SignIn[];
  /** Commands that installed packages, or would. */
  readonly install: readonly string[];
  /** Unified diff of what is not written. */
  readonly diff: string;
  readonly deployment: EnvPushReport | undefined;
  /** What `kitcn import` did, or would do. */
  readonly imported: ImportReport | undefined;
  /** What `kitcn doctor` found, and what it could not look at. */
  readonly findings: readonly Finding[];
  readonly unchecked: readonly Unchecked[];
  /** What `kitcn add plugin` and its like were asked for. */
  readonly items: readonly GrownItem[];
  /** What there is to add. */
  readonly listed: readonly Listed[];
  /** Commands to run next. */
  readonly next: readonly string[];
  /** What went wrong after the files were written. */
  readonly failure: CodegenError | undefined;
};

/** A report of nothing yet. */
export const EMPTY_REPORT: Omit<Report, "command" | "status"> = {
  files: [],
  packages: [],
  tables: [],
  conflicts: [],
  orphaned: [],
  notes: [],
  due: [],
  signIn: [],
  left: [],
  install: [],
  diff: "",
  deployment: undefined,
  imported: undefined,
  findings: [],
  unchecked: [],
  items: [],
  listed: [],
  next: [],
  failure: undefined,
};

/** Files as a report lists them. */
export function reportFiles(
  project: Pick<Project, "root" | "home">,
  files: readonly FileChange[],
): FileReport[] {
  return files.map((file) => ({ path: shortPath(project, file.path), action: actionOf(file) }));
}

/** The diff of a report; values that stand in .env files already are left out. */
export function reportDiff(
  project: Pick<Project, "root" | "home">,
  files: readonly FileChange[],
): string {
  const safe = files.map((file) =>
    file.before !== undefined && /(^|[/\\])\.env[^/\\]*$/.test(file.path) ? hideValues(file) : file,
  );
  return printDiff(safe, { root: homeOf(project) });
}

/** The report for a machine: one JSON document. */
export function printJson(report: Report): string {
  const { failure, deployment, imported, packages, ...rest } = report;
  const document = {
    ok: exitCodeOf(report) === 0,
    ...rest,
    findings: rest.findings.map((one) => ({ ...one, docs: docsOfFinding(one.code) })),
    ...(packages.length > 0 && { packages }),
    deployment: deployment ?? null,
    ...(imported && { imported }),
    ...(failure && { error: errorDocument(failure) }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

export function exitCodeOf({ status }: Report): 0 | 1 {
  return BAD_ENDS.includes(status) ? 1 : 0;
}

// --- internal ---

const BAD_ENDS: readonly Status[] = ["drift", "failed", "declined", "unhealthy"];

function actionOf({ before, after, isRemoved }: FileChange): FileReport["action"] {
  if (isRemoved) return "removed";
  return before === undefined ? "created" : before === after ? "unchanged" : "patched";
}

function hideValues(file: FileChange): FileChange {
  const { before = "", after } = file;
  const names = new Set(Object.keys(parseEnvFile(before)));
  // A line may be a part of a value, and a comment may have a value, too.
  const hide = (text: string) =>
    text.replace(/^.*\S.*$/gm, (line) => {
      const [start = "", name = ""] = /^\s*(?:export\s+)?([\w.]+)\s*=/.exec(line) ?? [];
      return `${names.has(name) ? start : ""}<hidden>`;
    });
  // New lines are defaults of ours, appended below what was there.
  const added = after.startsWith(before) ? after.slice(before.length) : "";
  return { ...file, before: hide(before), after: hide(before) + added };
}
