// Finds entries of the tables by what people type. Pure.
import { CodegenError } from "../errors.js";

type Named = { readonly name: string; readonly aliases?: readonly string[] };

/** What a table is about, for messages. */
export type TableWords = {
  /** "plugin" */
  readonly what: string;
  /** The command that lists all of them. */
  readonly list: string;
  /** The code of the error for a name that is not in the table. */
  readonly code: string;
};

/**
 * The entries of these names, each once, in the order in which they were typed. Case and dashes do not matter.
 *
 * @throws CodegenError with the code of `words`: every unknown name, and the nearest known one
 * @example
 * findEntries(["twoFactor"], PLUGINS, words); // the entry of two-factor
 */
export function findEntries<E extends Named>(
  names: readonly string[],
  table: readonly E[],
  words: TableWords,
): E[] {
  const found = names.map((name) => ({ name, entry: entryOf(name, table) }));
  const unknown = found.flatMap(({ name, entry }) => (entry ? [] : [name]));
  if (unknown.length > 0) throw unknownNames(unknown, table, words);
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

function unknownNames(
  names: readonly string[],
  table: readonly Named[],
  { what, list, code }: TableWords,
): CodegenError {
  const quoted = names.map((name) => `"${name}"`).join(", ");
  const near = names.flatMap((name) => nearest(name, table) ?? []);
  const meant = near.length > 0 ? `Did you mean ${near.join(", ")}? ` : "";
  return new CodegenError({
    code,
    message: `kitcn does not know the ${what} ${quoted}.`,
    hint: `${meant}\`${list}\` shows all of them.`,
    exitCode: 2,
  });
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
