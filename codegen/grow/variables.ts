// Makes room for the variables of what was added: their names in convex/.env, and in the app's own getEnv.
// Stages edits; knows no value.
import { envFileOf } from "../disk/project.js";
import {
  addImport,
  findProperty,
  finishEdit,
  insertMembers,
  listBindings,
  openEditor,
} from "../edit/index.js";
import { patchEnvFile } from "../env/env-file.js";
import { planGitignore } from "../env/gitignore.js";
import type { Workspace } from "../workspace/stage.js";

/** A variable of the deployment, and what it is for. */
export type NewVariable = { readonly name: string; readonly comment?: string };

/**
 * Stages the names of variables that are not there yet.
 *
 * @param input.getEnv path of the module with the app's `getEnv`, where auth.ts reads variables through it
 */
export async function planVariables(
  ws: Workspace,
  {
    variables,
    getEnv,
  }: { readonly variables: readonly NewVariable[]; readonly getEnv: string | undefined },
): Promise<void> {
  if (variables.length === 0) return;
  const path = envFileOf(ws.project);
  const before = ws.read(path);
  const defaults = variables.map((one) => ({ ...one, value: "" }));
  const after = patchEnvFile(before, defaults);
  if (after !== undefined) ws.stage(path, after);
  await planGitignore(ws, path);
  if (getEnv !== undefined) declareIn(ws, getEnv, variables);
}

// --- internal ---

/** `server: { SITE_URL: z.url(), NAME: z.string().optional() }`. */
function declareIn(ws: Workspace, path: string, variables: readonly NewVariable[]): void {
  const module = ws.module(path);
  const call = module && listBindings(module).get("getEnv")?.init;
  const options = call?.type === "CallExpression" ? call.arguments[0] : undefined;
  const server = options?.type === "ObjectExpression" ? findProperty(options, "server") : undefined;
  const names = server?.type === "ObjectProperty" ? server.value : undefined;
  // readsEnv() looked at the form of the module before anybody decided for getEnv.
  if (!module || names?.type !== "ObjectExpression") throw new Error(`${path} has no getEnv.`);
  const missing = variables.filter(({ name }) => findProperty(names, name) === undefined);
  const editor = openEditor(module);
  const z = addImport(editor, { source: "zod", name: "z" });
  insertMembers(
    editor,
    names,
    missing.map(({ name }) => `${name}: ${z}.string().optional()`),
  );
  ws.stage(path, finishEdit(editor));
}
