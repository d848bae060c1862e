// Lets an app's own auth.ts serve an app on another site. Pure: text in, text out.
import type { Node, ObjectExpression } from "@babel/types";
import {
  addImport,
  finishEdit,
  findDefaultExport,
  locationOf,
  openEditor,
  resolveExpression,
  type Module,
} from "../edit/index.js";
import { isCallOf, listCalls } from "./calls.js";
import { addPlugins } from "./plugins.js";
import { manualEdit, type Patch } from "./types.js";

/**
 * Adds `crossDomain(...)` to the plugins of auth.ts.
 *
 * @param input.plugin the call, as code
 * @throws CodegenError `AUTH_UNKNOWN_FORM`
 */
export function patchAuth(module: Module, { plugin }: { readonly plugin: string }): Patch {
  if (listCalls(module).some((call) => isCallOf(module, call, CROSS_DOMAIN)))
    return { text: undefined };
  const options = findOptions(module);
  const editor = openEditor(module);
  const name = addImport(editor, CROSS_DOMAIN);
  const call = plugin.replace(/^crossDomain/, name).replaceAll('"', editor.style.quote);
  if (!options || !addPlugins(editor, options, [call])) throw unknownForm(module, plugin);
  return { text: finishEdit(editor) };
}

// --- internal ---

const CROSS_DOMAIN = { source: "kitcn/auth", name: "crossDomain" } as const;

/** The object that `export default defineAuth(() => ({ ... }))` returns. */
function findOptions(module: Module): ObjectExpression | undefined {
  const found = findDefaultExport(module);
  if (found?.kind !== "expression") return undefined;
  const made = resolveExpression(module, found.node);
  const definition = made.type === "CallExpression" ? made.arguments[0] : made;
  const returned = definition && returnedBy(resolveExpression(module, definition));
  const options = returned && resolveExpression(module, returned);
  return options?.type === "ObjectExpression" ? options : undefined;
}

function returnedBy(definition: Node): Node | undefined {
  if (
    definition.type !== "ArrowFunctionExpression" &&
    definition.type !== "FunctionExpression" &&
    definition.type !== "FunctionDeclaration"
  )
    return undefined;
  const { body } = definition;
  if (body.type !== "BlockStatement") return body;
  const last = body.body.at(-1);
  return last?.type === "ReturnStatement" ? (last.argument ?? undefined) : undefined;
}

function unknownForm(module: Module, plugin: string) {
  return manualEdit({
    code: "AUTH_UNKNOWN_FORM",
    at: locationOf(module, findDefaultExport(module)?.statement),
    reason:
      "its plugins are not a list that can be added to, and your app runs on another site than its auth routes.",
    lines: [
      `import { crossDomain } from "${CROSS_DOMAIN.source}";`,
      "",
      `plugins: [/* yours */, ${plugin}]`,
    ],
  });
}
