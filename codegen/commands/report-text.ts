// A report as text, for a person. Pure; report.ts has the data, and what a machine reads.
import { styleText } from "node:util";
import type { Finding } from "../doctor/types.js";
import type { EnvPushReport } from "../env/push-env.js";
import { printImport } from "../import/report.js";
import type { Conflict, Orphan } from "../merge/types.js";
import { printFound } from "../sign-in/survey.js";
import type { FileReport, Report, Status } from "./report.js";

export type TextOptions = {
  /** Lists the files that stay as they are, too, and all that a run with nothing to do has looked at. */
  readonly isVerbose?: boolean;
  /** Where the codes of findings are explained. */
  readonly errorDocs?: string;
};

/** The report for a person. */
export function printText(report: Report, options: TextOptions = {}): string {
  const { isVerbose = false, errorDocs } = options;
  const isPlan = report.status === "planned" || report.status === "drift";
  // A second run does not repeat what the first one printed.
  const isQuiet = report.status === "in-sync" && !isVerbose;
  // Each run of `add email` lists what its user has to write.
  const notes = isQuiet && report.command !== "add email" ? report.due : report.notes;
  const blocks = [
    headline(report),
    printItems(report, { isPlan, isQuiet }),
    printListed(report),
    isQuiet ? "" : printFiles(report, { isPlan, isVerbose }),
    printTables(report),
    ...report.conflicts.map(printConflict),
    printOrphans(report.orphaned),
    report.install.map((command) => `${isPlan ? "would run" : "ran"}  ${command}`).join("\n"),
    report.deployment
      ? printDeployment(report.deployment, { isQuiet: isQuiet && report.command !== "env push" })
      : "",
    report.imported ? printImport(report.imported) : "",
    ...report.findings.map(printFinding),
    report.findings.length > 0 && errorDocs !== undefined
      ? dim(`codes are explained in ${errorDocs}`)
      : "",
    report.unchecked.map(({ what, why }) => `not checked: ${what}. ${why}`).join("\n"),
    report.signIn.length > 0 && !isQuiet
      ? `other sign-in of this app:\n${printFound(report.signIn)}`
      : "",
    report.left.length > 0
      ? `change these yourself, then run the command again:\n${printFound(report.left)}`
      : "",
    notes.map((note) => `note: ${note}`).join("\n"),
    report.diff.trimEnd(),
    printNext(report),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

// --- internal ---

/** A run that left places to their author is run again before anything else. */
function printNext({ next, left }: Report): string {
  if (next.length === 0) return "";
  const title = left.length > 0 ? "once the command says that it is done:" : "next:";
  return `${title}\n${next.map((line) => `  ${line}`).join("\n")}`;
}

function dim(text: string): string {
  return styleText("dim", text, { stream: process.stdout });
}

function printFinding({ code, level, message, fix }: Finding): string {
  const color = level === "error" ? "red" : "yellow";
  const label = styleText(color, `${level} ${code}:`, { stream: process.stdout });
  return `${label} ${message}\n  fix: ${fix.replaceAll("\n", "\n  ")}`;
}

/** What `env push` and the live bootstrap did to a deployment. `isQuiet`: nothing of what it had already. */
function printDeployment(
  report: EnvPushReport,
  { isQuiet }: { readonly isQuiet: boolean },
): string {
  const would = report.dryRun;
  const isKept = report.jwks === "unchanged" || report.jwks === "unneeded";
  const jwks = isKept ? [] : ["JWKS"];
  const isUnfit = (name: string) => !report.withoutValue.includes(name);
  const lines = [
    [would ? "would set" : "set", [...report.set, ...jwks]],
    ["kept as it is on the deployment", isQuiet ? [] : report.kept],
    ["unchanged", isQuiet ? [] : report.unchanged],
    [`skipped, since ${report.file} has no value for it`, report.withoutValue],
    ["skipped, since it is not for this deployment", report.skipped.filter(isUnfit)],
  ] as const;
  const told = lines.flatMap(([title, names]) =>
    names.length > 0 ? [`${title}  ${names.join(", ")}`] : [],
  );
  if (report.generatedSecret)
    told.push(`BETTER_AUTH_SECRET ${would ? "would be" : "was"} generated for this deployment.`);
  if (report.jwks === "rotated")
    told.push(`The signing key ${would ? "would be" : "was"} replaced.`);
  if (report.sessions)
    told.push(`Sessions ended: ${report.sessions.ended}. Everybody signs in again.`);
  if (report.jwks === "pruned")
    told.push(`Keys whose grace is over ${would ? "would be" : "were"} taken out of JWKS.`);
  if (told.length > 0) return told.join("\n");
  return isQuiet ? "" : "The deployment has all of it already.";
}

function headline({ command, status, findings, conflicts }: Report): string {
  const kept = conflicts.filter((one) => one.kept).length;
  const but = kept === 0 ? "" : `, but for ${kept === 1 ? "1 conflict" : `${kept} conflicts`}`;
  const words: Record<Status, string> = {
    written: `done${but}.`,
    "in-sync": `everything is in place${but}; nothing was written.`,
    drift: "out of date; nothing was written.",
    planned: "nothing was written. This is what would be:",
    declined: "nothing was written.",
    failed: "not finished.",
    healthy: findings.length > 0 ? "sign-in works, with these warnings:" : "nothing is wrong.",
    unhealthy: "fix these errors:",
    listed: "these can be added:",
  };
  return styleText("bold", `kitcn ${command}: ${words[status]}`, { stream: process.stdout });
}

function printItems(
  { items }: Report,
  { isPlan, isQuiet }: { readonly isPlan: boolean; readonly isQuiet: boolean },
): string {
  const words = {
    added: isPlan ? "would be added" : "added",
    unchanged: "is there already",
    removed: isPlan ? "would be removed" : "removed",
    absent: "is not there",
  };
  return items
    .filter(({ action }) => !isQuiet || action === "absent")
    .flatMap(({ name, action, variables, docs, register, redirects }) => {
      const reads = variables.length > 0 ? `, reads ${variables.join(", ")}` : "";
      const line = `  ${name}: ${words[action]}${reads}${action === "added" ? `. ${docs}` : ""}`;
      if (action !== "added" || !redirects) return [line];
      return [
        line,
        `    register your app   ${register}`,
        `    redirect URL, dev   ${redirects.development}`,
        `    redirect URL, prod  ${redirects.production}`,
      ];
    })
    .join("\n");
}

function printListed({ listed }: Report): string {
  const width = Math.max(0, ...listed.map(({ name }) => name.length));
  return listed.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join("\n");
}

function printFiles(
  { files, packages }: Report,
  { isPlan, isVerbose }: { readonly isPlan: boolean; readonly isVerbose: boolean },
): string {
  const words = isPlan
    ? { created: "create", patched: "patch", removed: "remove", unchanged: "leave" }
    : { created: "created", patched: "patched", removed: "removed", unchanged: "left alone" };
  const width = Math.max(...Object.values(words).map((word) => word.length));
  const line = (action: FileReport["action"], what: string) =>
    `  ${words[action].padEnd(width)}  ${what}`;
  const print = (some: readonly FileReport[]) => {
    const isListed = ({ action }: FileReport) => isVerbose || action !== "unchanged";
    const listed = some.filter(isListed);
    const folded = some.length - listed.length;
    return [
      ...listed.map(({ path, action }) => line(action, path)),
      ...(folded > 0
        ? [
            line(
              "unchanged",
              `${folded === 1 ? "1 file" : `${folded} files`} (--verbose lists them)`,
            ),
          ]
        : []),
    ].join("\n");
  };
  if (packages.length === 0) return print(files);
  return packages
    .map(({ folder, name, files: own }) => `${folder} (${name})\n${print(own)}`)
    .join("\n\n");
}

function printTables({ tables }: Report): string {
  const changed = tables.filter(({ action }) => action !== "unchanged");
  return changed
    .map(
      ({ table, action, owner }) =>
        `  table ${table}: ${action}${owner === "local" ? " (yours)" : ""}`,
    )
    .join("\n");
}

function printConflict({ table, part, name, reason, at, yours, wanted, kept }: Conflict): string {
  const prefixed = (mark: string, text: string) =>
    text === ""
      ? ""
      : text
          .split(/\r?\n/)
          .map((line) => `  ${mark} ${line}`)
          .join("\n");
  const what = part === "table" ? table : `${table}.${name}`;
  const lines = [
    `conflict: ${part} ${what} at ${at} ${kept ? "is not what Better Auth needs; kept as you have it" : "was replaced"}`,
    prefixed("-", yours),
    prefixed("+", wanted),
    kept && reason !== "unreadable" ? "  --overwrite takes kitcn's version." : "",
  ];
  return lines.filter((line) => line !== "").join("\n");
}

/** One line for what a plugin left of one kind: a plugin that went can leave many. */
function printOrphans(orphans: readonly Orphan[]): string {
  const lines = new Map<string, string[]>();
  for (const orphan of orphans) {
    const { table, part, name } = orphan;
    const line = orphanLine(orphan);
    const names = lines.get(line) ?? [];
    lines.set(line, [...names, part === "table" ? table : `${table}.${name}`]);
  }
  return [...lines].map(([line, names]) => line.replace(NAMES, names.join(", "))).join("\n");
}

const NAMES = "{names}";

function orphanLine({ part, plugin, pruned, blocked, prunedBy }: Orphan): string {
  const what = `${part} ${NAMES} (of ${plugin})`;
  if (pruned) return `pruned: ${what}`;
  const isStored = part === "table" || part === "column";
  const why = `no longer asked for${isStored ? "; documents may still hold it" : ""}`;
  const command = prunedBy ?? "npx kitcn add auth --schema --prune --yes";
  const how = blocked === undefined ? `To remove it: ${command}` : `--prune keeps it: ${blocked}`;
  return `orphaned: ${what}, ${why}. ${how}`;
}
