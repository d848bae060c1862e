// Mounts kitcn's component in a user's convex.config.ts. Pure: text in, text out; refuses what it does
// not understand.
import type { CallExpression, Node, Statement } from "@babel/types";
import {
  addImport,
  findDefaultExport,
  findProperty,
  finishEdit,
  freeName,
  listImports,
  locationOf,
  openEditor,
  resolveExpression,
  startOf,
  textOf,
  unwrap,
  type Editor,
  type Module,
} from "../edit/index.js";
import { bindingOf, isCallOf, listCalls, methodOf, statementOf } from "./calls.js";
import { endStatement, insertAfter, startWithComments } from "./statements.js";
import { manualEdit, type Patch } from "./types.js";

/** The name under which the runtime looks for the component: `components.auth`. */
export const COMPONENT_NAME = "auth";

/** The component of this package, or the one that codegen wrote into the app. */
export type ComponentSource = "packaged" | "local";

/** What convex.config.ts imports the component from. */
export function componentSource(from: ComponentSource, extension: "" | ".js"): string {
  return from === "local" ? `${LOCAL_SOURCE}${extension}` : COMPONENT_SOURCE;
}

/**
 * Adds `app.use(authComponent)` to the app definition, or has a mounted one come from where it should.
 *
 * @throws CodegenError `CONVEX_CONFIG_UNKNOWN_FORM`, `COMPONENT_RENAMED`, `COMPONENT_NAME_TAKEN`
 * @example
 * patchConvexConfig(parseModule('import { defineApp } from "convex/server";\nexport default defineApp();\n', path));
 */
export function patchConvexConfig(
  module: Module,
  {
    from = "packaged",
    extension = "",
  }: { readonly from?: ComponentSource; readonly extension?: "" | ".js" } = {},
): Patch {
  const source = componentSource(from, extension);
  const uses = listUses(module);
  if (uses.some((use) => isOurs(module, use))) return { text: withSource(module, source) };
  const app = findApp(module, source);
  const editor = openEditor(module);
  const component = addImport(editor, {
    source,
    name: "default",
    local: "authComponent",
  });
  if (app.kind === "inline") mountInline(editor, app, component);
  else {
    const below = lastUse(module, app, uses) ?? app.statement;
    insertAfter(editor, below, [endStatement(editor, `${app.name}.use(${component})`)]);
  }
  return { text: finishEdit(editor) };
}

// --- internal ---

const COMPONENT_SOURCE = "kitcn/convex.config";
const LOCAL_SOURCE = "./components/auth/convex.config";
const OUR_SOURCES = /^(kitcn|\.\/components\/auth)\/convex\.config(\.js)?$/;

function findOurs(module: Module) {
  return listImports(module).find(
    ({ source, imported }) => imported === "default" && OUR_SOURCES.test(source),
  );
}

/** The text with the component imported from `source`; undefined where it is, but for an ending. */
function withSource(module: Module, source: string): string | undefined {
  const found = findOurs(module);
  const bare = (one: string) => one.replace(/\.js$/, "");
  if (!found || bare(found.source) === bare(source)) return undefined;
  const editor = openEditor(module);
  const { start, end } = found.declaration.source;
  const quote = module.text[start ?? 0] ?? '"';
  editor.edits.update(start ?? 0, end ?? 0, `${quote}${source}${quote}`); // the parser always sets both
  return finishEdit(editor);
}
const DEFINE_APP = { source: "convex/server", name: "defineApp" } as const;

type App =
  | { readonly kind: "named"; readonly name: string; readonly statement: Statement }
  | { readonly kind: "inline"; readonly node: Node; readonly statement: Statement };

function listUses(module: Module): CallExpression[] {
  return listCalls(module).filter((call) => methodOf(call)?.name === "use");
}

/** True when the component is mounted here already. Another name, or ours for another component, is refused. */
function isOurs(module: Module, use: CallExpression): boolean {
  const [component, options] = use.arguments;
  const ours = findOurs(module);
  const mounts = component?.type === "Identifier" && component.name === ours?.local;
  const name = mountedName(options);
  if (mounts && name !== undefined && name !== COMPONENT_NAME)
    throw manualEdit({
      code: "COMPONENT_RENAMED",
      at: locationOf(module, use),
      reason: `kitcn's component is mounted as "${name}", and the runtime looks for "${COMPONENT_NAME}".`,
      lines: [`${textOf(module, use.callee)}(${component.name});`],
    });
  if (!mounts && name === COMPONENT_NAME)
    throw manualEdit({
      code: "COMPONENT_NAME_TAKEN",
      at: locationOf(module, use),
      reason: `another component is mounted as "${COMPONENT_NAME}", the name kitcn's component needs.`,
      lines: [
        "// give the other component a name of its own, for example",
        '{ name: "otherAuth" }',
      ],
    });
  return mounts;
}

function mountedName(options: Node | undefined): string | undefined {
  if (options?.type !== "ObjectExpression") return undefined;
  const member = findProperty(options, "name");
  return member?.type === "ObjectProperty" && member.value.type === "StringLiteral"
    ? member.value.value
    : undefined;
}

function findApp(module: Module, source: string): App {
  const found = findDefaultExport(module);
  if (found?.kind !== "expression")
    throw unknownForm(source, {
      at: locationOf(module, found?.statement),
      reason: found ? `its app comes from "${found.source}".` : "it has no default export.",
    });
  const node = unwrap(found.node);
  if (!isCallOf(module, resolveExpression(module, node), DEFINE_APP))
    throw unknownForm(source, {
      at: locationOf(module, found.statement),
      reason: "the default export is not made by defineApp() in this file.",
    });
  const binding = bindingOf(module, node);
  if (!binding) return { kind: "inline", node: found.node, statement: found.statement };
  return { kind: "named", name: binding.name, statement: binding.statement };
}

/** The last top-level statement in which the app uses a component. */
function lastUse(
  module: Module,
  { name, statement }: Extract<App, { kind: "named" }>,
  uses: readonly CallExpression[],
): Statement | undefined {
  const own = uses.filter((use) => {
    const object = methodOf(use)?.object;
    return object?.type === "Identifier" && object.name === name;
  });
  const statements = own.flatMap((use) => statementOf(module, use) ?? []);
  return statements.filter((one) => startOf(one) > startOf(statement)).at(-1);
}

/** `export default defineApp()` gets a name, and the component between. */
function mountInline(
  editor: Editor,
  { node, statement }: Extract<App, { kind: "inline" }>,
  component: string,
): void {
  const { module, edits, style } = editor;
  const name = freeName(module, "app");
  const lines = [
    endStatement(editor, `const ${name} = ${textOf(module, node)}`),
    endStatement(editor, `${name}.use(${component})`),
    "",
    "",
  ];
  edits.appendLeft(startWithComments(module, statement), lines.join(style.eol));
  edits.update(startOf(node), node.end ?? startOf(node), name);
}

function unknownForm(
  source: string,
  { at, reason }: { readonly at: string; readonly reason: string },
) {
  return manualEdit({
    code: "CONVEX_CONFIG_UNKNOWN_FORM",
    at,
    reason,
    lines: [
      "// where the app is defined",
      `import authComponent from "${source}";`,
      "",
      "app.use(authComponent);",
    ],
  });
}
