// What `kitcn dev` says after a run of codegen: the files that it wrote, and the notes that the run before did not have.
// Keeps the notes of the last run; writes to no terminal.

/** The parts of a report that `kitcn dev` reads. */
export type Refreshed = {
  readonly files: readonly { readonly path: string }[];
  readonly notes: readonly string[];
};

/**
 * A printer for the runs of one `kitcn dev`, in their order. A note that goes and comes back is printed again.
 *
 * @example
 * const linesOf = createRefreshLines();
 * linesOf({ files: [{ path: "convex/lib/crpc.ts" }], notes: [] }); // ["wrote convex/lib/crpc.ts"]
 */
export function createRefreshLines(): (report: Refreshed) => string[] {
  let before: ReadonlySet<string> = new Set();
  return ({ files, notes }) => {
    const news = notes.filter((note) => !before.has(note));
    before = new Set(notes);
    const paths = files.map(({ path }) => path);
    return [...(paths.length > 0 ? [`wrote ${paths.join(", ")}`] : []), ...news];
  };
}
