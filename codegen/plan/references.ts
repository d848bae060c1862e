// Resolves a field's `references` to a model of the plan. Pure.
import type { OnDelete } from "../../src/metadata.js";
import type { SourceField } from "./types.js";

/** As much of a model as a reference needs. */
export type ReferenceTarget = {
  readonly key: string;
  readonly table: string;
  readonly placement: "app" | "component";
  readonly forcedId: boolean;
  readonly source: {
    readonly modelName: string;
    readonly fields: Readonly<Record<string, SourceField>>;
  };
};

export type ResolvedReference = { readonly model: ReferenceTarget; readonly field: string };

/**
 * The model and logical field a field points at. Undefined when it points nowhere, also when its target is
 * not stored in Convex (sessions in secondary storage): such a column is a plain string.
 */
export function resolveReference(
  field: SourceField,
  models: readonly ReferenceTarget[],
): ResolvedReference | undefined {
  if (!field.references) return undefined;
  const { model: wanted, field: column } = field.references;
  // Keys first: a custom modelName may equal another model's key.
  const model =
    models.find((one) => one.key === wanted) ??
    models.find((one) => one.source.modelName === wanted);
  if (!model) return undefined;
  if (column === "id" || model.source.fields[column]) return { model, field: column };
  const logical = Object.entries(model.source.fields).find(([, one]) => one.fieldName === column);
  return logical ? { model, field: logical[0] } : undefined;
}

/** What happens to a document when the one it references is deleted; Better Auth's default is cascade. */
export function onDeleteOf(field: SourceField): OnDelete {
  const wish = field.references?.onDelete;
  return ON_DELETE.find((one) => one === wish) ?? "cascade";
}

// --- internal ---

const ON_DELETE: readonly OnDelete[] = [
  "no action",
  "restrict",
  "cascade",
  "set null",
  "set default",
];
