// What a cursor belongs to: the number of a record means the same record only for the same files, read in the same way
// for the same tables. Pure.
import { createHash } from "node:crypto";
import type { AuthTables } from "../../src/metadata.js";
import type { ImportStep, SourceOptions } from "./types.js";

/** One text for files, flags and tables; any other begins at the first record. Rows that are known stay as they are. */
export function cursorFile({
  fingerprint,
  steps,
  tables,
  defaults,
  placeholderDomain = "",
  linkExisting,
  mapping,
}: {
  /** Of the files. */
  readonly fingerprint: string;
  readonly steps: readonly Pick<ImportStep, "name">[];
  readonly tables: AuthTables;
  readonly defaults: ReadonlyMap<string, string>;
  readonly placeholderDomain?: string | undefined;
  readonly linkExisting: boolean;
  readonly mapping: SourceOptions;
}): string {
  const flags = [
    [...defaults],
    placeholderDomain,
    linkExisting,
    [...mapping.providers],
    [...mapping.roles],
    mapping.component ?? "",
  ];
  // A model that auth.ts adds brings steps, and a field may bring rows that were dropped.
  const fields = Object.entries(tables).map(([model, table]) => [model, table.fields]);
  const app = JSON.stringify([steps.map(({ name }) => name), fields]);
  return `${fingerprint} ${createHash("sha256").update(app).digest("hex")} ${JSON.stringify(flags)}`;
}
