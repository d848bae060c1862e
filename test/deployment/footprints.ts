// What the transactions of each HTTP action read and wrote, for as long as somebody watches; and where those of one
// get in the way of another's, whether or not they ran at the same time. Must not change what runs.
import type { Change, Conflict, Read } from "./history.js";

type Touches = (reads: readonly Read[], changes: readonly Change[]) => boolean;

/** One transaction. `by` is the HTTP action that ran it. */
type Footprint = { by: object; reads: readonly Read[]; changes: readonly Change[] };

/** A document that one HTTP action writes, and that another reads or writes, too. */
export type Overlap = Conflict & { readonly component: string };

export type Footprints = ReturnType<typeof createFootprints>;

export function createFootprints(isTouched: Touches) {
  let noted: Footprint[] | undefined;
  return {
    /** Forgets everything, and watches from now on. */
    watch: () => void (noted = []),
    note: (by: object | undefined, reads: readonly Read[], changes: readonly Change[]) => {
      if (by) noted?.push({ by, reads, changes });
    },
    /** How many HTTP actions were watched, and what of one is in the way of another. */
    overlaps: (): { actions: number; overlaps: Overlap[] } => {
      const all = noted ?? [];
      const found = new Map<string, Overlap>();
      for (const reader of all)
        for (const writer of all) {
          if (reader.by === writer.by) continue;
          for (const change of writer.changes) {
            const { database, table, old, next } = change;
            const id = (next ?? old)?._id ?? "";
            if (isTouched(reader.reads, [change]))
              found.set(id, { component: database.path, table, id });
          }
        }
      return { actions: new Set(all.map(({ by }) => by)).size, overlaps: [...found.values()] };
    },
  };
}
