// Whether an export is of the system whose ids the deployment knows. Two systems may both count from 1, and what belongs
// to a user of one must not be given to a user of the other. Reads only, page by page.
import type { AuthTables } from "../../src/metadata.js";
import type { ImportRef, ImportRow } from "../../src/import/types.js";
import { compareRows } from "./compare.js";
import { otherRows } from "../errors/import.js";
import type { FitInput } from "./fit.js";
import { shownId } from "./shown-id.js";
import { fittedRecords } from "./survey.js";
import type { Transport } from "./transport.js";
import type { ImportStep } from "./types.js";

/**
 * Compares the rows of an export with those that were imported under the same ids.
 *
 * @throws CodegenError `IMPORT_OTHER_ROWS` where one of them is of somebody or something else
 */
export async function assertSameRows({
  steps,
  fit,
  transport,
  source,
}: {
  readonly steps: readonly ImportStep[];
  readonly fit: FitInput;
  readonly transport: Transport;
  readonly source: string;
}): Promise<void> {
  const named: string[] = [];
  let count = 0;
  for await (const { model, oldId, differing } of compareRows(identitiesOf(steps, fit), {
    ...{ transport, source, most: PAGE },
  }))
    if (differing.length > 0 && ++count <= NAMED) named.push(`${model} ${shownId(oldId)}`);
  if (count > 0) throw otherRows({ rows: named, count, source });
}

// --- internal ---

/** Each costs a few look-ups, of which Convex allows 4,096. */
const PAGE = 250;

const NAMED = 5;

/** By model, what a row stays the same by. What it belongs to is compared for each. */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  user: ["email"],
  organization: ["slug"],
  account: ["providerId", "accountId"],
};

async function* identitiesOf(
  steps: readonly ImportStep[],
  fit: FitInput,
): AsyncGenerator<ImportRow> {
  for await (const { rows } of fittedRecords(steps, fit))
    for (const row of rows) yield identityOf(row, fit.tables);
}

function identityOf(
  { model, oldId, columns, refs = {} }: ImportRow,
  tables: AuthTables,
): ImportRow {
  const names = (IDENTITY[model] ?? []).map((field) => tables[model]?.fields[field]?.column);
  const isOwner = ([, { required }]: [string, ImportRef]) => required;
  return {
    model,
    oldId,
    columns: Object.fromEntries(Object.entries(columns).filter(([name]) => names.includes(name))),
    refs: Object.fromEntries(Object.entries(refs).filter(isOwner)),
  };
}
