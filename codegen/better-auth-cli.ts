// What `#create-schema` is under Node: the schema for Better Auth's own CLI, run in an app's folder.
// Loaded by src/ through package.json's "imports" only; writes nothing.
import { createSchema as printSchema, type CreatedSchema } from "./commands/create-schema.js";
import { loadProject } from "./disk/project.js";
import { loadAuth } from "./load/load-auth.js";
import type { SourceTables } from "./plan/types.js";
import { openWorkspace } from "./workspace/stage.js";

/**
 * The text of the app's schema.ts with the auth tables.
 *
 * @param input.tables as the hook gets them. Default: those of auth.ts
 * @throws CodegenError as `kitcn add auth --schema` does
 */
export async function createSchema(input: {
  readonly file?: string | undefined;
  readonly tables?: unknown;
}): Promise<CreatedSchema> {
  const project = loadProject(process.cwd());
  const { file } = input;
  if (input.tables === undefined) {
    const { tables, options } = await loadAuth(openWorkspace(project));
    return printSchema({ project, file, tables, options });
  }
  // What getAuthTables gave to the adapter.
  return printSchema({ project, file, tables: input.tables as SourceTables });
}
