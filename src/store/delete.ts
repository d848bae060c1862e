// Finds what goes along with a deletion: cascade, set null, restrict, as the metadata says.
// Reads only. Never leaves the placement of the model it starts from.
import { restricted } from "../errors/store.js";
import type { AuthField, AuthModel, AuthTables } from "../metadata.js";
import { idOf } from "../query/match.js";
import type { QueryDocument } from "../query/where.js";
import type { Change } from "./change.js";
import { modelOf, type Reader } from "./db.js";
import { assertWritable } from "./guards.js";
import { loadDocuments } from "./read.js";

type Scope = { readonly db: Reader; readonly tables: AuthTables };

/** A document of a model. */
export type Located = { readonly model: string; readonly document: QueryDocument };

/**
 * Everything that deleting `roots` changes, by following the references to them: first the columns that lose their
 * reference, then the documents that go, children first.
 *
 * @throws KitcnError `RESTRICTED` where a document that stays forbids the deletion, `TOO_MANY_WRITES`
 */
export async function loadDeletion(
  scope: Scope,
  { model, roots }: { model: string; roots: readonly QueryDocument[] },
): Promise<Change[]> {
  const gone = new Map<string, Located>();
  const links: Link[] = [];
  const counting = { ...scope, left: MAX_RANGES - roots.length };
  let front: Located[] = roots.map((document) => ({ model, document }));
  while (front.length > 0) {
    const fresh = front.filter(({ document }) => !gone.has(document._id));
    for (const located of fresh) gone.set(located.document._id, located);
    const step: Link[] = [];
    for (const target of new Set(fresh.map((located) => located.model))) {
      const documents = fresh.filter((one) => one.model === target).map((one) => one.document);
      step.push(...(await loadLinks(counting, { target, documents })));
    }
    links.push(...step.filter((link) => link.onDelete !== "cascade"));
    front = step.filter((link) => link.onDelete === "cascade");
  }
  const staying = links.filter(({ document }) => !gone.has(document._id));
  const blocker = staying.find((link) => link.onDelete === "restrict" || !link.isOptional);
  if (blocker) throw restricted(blocker);
  const deleted = [...gone.values()].reverse();
  assertWritable(
    model,
    [...staying, ...deleted].map(({ document }) => document),
  );
  return [
    ...staying.map(({ column, ...link }) => unlinked(link, column)),
    ...deleted.map((one): Change => ({ operation: "delete", ...one })),
  ];
}

/**
 * References that no single transaction can follow, since they cross from one placement into the other.
 * For diagnosis: such rows stay when what they reference is deleted.
 */
export function crossingReferences(tables: AuthTables): string[] {
  return Object.entries(tables).flatMap(([model, definition]) =>
    Object.entries(definition.fields)
      .filter(([, { references }]) => {
        const target = references && tables[references.model];
        return target !== undefined && target.placement !== definition.placement;
      })
      .map(([name, { references }]) => `${model}.${name} -> ${references?.model ?? ""}`),
  );
}

/** A field that references a model, and what happens to its document when the model's is deleted. */
export type Reference = {
  readonly model: string;
  readonly field: AuthField;
  readonly onDelete: "cascade" | "set null" | "restrict";
};

/** The references to a model from its own placement, as far as a deletion has to follow them. */
export function referencesTo(tables: AuthTables, target: string): Reference[] {
  const { placement } = modelOf(tables, target);
  return Object.entries(tables).flatMap(([model, { placement: at, fields }]) =>
    Object.values(fields).flatMap((field) => {
      const onDelete = at === placement ? actionOf(field, target) : undefined;
      return onDelete ? [{ model, field, onDelete }] : [];
    }),
  );
}

// --- internal ---

type Link = Located & {
  readonly column: string;
  readonly onDelete: Reference["onDelete"];
  readonly isOptional: boolean;
  readonly target: string;
};

/** Of a deletion. Convex allows 4,096 in a transaction, and reads one for each document that is deleted or changed. */
const MAX_RANGES = 4000;

/** One look-up for each reference to the model, whatever the number of documents. */
async function loadLinks(
  scope: Scope & { left: number },
  { target, documents }: { target: string; documents: readonly QueryDocument[] },
): Promise<Link[]> {
  const definition = modelOf(scope.tables, target);
  const references = referencesTo(scope.tables, target);
  const links: Link[] = [];
  let open = references.length;
  for (const { model, field, onDelete } of references) {
    const value = documents.flatMap((one) => referencedValues(one, field, definition));
    const where = [{ column: field.column, operator: "in", value } as const];
    // Its share of those that are left. A reference that needs more reads the whole table, which is one.
    const maxRanges = Math.max(2, scope.left / open--);
    scope.left -= value.length > maxRanges ? 1 : value.length;
    const found = await loadDocuments(scope, { model, where, maxRanges });
    scope.left -= found.length;
    const link = { model, column: field.column, onDelete, isOptional: !field.required, target };
    links.push(...found.map((document) => ({ ...link, document })));
  }
  return links;
}

function unlinked({ model, document }: Located, column: string): Change {
  return { operation: "update", model, document, columns: { [column]: null } };
}

/** Convex has no defaults to set, so "set default" clears the reference. */
function actionOf({ references }: AuthField, target: string): Reference["onDelete"] | undefined {
  if (references?.model !== target) return undefined;
  const { onDelete } = references;
  if (onDelete === "no action") return undefined;
  return onDelete === "set default" ? "set null" : onDelete;
}

/** What a reference to this document may hold. */
function referencedValues(
  document: QueryDocument,
  { references }: AuthField,
  target: AuthModel,
): string[] {
  if (references?.field === "id") return [...new Set([idOf(document), document._id])];
  const value = document[target.fields[references?.field ?? ""]?.column ?? ""];
  return typeof value === "string" ? [value] : [];
}
