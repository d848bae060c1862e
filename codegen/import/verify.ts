// Checks an import against what the source came to: every row accounted for, the map counted, a sample compared.
import type { ImportState, MapPage } from "../../src/import/types.js";
import { compareRows } from "./compare.js";
import { shownId } from "./shown-id.js";
import type { Survey } from "./survey.js";
import type { Transport } from "./transport.js";

export type Verified = {
  /** What does not add up; empty where all is well. */
  readonly problems: readonly string[];
  /** Rows of the sample that say something else now, or are gone: by a trigger, or by somebody who uses the app. */
  readonly changed: readonly string[];
  /** Rows of the sample that are in the app as they were sent. */
  readonly compared: number;
  /** Rows of the map, by model. */
  readonly mapped: Readonly<Record<string, number>>;
};

/** Counts and compares. */
export async function verifyImport({
  transport,
  source,
  survey,
  state,
}: {
  readonly transport: Transport;
  readonly source: string;
  readonly survey: Survey;
  readonly state: ImportState;
}): Promise<Verified> {
  const problems: string[] = [];
  const mapped: Record<string, number> = {};
  const models = new Set([...Object.keys(survey.rows), ...Object.keys(survey.dropped)]);
  for (const model of models) {
    const { created = 0, linked = 0, known = 0, dropped = {} } = state.counts[model] ?? {};
    const wanted = (survey.rows[model] ?? 0) + sum(survey.dropped[model] ?? {});
    const accounted = created + linked + known + sum(dropped);
    if (accounted !== wanted)
      problems.push(`${model}: ${wanted} rows in the source, ${accounted} accounted for`);
    mapped[model] = await countMapped(transport, { source, model });
    if (mapped[model] < created + linked)
      problems.push(`${model}: ${created + linked} rows imported, ${mapped[model]} in the map`);
  }
  const sample = await compareSample({ transport, source, survey, state });
  const { changed, compared } = sample;
  return { problems: [...problems, ...sample.problems], changed, compared, mapped };
}

// --- internal ---

const PAGE = 2000;
const SAMPLE_PAGE = 25;

async function countMapped(
  transport: Transport,
  { source, model }: { readonly source: string; readonly model: string },
): Promise<number> {
  let total = 0;
  let cursor: string | null = null;
  do {
    const page = (await transport.call("importCount", {
      ...{ source, model, cursor, limit: PAGE },
    })) as MapPage; // of generated/import.ts
    const { created = 0, linked = 0 } = page.counts[model] ?? {};
    total += created + linked;
    cursor = page.cursor;
  } while (cursor !== null);
  return total;
}

async function compareSample({
  transport,
  source,
  survey,
  state,
}: Parameters<typeof verifyImport>[0]): Promise<{
  problems: string[];
  changed: string[];
  compared: number;
}> {
  const problems: string[] = [];
  const changed: string[] = [];
  let compared = 0;
  const isDropped = (model: string) => sum(state.counts[model]?.dropped ?? {}) > 0;
  const found = compareRows(survey.sample, { transport, source, most: SAMPLE_PAGE });
  for await (const { model, oldId, isKnown, isThere, isLinked, differing } of found) {
    const name = `${model} ${shownId(oldId)}`;
    if (isKnown && !isThere) changed.push(`${name} is not in the app any more`);
    // Which rows the deployment dropped is known by number only.
    else if (!isThere && !isDropped(model)) problems.push(`${name} is not in the app`);
    else if (isThere && !isLinked && differing.length > 0)
      changed.push(`${name} has another ${differing.join(", ")} than the source`);
    else if (isThere) compared++;
  }
  return { problems, changed, compared };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
