// Modules of an app that give Convex's provider the tokens of a service by a hook they are handed: what their users
// render is the provider, and the module goes with its last one. Reads.
import type { JSXElement, Node } from "@babel/types";
import {
  keysByName,
  listElements,
  listImports,
  specifiersOf,
  textOf,
  type Module,
} from "../../edit/index.js";
import { findHome, findPackageName } from "../../modules/names.js";
import type { ModuleReader } from "../../modules/resolve.js";
import { statementOf } from "../../patch/calls.js";
import { libraryOf, type Library } from "../common/libraries.js";
import type { Found } from "../common/types.js";

/** The places of such providers, in the stead of those in the modules that wrap Convex's. */
export function throughWrappers(
  found: readonly Found[],
  modules: readonly Module[],
  read: ModuleReader,
): Found[] {
  const wrappers = found.flatMap((one) => wrapperOf(one) ?? []);
  if (wrappers.length === 0) return [...found];
  const uses = modules.flatMap((module) =>
    listElements(module).flatMap((element): Found[] => {
      const wrapper = wrappers.find((one) => isElementOf(one, { module, element }, read));
      const library = wrapper && vendorOf(module, element, read);
      if (!library) return [];
      const shared = { library, module, node: element, name: "ConvexProviderWithAuth" };
      return [{ ...shared, part: "provider", isInTheWay: true }];
    }),
  );
  const replaced = wrappers.filter((wrapper) =>
    uses.some(({ module }) => imports(module, wrapper.module, read)),
  );
  return [...found.filter((one) => !replaced.some(({ place }) => place === one)), ...uses];
}

/** Modules that nothing imports any more, of those with such a provider. */
export function unusedWrappers(
  found: readonly Found[],
  modules: readonly Module[],
  read: ModuleReader,
): Module[] {
  return found
    .flatMap((one) => wrapperOf(one)?.module ?? [])
    .filter(
      (wrapper) => !modules.some((one) => one.path !== wrapper.path && imports(one, wrapper, read)),
    );
}

// --- internal ---

type Wrapper = { readonly place: Found; readonly module: Module; readonly name: string };

/** `export function Name({ client, useAuth, children }) { return <ConvexProviderWithAuth ... /> }` */
function wrapperOf(place: Found): Wrapper | undefined {
  const { module, node, part, name } = place;
  if (part !== "provider" || name !== "ConvexProviderWithAuth") return undefined;
  const statement = statementOf(module, node);
  if (statement?.type !== "ExportNamedDeclaration" || !statement.declaration) return undefined;
  const { declaration } = statement;
  const made = declaration.type === "VariableDeclaration" ? declaration.declarations[0] : undefined;
  const fn = made ? made.init : declaration;
  const id = made ? made.id : declaration.type === "FunctionDeclaration" ? declaration.id : null;
  if (!fn || !("params" in fn) || id?.type !== "Identifier") return undefined;
  const [props] = fn.params;
  const names = props?.type === "ObjectPattern" ? keysByName(props) : undefined;
  return names?.has("useAuth") && names.has("client")
    ? { place, module, name: id.name }
    : undefined;
}

type At = { readonly module: Module; readonly element: JSXElement };

function isElementOf({ module, name }: Wrapper, at: At, read: ModuleReader): boolean {
  if (at.module.path === module.path) return false;
  const spelled = textOf(at.module, at.element.openingElement.name);
  const imported = listImports(at.module).find(({ local }) => local === spelled);
  const behind = imported && read(imported.source, at.module);
  if (!behind || imported.imported !== name) return false;
  return findHome({ module: behind, name }, read)?.path === module.path;
}

/** Whose hook an element is handed. */
function vendorOf(module: Module, element: JSXElement, read: ModuleReader): Library | undefined {
  const attribute = element.openingElement.attributes.find(
    (one) => one.type === "JSXAttribute" && one.name.name === "useAuth",
  );
  const value = attribute?.type === "JSXAttribute" ? attribute.value : undefined;
  const given: Node | undefined =
    value?.type === "JSXExpressionContainer" ? value.expression : undefined;
  const name = given && findPackageName(module, textOf(module, given), read);
  const library = name && libraryOf(name.source);
  return library?.vendor ? library : undefined;
}

function imports(module: Module, home: Module, read: ModuleReader): boolean {
  return [...specifiersOf(module)].some((source) => read(source, module)?.path === home.path);
}
