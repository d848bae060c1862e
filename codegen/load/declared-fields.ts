// Whether a table and a field are in schema.ts, which is run and asked.
import { CodegenError } from "../errors.js";
import { findFunctionsModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { loadDeclared, vValidator, type DeclaredSchema } from "./declared-tables.js";

/** `open`: schema.ts does not load, or does not say. Otherwise the names that are there instead. */
export type Declared =
  | { readonly kind: "there" | "open" }
  | { readonly kind: "no table" | "no field"; readonly names: readonly string[] };

/** Looks for a field, or a path of fields, of a table. */
export async function findDeclared(
  ws: Workspace,
  { table, path }: { readonly table: string; readonly path: readonly string[] },
): Promise<Declared> {
  const file = findFunctionsModule(ws, "schema");
  if (file === undefined) return { kind: "open" };
  try {
    return declaredIn(await loadDeclared(ws, file), { table, path });
  } catch (error) {
    if (error instanceof CodegenError) return { kind: "open" };
    throw error;
  }
}

/** The same in what schema.ts declares. Pure. */
export function declaredIn(
  { tables, schemaValidation = true }: DeclaredSchema,
  { table, path }: { readonly table: string; readonly path: readonly string[] },
): Declared {
  const found = tables.find(({ tableName }) => tableName === table);
  if (found) return fieldIn(found.documentType, path);
  if (!schemaValidation) return { kind: "open" };
  return { kind: "no table", names: tables.map(({ tableName }) => tableName) };
}

// --- internal ---

function fieldIn(type: unknown, path: readonly string[]): Declared {
  const parsed = vValidator.safeParse(type);
  const [name, ...rest] = path;
  // Records, say.
  if (!parsed.success || parsed.data.type === "any") return { kind: "open" };
  const validator = parsed.data;
  if (validator.type === "array") return fieldIn(validator.value, path);
  if (validator.type === "union") return anyOf(validator.value.map((one) => fieldIn(one, path)));
  if (name === undefined) return { kind: "there" };
  if (validator.type !== "object") return { kind: "no field", names: [] };
  const inner = validator.value[name];
  if (inner) return fieldIn(inner.fieldType, rest);
  return { kind: "no field", names: Object.keys(validator.value) };
}

function anyOf(found: readonly Declared[]): Declared {
  const good =
    found.find(({ kind }) => kind === "there") ?? found.find(({ kind }) => kind === "open");
  if (good) return good;
  const names = found.flatMap((one) => ("names" in one ? one.names : []));
  return { kind: "no field", names: [...new Set(names)] };
}
