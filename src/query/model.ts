// What queries and guards want to know of a model, derived from its metadata once. Pure.
import type { AuthModel } from "../metadata.js";

/** The columns of a model, with Convex's own and the id. */
export const columnsOf = derived((definition): ReadonlySet<string> => {
  const columns = Object.values(definition.fields).map((field) => field.column);
  return new Set(["id", "_creationTime", ...columns]);
});

/** The sets of columns whose values no two documents share; null may repeat. */
export const uniquesOf = derived((definition): readonly (readonly string[])[] => {
  const singles = Object.values(definition.fields).filter((field) => field.unique);
  return [...singles.map((field) => [field.column]), ...(definition.uniques ?? [])];
});

// --- internal ---

/** Metadata never changes, so what follows from it is kept with it. */
function derived<Result>(derive: (definition: AuthModel) => Result) {
  const known = new WeakMap<AuthModel, { readonly result: Result }>();
  return (definition: AuthModel): Result => {
    const found = known.get(definition) ?? { result: derive(definition) };
    known.set(definition, found);
    return found.result;
  };
}
