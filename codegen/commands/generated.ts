// The part of a schema run that refreshes the modules in generated/, and the app's own auth component where it
// has one. Writes nothing.
import { join } from "node:path";
import { DEFAULT_STYLE, parseModule } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import { createFormatter } from "../format.js";
import type { AppFiles } from "../load/load-schema.js";
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
import type { FileChange, Project } from "../types.js";
import { relationsModule, type RelationsStep } from "./relations.js";
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
  readonly project: Project;
  readonly files: AppFiles;
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

/** The generated modules that mean something else than those on disk. */
export async function planGenerated(input: GeneratedInput): Promise<FileChange[]> {
  const { project, files, plan, plugins, basePath, needsBuffer } = input;
  const extension = importExtension(project, files);
  const usesComponent = plan.component.length > 0;
  const { relations: step, app, component } = input;
  const relations = relationsModule({ project, files }, { step, schema: app.schema.module });
  const { schema, texts } = component ?? app;
  const tables = schemaMetadata({ plan, ...finalPlace(schema, texts) });
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
  const changes: FileChange[] = [];
  for (const [name, text] of Object.entries(modules)) {
    const path = join(project.functionsDir, name);
    const before = files.onDisk(path);
    // The user's formatter may have been here: only another meaning is a change.
    if (before !== undefined && isSameCode(before, text, path)) continue;
    const format = createFormatter({ path, style: DEFAULT_STYLE });
    const after = await format.file(text);
    if (before !== after) changes.push({ path, before, after });
  }
  return changes;
}

// --- internal ---

function isSameCode(before: string, after: string, path: string): boolean {
  try {
    const [a, b] = [before, after].map((text) =>
      canonical(parseModule(text, path).program, new Map()),
    );
    return a === b;
  } catch (error) {
    // A broken generated file is simply replaced.
    if (error instanceof CodegenError) return false;
    throw error;
  }
}
