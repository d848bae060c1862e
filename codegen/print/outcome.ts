// Prints what a schema run did, or would do, for people. Pure text; --json prints the outcome itself.
import type { SchemaOutcome } from "../commands/schema.js";
import type { Conflict, Orphan } from "../merge/types.js";

/**
 * A summary: tables, conflicts with their diff, orphans, notes. Ends with a newline.
 *
 * @param options.root paths are printed relative to it
 * @example
 * process.stderr.write(printOutcome(outcome, { root: project.root }));
 */
export function printOutcome(
  outcome: Pick<SchemaOutcome, "tables" | "conflicts" | "orphaned" | "notes">,
  { root }: { readonly root: string },
): string {
  const lines = [
    ...printTables(outcome.tables),
    ...outcome.conflicts.flatMap(printConflict),
    ...printOrphans(outcome.orphaned),
    ...outcome.notes.map((note) => `note: ${note}`),
  ];
  return lines.map((line) => `${line.replaceAll(`${root}/`, "")}\n`).join("");
}

// --- internal ---

const ACTIONS = ["added", "updated", "removed", "unchanged"] as const;

function printTables(tables: SchemaOutcome["tables"]): string[] {
  const named = (label: string, names: readonly string[]) =>
    names.length === 0 ? [] : [`${label}: ${names.join(", ")}`];
  const managed = tables.filter((one) => one.owner === "managed");
  return [
    ...ACTIONS.flatMap((action) =>
      named(
        `tables ${action}`,
        managed.filter((one) => one.action === action).map((one) => one.table),
      ),
    ),
    ...named(
      "tables of your own, untouched",
      tables.filter((one) => one.owner === "local").map((one) => one.table),
    ),
  ];
}

function printConflict(conflict: Conflict): string[] {
  const { table, part, name, reason, at, yours, wanted, kept } = conflict;
  const subject = part === "table" ? `table ${table}` : `${table}.${name}`;
  const why = {
    edited: "was changed by you",
    declared: "is your own, and Better Auth needs another one there",
    unreadable: "is no plain block, so it could not be refreshed",
  }[reason];
  const fate = kept ? "kept" : "replaced (--overwrite)";
  const body = (mark: string, text: string) =>
    text === "" ? [] : text.split("\n").map((line) => `  ${mark} ${line}`);
  return [
    `conflict: ${subject} ${why}; ${fate}. ${at}`,
    ...body("-", wanted),
    ...body("+", yours),
    ...(kept && reason !== "unreadable" ? ["  Replace it with --overwrite."] : []),
  ];
}

function printOrphans(orphans: readonly Orphan[]): string[] {
  return orphans.map(({ table, part, name, plugin, pruned, blocked }) => {
    const subject = part === "table" ? `table ${table}` : `${part} ${table}.${name}`;
    const from = plugin === "better-auth" ? "" : ` (was ${plugin}'s)`;
    if (pruned) return `removed: ${subject}${from}`;
    const next =
      blocked === undefined
        ? "Remove it with --prune once no document holds it."
        : `--prune leaves it: ${blocked}.`;
    return `orphaned: ${subject}${from} is used by no plugin any more; documents may still hold it. ${next}`;
  });
}
