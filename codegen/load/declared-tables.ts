// The tables a schema module makes when it is run: for schemas that cannot be read off their text alone.
// Gives each table as source text, so that it is read and compared like any other.
import * as z from "zod";
import { noSchemaExport } from "../errors/load.js";
import { timed } from "../terminal/timing.js";
import type { Workspace } from "../workspace/stage.js";
import type { Runner } from "./module-runner.js";
import { runInSandbox } from "./sandbox.js";

/**
 * Runs a schema module and prints what it declares.
 *
 * @returns table names to `defineTable({...}).index(...)`
 * @throws CodegenError `AUTH_FAILED`, `MODULE_NOT_FOUND`, ... with file and line; `NO_SCHEMA` where the
 *   module exports none
 */
export async function loadDeclaredTables(
  ws: Workspace,
  path: string,
): Promise<ReadonlyMap<string, string>> {
  const { tables } = await loadDeclared(ws, path);
  return new Map(tables.map((table) => [table.tableName, printTable(table)]));
}

/** What a schema module declares when it is run. @throws CodegenError as above */
export async function loadDeclared(ws: Workspace, path: string): Promise<DeclaredSchema> {
  const ask = async (runner: Runner) => {
    const { default: schema } = await runner.run(path);
    const text: unknown = hasExport(schema) ? schema.export() : undefined;
    const parsed = vSchema.safeParse(typeof text === "string" ? JSON.parse(text) : undefined);
    if (parsed.success) return parsed.data;
    throw noSchemaExport({ path });
  };
  const sandbox = { ws, entry: path };
  return timed("evaluate schema.ts", () => runInSandbox(sandbox, ask));
}

export type DeclaredSchema = z.infer<typeof vSchema>;

// --- internal ---

// What `schema.export()` gives to the convex CLI, as far as it is used here.
const vField = z.object({ fieldType: z.unknown(), optional: z.boolean() });
export const vValidator = z.union([
  z.object({ type: z.literal("literal"), value: z.unknown() }),
  z.object({ type: z.literal("id"), tableName: z.string() }),
  z.object({ type: z.literal("array"), value: z.unknown() }),
  z.object({ type: z.literal("union"), value: z.array(z.unknown()) }),
  z.object({ type: z.literal("object"), value: z.record(z.string(), vField) }),
  z.object({ type: z.literal("bigint") }),
  z.object({ type: z.enum(["null", "number", "boolean", "string", "bytes", "any"]) }),
]);
const vTable = z.object({
  tableName: z.string(),
  indexes: z.array(z.object({ indexDescriptor: z.string(), fields: z.array(z.string()) })),
  documentType: z.unknown(),
});
const vSchema = z.object({
  tables: z.array(vTable),
  /** False: the app may also have tables that are not declared. */
  schemaValidation: z.boolean().optional(),
});

function hasExport(value: unknown): value is { export: () => unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "export" in value &&
    typeof value.export === "function"
  );
}

function printTable({ documentType, indexes }: z.infer<typeof vTable>): string {
  const calls = indexes.map(
    ({ indexDescriptor, fields }) =>
      `.index(${JSON.stringify(indexDescriptor)}, ${JSON.stringify(fields)})`,
  );
  return `defineTable(${printValidator(documentType)})${calls.join("")}`;
}

/** A validator as Convex serialises it, as source text; what auth tables never use is `v.any()`. */
function printValidator(json: unknown): string {
  const parsed = vValidator.safeParse(json);
  if (!parsed.success) return "v.any()";
  const validator = parsed.data;
  switch (validator.type) {
    case "literal":
      return `v.literal(${JSON.stringify(validator.value)})`;
    case "id":
      return `v.id(${JSON.stringify(validator.tableName)})`;
    case "array":
      return `v.array(${printValidator(validator.value)})`;
    case "union":
      return `v.union(${validator.value.map(printValidator).join(", ")})`;
    case "object":
      return `v.object({ ${Object.entries(validator.value).map(printField).join(", ")} })`;
    case "bigint":
      return "v.int64()";
    case "null":
    case "number":
    case "boolean":
    case "string":
    case "bytes":
    case "any":
      return `v.${validator.type}()`;
  }
}

function printField([name, { fieldType, optional }]: [string, z.infer<typeof vField>]): string {
  const text = printValidator(fieldType);
  return `${JSON.stringify(name)}: ${optional ? `v.optional(${text})` : text}`;
}
