// Mounts kitcn's component in a user's convex.config.ts. Pure: text in, text out; refuses what it does
// not understand.
import type { CallExpression } from "@babel/types";
import { componentNameTaken, componentRenamed } from "../errors/edits-backend.js";
import {
  finishEdit,
  listImports,
  locationOf,
  openEditor,
  textOf,
  type Module,
} from "../edit/index.js";
import { listUses, mountedName, useComponent } from "./app-definition.js";
import type { Patch } from "./types.js";

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
  return { text: useComponent(module, { source, local: "authComponent" }) };
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

/** True when the component is mounted here already. Another name, or ours for another component, is refused. */
function isOurs(module: Module, use: CallExpression): boolean {
  const [component] = use.arguments;
  const ours = findOurs(module);
  const mounts = component?.type === "Identifier" && component.name === ours?.local;
  const name = mountedName(use);
  if (mounts && name !== undefined && name !== COMPONENT_NAME)
    throw componentRenamed({
      at: locationOf(module, use),
      name,
      wanted: COMPONENT_NAME,
      lines: [`${textOf(module, use.callee)}(${component.name});`],
    });
  if (!mounts && name === COMPONENT_NAME)
    throw componentNameTaken({
      at: locationOf(module, use),
      name,
      lines: [
        "// give the other component a name of its own, for example",
        '{ name: "otherAuth" }',
      ],
    });
  return mounts;
}
