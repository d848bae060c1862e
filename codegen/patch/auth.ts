// Lets an app's own auth.ts serve an app on another site. Pure: text in, text out.
import {
  authFileTaken,
  optionsNotListsForExpo,
  pluginsNotListForSite,
} from "../errors/edits-backend.js";
import {
  addImport,
  finishEdit,
  findDefaultExport,
  listImports,
  locationOf,
  openEditor,
  parseModule,
  stripTypes,
  walk,
  type Module,
} from "../edit/index.js";
import { findOptions } from "../modules/auth-options.js";
import type { ImportedName } from "../modules/names.js";
import { isCallOf, listCalls } from "./calls.js";
import { addPlugins, addToList } from "./plugins.js";
import type { Patch } from "./types.js";

/**
 * Adds `crossDomain(...)` to the plugins of auth.ts; for an Expo app also `expo()`, and its origin to `trustedOrigins`.
 *
 * @param reached auth.ts and the modules that it imports: the plugins may be in any of them
 * @param input.plugin the call of crossDomain, as code
 * @param input.origin of an Expo app, as `notes://`
 * @throws CodegenError `AUTH_UNKNOWN_FORM`
 */
export function patchAuth(module: Module, reached: readonly Module[], input: OtherSite): Patch {
  const { plugin, origin } = input;
  const hasExpo = reached.some((one) => calls(one, [EXPO]));
  const missing = [
    ...(reached.some(callsCrossDomain) ? [] : [{ ...CROSS_DOMAIN, call: plugin }]),
    ...(origin === undefined || hasExpo ? [] : [{ ...EXPO, call: "expo()" }]),
  ];
  const isTrusted = origin === undefined || reached.some((one) => isNamed(one, origin));
  if (missing.length === 0 && isTrusted) return { text: undefined };
  // Options of another module are edited by their author.
  const options = findOptions(module, () => undefined)?.node;
  if (!options) throw unknownForm(module, { ...input, missing, isTrusted });
  const editor = openEditor(module);
  const quoted = (code: string) => code.replaceAll('"', editor.style.quote);
  const added = missing.map(({ source, name, call }) =>
    quoted(call.replace(/^\w+/, addImport(editor, { source, name }))),
  );
  const origins = isTrusted ? [] : [quoted(JSON.stringify(origin))];
  // Where they are computed with links of apps, an app that has expo() already works with them.
  const isDone =
    addPlugins(editor, options, added) &&
    (addToList(editor, options, { name: "trustedOrigins", items: origins }) ||
      (hasExpo && reached.some(namesLinks)));
  if (!isDone) throw unknownForm(module, { ...input, missing, isTrusted });
  return { text: finishEdit(editor) };
}

/** True for a module that makes the plugin for an app on another site. */
export function callsCrossDomain(module: Module): boolean {
  return calls(module, [CROSS_DOMAIN, { ...CROSS_DOMAIN, source: "kitcn/auth/plugin" }]);
}

/**
 * Adds the definition to an auth.ts that has none, such as one of the app's own helpers. Its lines stay.
 *
 * @param definition the auth.ts that an app without one is given; an auth.js gets it without types
 * @throws CodegenError `AUTH_FILE_TAKEN` where a name that it needs is something else's
 */
export function addDefinition(module: Module, definition: string): Patch {
  if (findDefaultExport(module)) return { text: undefined };
  const isPlain = /\.[cm]?jsx?$/.test(module.path);
  const text = isPlain ? stripTypes(definition) : definition;
  const ours = parseModule(text, module.path);
  const editor = openEditor(module);
  for (const { source, imported, local } of listImports(ours))
    if (addImport(editor, { source, name: imported, local }) !== local)
      throw nameTaken(module, { local, text });
  const at = text.indexOf(COMMENT);
  const code = text.slice(at === -1 ? text.indexOf("export default") : at).trimEnd();
  const { eol, quote } = editor.style;
  const lines = code.replaceAll('"', quote).replaceAll("\n", eol);
  editor.edits.append(`${/(^|\n)$/.test(module.text) ? "" : eol}${eol}${lines}${eol}`);
  return { text: finishEdit(editor) };
}

// --- internal ---

/** How the definition begins in auth.ts as kitcn prints it. */
const COMMENT = "// Your Better Auth options.";

function nameTaken(module: Module, { local, text }: { local: string; text: string }) {
  return authFileTaken({
    at: locationOf(module),
    name: local,
    lines: ["// under other names than yours", ...text.trimEnd().split("\n")],
  });
}

function calls(module: Module, origins: readonly ImportedName[]): boolean {
  const named = origins.filter(({ name }) => module.text.includes(name));
  return (
    named.length > 0 &&
    listCalls(module).some((call) => named.some((one) => isCallOf(module, call, one)))
  );
}

/** True where a text of the module is the origin: in a list somewhere, whoever makes it. */
function isNamed({ program }: Module, origin: string): boolean {
  let isFound = false;
  walk(program, (node) => {
    if (node.type === "StringLiteral" && node.value === origin) isFound = true;
    if (node.type === "TemplateElement" && node.value.cooked === origin) isFound = true;
  });
  return isFound;
}

/** True where the module has a link that is not the web's: `exp://`, or `${scheme}://`. */
function namesLinks({ program }: Module): boolean {
  let isFound = false;
  walk(program, (node) => {
    const isText =
      node.type === "StringLiteral" && /^(?!https?:)[a-z][\w+.-]*:\/\//i.test(node.value);
    const isPart = node.type === "TemplateElement" && /^:\/\//.test(node.value.cooked ?? "");
    isFound ||= isText || isPart;
  });
  return isFound;
}

type OtherSite = { readonly plugin: string; readonly origin?: string | undefined };

/** What auth.ts lacks of it. */
type Lacking = {
  readonly missing: readonly { source: string; name: string; call: string }[];
  readonly isTrusted: boolean;
};

const CROSS_DOMAIN = { source: "kitcn/auth", name: "crossDomain" } as const;
const EXPO = { source: "@better-auth/expo", name: "expo" } as const;

function unknownForm(module: Module, { plugin, origin, ...lacking }: OtherSite & Lacking) {
  if (origin !== undefined) return unknownExpoForm(module, { origin, ...lacking });
  return pluginsNotListForSite({
    at: locationOf(module, findDefaultExport(module)?.statement),
    lines: [
      `import { crossDomain } from "${CROSS_DOMAIN.source}";`,
      "",
      `plugins: [/* yours */, ${plugin}]`,
    ],
  });
}

function unknownExpoForm(
  module: Module,
  { origin, missing, isTrusted }: Lacking & { readonly origin: string },
) {
  const calls = missing.map(({ call }) => call).join(", ");
  return optionsNotListsForExpo({
    at: locationOf(module, findDefaultExport(module)?.statement),
    lines: [
      ...missing.map(({ name, source }) => `import { ${name} } from "${source}";`),
      ...(calls === "" ? [] : ["", `plugins: [/* yours */, ${calls}],`]),
      ...(isTrusted ? [] : [`trustedOrigins: [/* yours */, ${JSON.stringify(origin)}],`]),
    ],
  });
}
