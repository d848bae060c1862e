// Decides where each model's documents live: the app's schema or the kitcn component. Pure.
import { isImportModel } from "../../src/import/models.js";
import type { AuthTables, ModelPlacement } from "../../src/metadata.js";
import type { Placement } from "../types.js";
import type { SourceField, SourceTable, SourceTables } from "./types.js";

/** Models that app code should never touch; in split placement they live in the component. */
export const COMPONENT_MODELS: readonly string[] = ["jwks", "verification", "rateLimit"];

/** Where everything lives. */
export type PlacementPlan = {
  readonly of: ReadonlyMap<string, ModelPlacement>;
  /** True where the packaged component cannot hold the tables, so that the app needs one of its own. */
  readonly isLocal: boolean;
  readonly notes: readonly string[];
};

/**
 * The placement of every model. What the packaged component cannot hold (another model, additional fields,
 * other types) stays in the app in split placement, and makes the component a local one in component placement.
 *
 * @param input.packaged tables of the packaged component
 * @param input.ownComponent true where placement component means a local one in any case
 */
export function planPlacement(input: {
  readonly source: SourceTables;
  readonly placement: Placement;
  readonly packaged: AuthTables;
  readonly ownComponent: boolean;
}): PlacementPlan {
  const { source, placement, packaged, ownComponent } = input;
  const models = Object.keys(source);
  // The map of old ids is the app's to read, wherever its rows lead.
  const wanted = models.filter((key) =>
    placement === "component"
      ? !isImportModel(key)
      : placement === "split" && COMPONENT_MODELS.includes(key),
  );
  const problems = wanted.flatMap((key) => {
    const problem = misfit(key, source[key], packaged);
    return problem === undefined ? [] : [{ key, problem }];
  });
  const isLocal = placement === "component" && (ownComponent || problems.length > 0);
  const misfits = isLocal ? [] : problems.map(({ key }) => key);
  return {
    of: new Map(
      models.map((key) => [
        key,
        wanted.includes(key) && !misfits.includes(key) ? "component" : "app",
      ]),
    ),
    isLocal,
    notes: problems.map(({ key, problem }) =>
      isLocal
        ? `The app gets an auth component of its own: ${key} ${problem}, which the packaged one does not have.`
        : `${key} lives in the app's schema, not in the component: it ${problem}, which the packaged component does not have.`,
    ),
  };
}

// --- internal ---

function misfit(
  key: string,
  table: SourceTable | undefined,
  packaged: AuthTables,
): string | undefined {
  const known = packaged[key];
  if (!known || !table) return "is a model";
  for (const [name, field] of Object.entries(table.fields)) {
    if (name === "id") continue;
    const fits = known.fields[name];
    if (!fits) return `has the field "${name}"`;
    if (String(fits.type) !== String(field.type)) return `has another type for "${name}"`;
    if (fits.required && field.required === false) return `has an optional "${name}"`;
    if ((fits.unique === true) !== isUnique(name, field, table))
      return `has another rule of uniqueness for "${name}"`;
  }
  const missing = Object.entries(known.fields).find(
    ([name, field]) => field.required && !table.fields[name],
  );
  return missing && `lacks the field "${missing[0]}"`;
}

function isUnique(name: string, field: SourceField, table: SourceTable): boolean {
  const isAlone = ({
    unique,
    fields,
  }: {
    unique?: boolean | undefined;
    fields: readonly string[];
  }) => unique === true && fields.length === 1 && fields[0] === name;
  return field.unique === true || (table.indexes ?? []).some(isAlone);
}
