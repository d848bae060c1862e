// Derives relations from references: one on the side that holds the key, many (or one) on the other. Pure.
// Only between tables of the app: what lives in the component cannot be joined.
import type { AuthField, AuthModel, AuthTables } from "../../src/metadata.js";

/** A relation of a table: `from` is a column of this table, `to` one of the other. */
export type PlannedRelation = {
  readonly table: string;
  readonly name: string;
  readonly kind: "one" | "many";
  readonly other: string;
  readonly from: string;
  readonly to: string;
};

/**
 * The relations of the auth tables that live in the app, in the order of the tables.
 *
 * @example
 * planRelations(tables); // [{ table: "session", name: "user", kind: "one", other: "user", from: "userId", to: "_id" }, ...]
 */
export function planRelations(tables: AuthTables): PlannedRelation[] {
  const planned = Object.values(tables).flatMap((model) =>
    model.placement === "app" ? relationsOf(model, tables) : [],
  );
  const order = Object.values(tables).map((model) => model.table);
  return planned
    .filter((one, at) => planned.findIndex((other) => isSame(one, other)) === at)
    .sort((a, b) => order.indexOf(a.table) - order.indexOf(b.table));
}

// --- internal ---

function relationsOf(model: AuthModel, tables: AuthTables): PlannedRelation[] {
  const columns = columnsOf(model);
  return Object.entries(model.fields).flatMap(([name, field]) => {
    const target = field.references && tables[field.references.model];
    if (!field.references || !target || target.placement !== "app") return [];
    const to =
      field.references.field === "id" ? "_id" : target.fields[field.references.field]?.column;
    if (to === undefined) return [];
    const forward = freeName(name.replace(/_?[iI]ds?$/, "") || name, columns);
    const isNamed = forward === field.references.model;
    const back = freeName(backName(model, field, isNamed ? undefined : forward), columnsOf(target));
    const key = { table: model.table, other: target.table, from: field.column, to };
    return [
      { ...key, name: forward, kind: "one" as const },
      {
        table: target.table,
        name: back,
        kind: field.unique ? ("one" as const) : ("many" as const),
        other: model.table,
        from: to,
        to: field.column,
      },
    ];
  });
}

/** `sessions` on the user; `invitationsAsInviter` where the key has a name of its own. */
function backName({ table }: AuthModel, { unique }: AuthField, role: string | undefined): string {
  const base = unique ? table : plural(table);
  return role === undefined ? base : `${base}As${role.charAt(0).toUpperCase()}${role.slice(1)}`;
}

function plural(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/(s|x|z|ch|sh)$/.test(word)) return /s$/.test(word) ? word : `${word}es`;
  return `${word}s`;
}

function columnsOf(model: AuthModel): ReadonlySet<string> {
  return new Set(Object.values(model.fields).map((field) => field.column));
}

function freeName(wish: string, taken: ReadonlySet<string>): string {
  return taken.has(wish) ? `${wish}Relation` : wish;
}

function isSame(a: PlannedRelation, b: PlannedRelation): boolean {
  return a.table === b.table && a.name === b.name;
}
