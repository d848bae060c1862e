// Prints an app's own auth component, for tables that the packaged one cannot hold. Pure text.
// Its schema is merged as the app's own is, and no business of this file.
import type { AuthTables } from "../../src/metadata.js";
import { GENERATED_HEADER, printTablesModule } from "./tables-module.js";

/** The component's modules, below the functions directory. */
export const LOCAL_COMPONENT_FILES = {
  config: "components/auth/convex.config.ts",
  schema: "components/auth/schema.ts",
  store: "components/auth/store.ts",
  tables: "components/auth/tables.ts",
} as const;

/**
 * The component's modules besides its schema, by path below the functions directory. It is mounted under the
 * packaged one's name.
 *
 * @param tables metadata of everything in the component
 * @param extension ends every relative import
 */
export function printLocalComponent(
  tables: AuthTables,
  extension: "" | ".js",
): Readonly<Record<string, string>> {
  return {
    [LOCAL_COMPONENT_FILES.config]: `${GENERATED_HEADER}
import { defineComponent } from "convex/server";

export default defineComponent("auth");
`,
    [LOCAL_COMPONENT_FILES.store]: `${GENERATED_HEADER}
import { componentFunctions } from "kitcn/component";
import { tables } from "./tables${extension}";

export const { read, signingKeys, write } = componentFunctions(tables);
`,
    [LOCAL_COMPONENT_FILES.tables]: printTablesModule(tables, {
      name: "tables",
      typeImport: "kitcn/component",
    }),
  };
}
