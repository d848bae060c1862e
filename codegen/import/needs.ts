// Whether a file of an export has the columns or keys without which none of its records is of use. Pure.
import { importLacks } from "../errors/import.js";
import type { ImportStep, Need } from "./types.js";

/** What the records of one step have, as they go by. */
export type KeyWatch = {
  /** Told of all names at once, before the first record. */
  readonly all: (names: readonly string[]) => void;
  /** Told of the names of each record. */
  readonly some: (names: readonly string[]) => void;
  /** After the last record. */
  readonly end: () => void;
};

/**
 * Watches the names of a step's records.
 *
 * @throws CodegenError `EMPTY_IMPORT`, from `all` and `end`, where no record has what the step needs
 */
export function watchKeys(
  step: Pick<ImportStep, "name" | "needs" | "keyOf">,
  { placeholderDomain }: { readonly placeholderDomain?: string | undefined },
): KeyWatch {
  const { name: file, keyOf = (key: string) => key } = step;
  const needs = (step.needs ?? []).filter((one) => !one.isAddress || !placeholderDomain);
  const seen = new Set<string>();
  let hasRecords = false;
  const check = () => {
    const keys = new Set([...seen].map(keyOf));
    const lacking = needs.filter(({ names }) => !names.some((name) => keys.has(name)));
    if (lacking.length > 0)
      throw importLacks({ file, needed: printNeeds(lacking), ...shown(seen) });
  };
  return {
    all: (names) => {
      for (const name of names) seen.add(name);
      check();
    },
    some: (names) => {
      hasRecords = true;
      for (const name of names) seen.add(name);
    },
    end: () => {
      if (hasRecords) check();
    },
  };
}

// --- internal ---

/** Names that a message shows. */
const SHOWN = 20;

/** The first line of a CSV without a header is a record, and may hold an address or a hash. */
const NAME = /^[a-z_][\w .-]{0,39}$/i;

function shown(seen: ReadonlySet<string>): { found: string[]; hidden: number } {
  const found = [...seen].filter((name) => NAME.test(name)).slice(0, SHOWN);
  return { found, hidden: seen.size - found.length };
}

/** One that asks for less than another is left out: who has the other has it too. */
function printNeeds(needs: readonly Need[]): string[] {
  const isWithin = (one: Need, other: Need) =>
    one !== other && other.names.every((name) => one.names.includes(name));
  return needs
    .filter((one) => !needs.some((other) => isWithin(one, other)))
    .map(({ names }) => names.join(" or "));
}
