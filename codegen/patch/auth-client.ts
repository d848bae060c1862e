// Gives an app's own Better Auth client the plugins that Convex needs. Pure: text in, text out.
import type { CallExpression, ObjectExpression } from "@babel/types";
import { clientNotExported, clientPluginsNotList, noReactClient } from "../errors/edits-front.js";
import {
  addImport,
  endOf,
  findProperty,
  finishEdit,
  insertMembers,
  locationOf,
  openEditor,
  resolveExpression,
  type Module,
} from "../edit/index.js";
import { importedBy, listCalls } from "./calls.js";
import { addPlugins } from "./plugins.js";
import type { Patch } from "./types.js";

/**
 * Adds `convexClient()`, and for an app on another site than its auth routes `crossDomainClient()`.
 *
 * @param input.siteUrl an expression: where the auth routes are, when it is not the app's own site
 * @throws CodegenError `AUTH_CLIENT_UNKNOWN_FORM`
 */
export function patchAuthClient(
  module: Module,
  { siteUrl }: { readonly siteUrl: string | undefined },
): Patch {
  const names = ["convexClient", ...(siteUrl === undefined ? [] : ["crossDomainClient"])];
  const missing = names.filter((name) => !isCalled(module, name));
  if (missing.length === 0) return { text: undefined };
  const call = findClientCall(module);
  if (!call) throw unknownForm(module, { missing, call: undefined });
  const editor = openEditor(module);
  const source = sourceFor(module, call);
  const plugins = missing.map((name) => `${addImport(editor, { source, name })}()`);
  const url = siteUrl !== undefined && missing.includes("crossDomainClient") ? siteUrl : undefined;
  const [argument] = call.arguments;
  if (!argument) {
    const members = [...(url ? [`baseURL: ${url}`] : []), `plugins: [${plugins.join(", ")}]`];
    editor.edits.appendLeft(endOf(call) - 1, `{ ${members.join(", ")} }`);
    return { text: finishEdit(editor) };
  }
  const options = resolveExpression(module, argument);
  if (options.type !== "ObjectExpression") throw unknownForm(module, { missing, call });
  if (url && !findProperty(options, "baseURL")) insertMembers(editor, options, [`baseURL: ${url}`]);
  if (!addPlugins(editor, options as ObjectExpression, plugins))
    throw unknownForm(module, { missing, call });
  return { text: finishEdit(editor) };
}

/** The one createAuthClient() of a module; undefined where it has none, or several. */
export function findClientCall(module: Module): CallExpression | undefined {
  const calls = listCalls(module).filter((call) => isClientCall(module, call));
  return calls.length === 1 ? calls[0] : undefined;
}

/** The refusal of a module that has an auth client's place and exports none. */
export function noAuthClient(module: Module) {
  return clientNotExported({
    at: locationOf(module),
    lines: ["// with your client's name", "export { client as authClient };"],
  });
}

// --- internal ---

const SOURCE = "kitcn/auth/client";

/** The same plugins, from the entry without React. */
const SOURCES = [SOURCE, "kitcn/auth/browser"];

function isCalled(module: Module, name: string): boolean {
  return listCalls(module).some((call) => {
    const made = importedBy(module, call.callee);
    return made?.name === name && SOURCES.includes(made.source);
  });
}

/** An app with another framework than React need not have React. */
function sourceFor(module: Module, call: CallExpression): string {
  const made = importedBy(module, call.callee)?.source ?? "";
  return /\/(vue|svelte|solid)$/.test(made) ? "kitcn/auth/browser" : SOURCE;
}

function isClientCall(module: Module, call: CallExpression): boolean {
  const made = importedBy(module, call.callee);
  return (
    made?.name === "createAuthClient" &&
    /^better-auth\/(react|client|vue|svelte|solid)$/.test(made.source)
  );
}

function unknownForm(
  module: Module,
  { missing, call }: { missing: readonly string[]; call: CallExpression | undefined },
) {
  return (call ? clientPluginsNotList : noReactClient)({
    at: locationOf(module, call),
    lines: [
      `import { ${missing.join(", ")} } from "${SOURCE}";`,
      "",
      "export const authClient = createAuthClient({",
      `  plugins: [${missing.map((name) => `${name}()`).join(", ")}],`,
      "});",
    ],
  });
}
