// What an import came to, as data and as text. Counts, names of fields and old ids only: no address, no hash.
import type { DroppedRow, ImportCounts } from "../../src/import/types.js";
import { shownId } from "./shown-id.js";
import type { Survey } from "./survey.js";
import type { Verified } from "./verify.js";

export type ImportReport =
  | {
      readonly kind: "import";
      readonly source: string;
      readonly dryRun: boolean;
      readonly records: number;
      /** By model, what the source comes to. */
      readonly planned: Readonly<Record<string, number>>;
      /** By model, what became of it; undefined in a dry run. */
      readonly counts: ImportCounts | undefined;
      /** By model and reason. */
      readonly dropped: Readonly<Record<string, Readonly<Record<string, number>>>>;
      readonly droppedRows: readonly DroppedRow[];
      readonly ignored: Readonly<Record<string, number>>;
      /** Providers and roles that auth.ts does not have. */
      readonly unknown: Readonly<Record<string, number>>;
      readonly passwords: Readonly<Record<string, number>>;
      readonly verified: Verified | undefined;
    }
  | {
      readonly kind: "rewrite";
      readonly field: string;
      readonly dryRun: boolean;
      readonly documents: number;
      readonly rewritten: number;
      readonly unknown: number;
      readonly kept: number;
      readonly found: number;
    }
  | {
      readonly kind: "undo";
      readonly source: string;
      readonly dryRun: boolean;
      readonly deleted: number;
    };

/** The report of a dry run. */
export function plannedReport(source: string, survey: Survey): ImportReport & { kind: "import" } {
  const { records, rows: planned, dropped, ignored, unknown, passwords } = survey;
  const droppedRows = namedRows(survey.droppedRows);
  return {
    kind: "import",
    ...{
      source,
      dryRun: true,
      records,
      planned,
      dropped,
      droppedRows,
      ignored,
      unknown,
      passwords,
    },
    counts: undefined,
    verified: undefined,
  };
}

/** Each dropped row once, by an id that may be shown. */
export function namedRows(rows: readonly DroppedRow[]): DroppedRow[] {
  const shown = rows.map((row) => ({ ...row, oldId: shownId(row.oldId) }));
  return [...new Map(shown.map((row) => [JSON.stringify(row), row])).values()];
}

/** The report for a person. */
export function printImport(report: ImportReport): string {
  switch (report.kind) {
    case "rewrite":
      return printRewrite(report);
    case "undo":
      return report.dryRun
        ? "Nobody has used an imported user: the import can be undone."
        : `deleted  ${rows(report.deleted)}, and what references them`;
    case "import":
      return [
        printModels(report),
        printCounts("dropped", flatten(report.dropped)),
        printCounts(
          "left out",
          report.ignored,
          "the app has no such field, or it cannot hold the value",
        ),
        printCounts(
          "imported as it is",
          report.unknown,
          "auth.ts has no such provider or role; --provider and --role give them other names",
        ),
        printPasswords(report),
        printVerified(report.verified),
      ]
        .filter((block) => block !== "")
        .join("\n\n");
  }
}

// --- internal ---

function printModels({ planned, counts, records }: ImportReport & { kind: "import" }): string {
  if (records === 0) return "0 users: the export is empty.";
  const models = [...new Set([...Object.keys(planned), ...Object.keys(counts ?? {})])];
  const lines = models.map((model) => {
    const now = counts?.[model];
    if (!counts) return `  ${model}: ${rows(planned[model] ?? 0)}`;
    const parts = [
      `${now?.created ?? 0} created`,
      ...(now?.linked ? [`${now.linked} linked to rows that were there`] : []),
      ...(now?.known ? [`${now.known} imported before`] : []),
    ];
    return `  ${model}: ${parts.join(", ")}`;
  });
  return [`${records} records`, ...lines].join("\n");
}

function printCounts(
  title: string,
  counts: Readonly<Record<string, number>>,
  reason?: string,
): string {
  const lines = Object.entries(counts).map(([name, count]) => `  ${name}: ${rows(count)}`);
  if (lines.length === 0) return "";
  return [`${title}${reason === undefined ? "" : ` (${reason})`}`, ...lines].join("\n");
}

function flatten(
  dropped: Readonly<Record<string, Readonly<Record<string, number>>>>,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(dropped).flatMap(([model, reasons]) =>
      Object.entries(reasons).map(([reason, count]) => [`${model}, ${reason}`, count]),
    ),
  );
}

function printPasswords({ passwords }: ImportReport & { kind: "import" }): string {
  const kinds = Object.entries(passwords).map(([kind, count]) => `${kind} ${count}`);
  if (kinds.length === 0) return "";
  const foreign = Object.keys(passwords).filter((kind) => kind !== "scrypt" && kind !== "bcrypt");
  const lines = [`password hashes  ${kinds.join(", ")}`];
  if (foreign.length > 0)
    lines.push(
      `Hashes of ${foreign.join(", ")} need \`emailAndPassword.password.verify\` in auth.ts: see docs/import.md.`,
    );
  return lines.join("\n");
}

function printVerified(verified: Verified | undefined): string {
  if (!verified) return "";
  const { problems, changed, compared } = verified;
  return [
    `verified  every row is accounted for by its count; ${rows(compared)} of a sample are in the app as they were sent`,
    ...problems.map((problem) => `problem: ${problem}`),
    ...changed.map((change) => `changed since: ${change}`),
  ]
    .filter((_, at) => at > 0 || problems.length === 0)
    .join("\n");
}

function printRewrite(report: ImportReport & { kind: "rewrite" }): string {
  const { field, dryRun, documents, rewritten, unknown, kept } = report;
  const lines = [
    `${field}: ${rewritten} ids ${dryRun ? "would be" : "were"} replaced, in ${documents} documents`,
  ];
  if (unknown > 0) lines.push(`${unknown} values are not ids that an import knows; they stay.`);
  if (kept > 0)
    lines.push(
      `${kept} ids are of rows that were in the app before the import. They stay, since your documents may have had them before.`,
    );
  return lines.join("\n");
}

function rows(count: number): string {
  return `${count} ${count === 1 ? "row" : "rows"}`;
}
