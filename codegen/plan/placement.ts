// Decides where each model's documents live: the app's schema or the kitcn component. Pure.
import type { AuthTables, ModelPlacement } from "../../src/metadata.js";
import type { Placement } from "../types.js";
import type { SourceTable, SourceTables } from "./types.js";

/** Models that app code should never touch; in split placement they live in the component. */
export const COMPONENT_MODELS: readonly string[] = ["jwks", "verification", "rateLimit"];

/**
 * The placement of every model. In split, a model that the packaged component cannot hold (extra fields,
 * other types) stays in the app, with a note.
 *
 * @param input.packaged tables of the packaged component
 */
export function planPlacement(input: {
  readonly source: SourceTables;
  readonly placement: Placement;
  readonly packaged: AuthTables;
}): { readonly of: ReadonlyMap<string, ModelPlacement>; readonly notes: readonly string[] } {
  const of = new Map<string, ModelPlacement>();
  const notes: string[] = [];
  for (const [key, table] of Object.entries(input.source)) {
    if (input.placement !== "split" || !COMPONENT_MODELS.includes(key)) {
      of.set(key, input.placement === "component" ? "component" : "app");
      continue;
    }
    const problem = misfit(table, key, input.packaged);
    of.set(key, problem === undefined ? "component" : "app");
    if (problem !== undefined)
      notes.push(
        `${key} lives in the app's schema, not in the component: ${problem}, which the packaged component does not have.`,
      );
  }
  return { of, notes };
}

// --- internal ---

function misfit(table: SourceTable, key: string, packaged: AuthTables): string | undefined {
  const known = packaged[key];
  if (!known) return `it is a model`;
  for (const [name, field] of Object.entries(table.fields)) {
    if (name === "id") continue;
    const fits = known.fields[name];
    if (!fits) return `it has the field "${name}"`;
    if (String(fits.type) !== String(field.type) || fits.required !== (field.required !== false))
      return `its field "${name}" has another type`;
  }
  const missing = Object.entries(known.fields).find(
    ([name, field]) => field.required && !table.fields[name],
  );
  return missing ? `it lacks the field "${missing[0]}"` : undefined;
}
