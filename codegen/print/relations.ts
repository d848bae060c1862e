// Prints relations as entries of relations.ts. Pure text, unformatted.
import type { PlannedRelation } from "../plan/plan-relations.js";

/** The function of kitcn/orm that relations.ts calls. */
export const RELATIONS_IMPORT = { source: "kitcn/orm", name: "relations" } as const;

/** `user: { one: "user", from: "userId", to: "_id" }` */
export function printRelation(relation: PlannedRelation): string {
  return `${relation.name}: ${printRelationValue(relation)}`;
}

/** `{ one: "user", from: "userId", to: "_id" }` */
export function printRelationValue({ kind, other, from, to }: PlannedRelation): string {
  const text = (value: string) => JSON.stringify(value);
  return `{ ${kind}: ${text(other)}, from: ${text(from)}, to: ${text(to)} }`;
}

/** An app's relations.ts before any relation is in it. */
export const EMPTY_RELATIONS = `import { ${RELATIONS_IMPORT.name} as defineRelations } from ${JSON.stringify(RELATIONS_IMPORT.source)};

export const relations = defineRelations({});

export default relations;
`;
