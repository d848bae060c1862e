// Prints generated/import.ts of an app: the functions that `kitcn import` calls. Pure text.
// The text is a template; every choice about it is made by its caller.
import { COMPONENT, COMPONENT_IMPORT, type GeneratedStoreInput } from "./generated-store.js";
import { GENERATED_HEADER } from "./tables-module.js";

/** Where the module is, below the functions directory. While it is there, the schema has the import's tables. */
export const IMPORT_FILE = "generated/import.ts";

/** The text of generated/import.ts. */
export function printGeneratedImport({ usesComponent, extension }: GeneratedStoreInput): string {
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  return `${GENERATED_HEADER}
${usesComponent ? COMPONENT_IMPORT : ""}import { ${usesComponent ? "type AuthComponent, " : ""}type AuthImportFunctions, createAuthImport } from "kitcn/auth/import";
import type { DataModel } from ${from("../_generated/dataModel")};
import { tables } from ${from("./auth.tables")};
import { app } from ${from("./server")};
${usesComponent ? COMPONENT : ""}
// What \`kitcn import\` calls; internal, never reachable by clients. Once all is imported, and no code reads the
// table importedId, delete this file and run \`npx kitcn add auth --schema --prune\`.
export const {
  importBatch,
  importState,
  importCount,
  importCompare,
  importRewrite,
  importUndo,
}: AuthImportFunctions = createAuthImport<DataModel>({
  tables,${usesComponent ? "\n  component," : ""}
  app: () => app,
});
`;
}
