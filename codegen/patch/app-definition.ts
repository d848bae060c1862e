// How an app's convex.config.ts says which components it uses, and where another one is added. What a component is
// called, and what to say where it cannot be added, is the caller's business. Text only; stages nothing.
import type { CallExpression, Node, Statement } from "@babel/types";
import { convexAppElsewhere, convexAppNotDefined, noConvexApp } from "../errors/edits-backend.js";
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

/** Every `app.use(...)`. */
export function listUses(module: Module): CallExpression[] {
  return listCalls(module).filter((call) => methodOf(call)?.name === "use");
}

/** The name that `app.use(component, { name })` gives; undefined for the component's own. */
export function mountedName(use: CallExpression): string | undefined {
  const [, options] = use.arguments;
  if (options?.type !== "ObjectExpression") return undefined;
  const member = findProperty(options, "name");
  return member?.type === "ObjectProperty" && member.value.type === "StringLiteral"
    ? member.value.value
    : undefined;
}

/** What the used component is imported from. */
export function sourceOf(
  module: Module,
  { arguments: [component] }: CallExpression,
): string | undefined {
  const local = component?.type === "Identifier" ? component.name : undefined;
  return listImports(module).find((one) => one.imported === "default" && one.local === local)
    ?.source;
}

/** The name in `components`: what the app says, else what the component most likely has, as its folder or package. */
export function nameOf(module: Module, use: CallExpression): string | undefined {
  const source = sourceOf(module, use) ?? "";
  return mountedName(use) ?? /(?:^|\/)([\w-]+)\/convex\.config(?:\.js)?$/.exec(source)?.[1];
}

/**
 * The module with the component imported, and `app.use(component)` below the components that the app uses.
 *
 * @throws CodegenError `CONVEX_CONFIG_UNKNOWN_FORM`
 */
export function useComponent(module: Module, { source, local }: Component): string {
  const app = findApp(module, { source, local });
  const editor = openEditor(module);
  const component = addImport(editor, { source, name: "default", local });
  if (app.kind === "inline") mountInline(editor, app, component);
  else {
    const below = lastUse(module, app, listUses(module)) ?? app.statement;
    insertAfter(editor, below, [endStatement(editor, `${app.name}.use(${component})`)]);
  }
  return finishEdit(editor);
}

// --- internal ---

/** Where a component comes from, and what code calls it, for messages. */
type Component = { readonly source: string; readonly local: string };

const DEFINE_APP = { source: "convex/server", name: "defineApp" } as const;

type App =
  | { readonly kind: "named"; readonly name: string; readonly statement: Statement }
  | { readonly kind: "inline"; readonly node: Node; readonly statement: Statement };

function findApp(module: Module, component: Component): App {
  const found = findDefaultExport(module);
  const at = locationOf(module, found?.statement);
  const lines = linesOf(component);
  if (found?.kind !== "expression")
    throw found
      ? convexAppElsewhere({ at, source: found.source, lines })
      : noConvexApp({ at, lines });
  const node = unwrap(found.node);
  if (!isCallOf(module, resolveExpression(module, node), DEFINE_APP))
    throw convexAppNotDefined({ at, lines });
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

function linesOf({ source, local }: Component): string[] {
  return [
    "// where the app is defined",
    `import ${local} from "${source}";`,
    "",
    `app.use(${local});`,
  ];
}
