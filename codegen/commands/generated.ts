// The part of a schema run that refreshes the modules in generated/, and the app's own auth component where it
// has one. Writes nothing.
import { join } from "node:path";
import { DEFAULT_STYLE, withSortedImports } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { createFormatter } from "../edit/format.js";
import { importExtension } from "../load/module-resolution.js";
import { canonical } from "../merge/fingerprint.js";
import { schemaMetadata } from "../merge/metadata.js";
import type { TablesPlan } from "../plan/types.js";
import { printGeneratedAuth } from "../print/generated-auth.js";
import { IMPORT_FILE, printGeneratedImport } from "../print/generated-import.js";
import { printGeneratedRoutes } from "../print/generated-routes.js";
import { printGeneratedServer } from "../print/generated-server.js";
import { printGeneratedStore } from "../print/generated-store.js";
import { printLocalComponent } from "../print/local-component.js";
import { printTablesModule } from "../print/tables-module.js";
import type { FileChange } from "../types.js";
import type { Workspace } from "../workspace/stage.js";
import { describeLostRelations, relationsModule, type RelationsStep } from "./relations.js";
import { finalPlace } from "./open-schema.js";
import type { SchemaModule } from "./schema-module.js";

/** Names of the modules, below `<fn>/generated`. */
export const GENERATED = [
  "auth.tables.ts",
  "auth.ts",
  "routes.ts",
  "server.ts",
  "store.ts",
] as const;

export type GeneratedInput = {
  readonly ws: Workspace;
  readonly plan: TablesPlan;
  /** Ids of the plugins that auth.ts uses. */
  readonly plugins: readonly string[];
  /** `basePath` of auth.ts. */
  readonly basePath: string;
  /** True when some plugin needs the global Buffer. */
  readonly needsBuffer: boolean;
  /** schema.ts. */
  readonly app: SchemaModule;
  /** The schema of the app's own component, where it has one. */
  readonly component: SchemaModule | undefined;
  readonly relations: RelationsStep | undefined;
  /** Whether the app has the functions of `kitcn import`. */
  readonly imports: boolean;
};

/**
 * Stages the generated modules that mean something else than those on disk.
 *
 * @returns sentences about what the next ones lack and those on disk had
 */
export async function planGenerated(input: GeneratedInput): Promise<string[]> {
  const { ws, plan, plugins, basePath, needsBuffer } = input;
  const extension = importExtension(ws);
  const usesComponent = plan.component.length > 0;
  const { relations: step, app, component } = input;
  const relations = relationsModule(ws, { step, schema: app.schema.module });
  const { schema } = component ?? app;
  const tables = schemaMetadata({ plan, ...finalPlace(ws, schema) });
  const modules = {
    "generated/auth.tables.ts": printTablesModule(tables, {
      name: "tables",
      typeImport: "kitcn/auth/runtime",
    }),
    "generated/auth.ts": printGeneratedAuth({
      ...{ usesComponent, plugins, basePath, extension, needsBuffer },
    }),
    "generated/routes.ts": printGeneratedRoutes({ basePath, extension }),
    "generated/server.ts": printGeneratedServer({ extension, relations }),
    "generated/store.ts": printGeneratedStore({ usesComponent, extension }),
    ...(input.imports && { [IMPORT_FILE]: printGeneratedImport({ usesComponent, extension }) }),
    ...(component && printLocalComponent(tables, extension)),
  };
  for (const [name, text] of Object.entries(modules)) {
    const path = join(ws.project.functionsDir, name);
    const before = ws.onDisk(path);
    // The user's formatter may have been here: only another meaning is a change.
    if (before !== undefined && isSameCode(ws, { path, before, after: text })) continue;
    const format = createFormatter({ path, style: DEFAULT_STYLE });
    const after = await format.file(text);
    if (before !== after) ws.stage(path, after);
  }
  return describeLostRelations(
    ws.onDisk(join(ws.project.functionsDir, "generated/server.ts")),
    relations,
  );
}

// --- internal ---

function isSameCode(ws: Workspace, { path, before, after }: FileChange): boolean {
  if (before === undefined) return false;
  // What a formatter leaves as it is needs no parser.
  if (tokensOf(before) === tokensOf(after)) return true;
  try {
    const [a, b] = [before, after].map((text) =>
      canonical(withSortedImports(ws.parse(text, path).program), new Map()),
    );
    return a === b;
  } catch (error) {
    // A broken generated file is simply replaced.
    if (error instanceof CodegenError) return false;
    throw error;
  }
}

/** Words, strings and signs, one a line, without blanks and trailing commas. */
function tokensOf(text: string): string {
  const tokens = text.match(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\/[^\n]*|[\w$]+|\S/g) ?? [];
  return tokens.join("\n").replace(/,\n(?=[)\]}])/g, "");
}
