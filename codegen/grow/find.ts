// Finds entries of the tables by what people type. Pure.
import type { CodegenError } from "../errors.js";

type Named = { readonly name: string; readonly aliases?: readonly string[] };

/** The error for names that are not in a table, with known ones that were perhaps meant. */
export type Unknown = (input: {
  names: readonly string[];
  near: readonly string[];
}) => CodegenError;

/**
 * The entries of these names, each once, in the order in which they were typed. Case and dashes do not matter.
 *
 * @throws what `unknown` makes of every unknown name, and the nearest known ones
 * @example
 * findEntries(["twoFactor"], PLUGINS, unknownPlugin); // the entry of two-factor
 */
export function findEntries<E extends Named>(
  names: readonly string[],
  table: readonly E[],
  unknown: Unknown,
): E[] {
  const found = names.map((name) => ({ name, entry: entryOf(name, table) }));
  const strange = found.flatMap(({ name, entry }) => (entry ? [] : [name]));
  const near = strange.flatMap((name) => nearest(name, table) ?? []);
  if (strange.length > 0) throw unknown({ names: strange, near });
  return [...new Set(found.flatMap(({ entry }) => entry ?? []))];
}

// --- internal ---

function entryOf<E extends Named>(name: string, table: readonly E[]): E | undefined {
  const wanted = plain(name);
  return table.find((one) => [one.name, ...(one.aliases ?? [])].some((n) => plain(n) === wanted));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** The known name that is at most a third of the letters away. */
function nearest(name: string, table: readonly Named[]): string | undefined {
  const wanted = plain(name);
  const [best] = table
    .map((one) => ({ name: one.name, away: distance(wanted, plain(one.name)) }))
    .sort((a, b) => a.away - b.away);
  return best && best.away <= Math.max(1, wanted.length / 3) ? best.name : undefined;
}

/** Letters to insert, remove or replace. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...from].entries()) {
    const next = [at + 1];
    for (const [other, wanted] of [...to].entries())
      next.push(
        Math.min(
          (row[other] ?? 0) + (letter === wanted ? 0 : 1),
          (row[other + 1] ?? 0) + 1,
          (next[other] ?? 0) + 1,
        ),
      );
    row = next;
  }
  return row[to.length] ?? 0;
}
