// Finds the options of auth.ts as they are written, and the lists and objects in them, in whichever module of the app
// they are. By syntax; runs nothing. What is computed is not found, and its caller says so.
import type { ArrayExpression, Node, ObjectExpression, Statement } from "@babel/types";
import {
  findProperty,
  isFunction,
  listBindings,
  listExports,
  returnsIn,
  unwrap,
  walk,
  type Module,
} from "../edit/index.js";
import { createScope, findHome, type Located, type Scope } from "./names.js";
import type { ModuleReader } from "./resolve.js";

/** The object that the definition in auth.ts returns. */
export type OptionsPlace = {
  readonly module: Module;
  readonly node: ObjectExpression;
  /** Statements of the definition's own body: names that the module itself does not have. */
  readonly locals: readonly Statement[];
};

/** A property of options: missing, a literal, or something else that only running it tells. */
export type PropertyPlace<N extends Node> =
  | { readonly kind: "absent" }
  | { readonly kind: "literal"; readonly module: Module; readonly node: N }
  | { readonly kind: "computed"; readonly module: Module; readonly node: Node };

/** The function that auth.ts gives to `defineAuth`. */
export type DefinitionPlace = Located & {
  /** It stands in the call itself, so that TypeScript knows what it is called with. */
  readonly isArgument: boolean;
};

/** The function of `export default defineAuth(() => ({ ... }))`, in any of its spellings. */
export function findDefinition(module: Module, read: ModuleReader): DefinitionPlace | undefined {
  const home = findHome({ module, name: "default" }, read);
  const [found] = home ? listExports(home, "default") : [];
  if (!home || !found || found.kind === "from") return undefined;
  const scope = createScope(read);
  const node = found.kind === "expression" ? found.node : listBindings(home).get(found.local)?.init;
  if (!node) return undefined;
  const made = follow({ module: home, node }, { scope, locals: [] });
  const [argument] = made.node.type === "CallExpression" ? made.node.arguments : [];
  const definition = argument
    ? follow({ module: made.module, node: argument }, { scope, locals: [] })
    : made;
  return { ...definition, isArgument: definition.node === argument };
}

/**
 * A return of options before the definition's last one, such as those of production. Who edits the last one alone leaves
 * it without what was added.
 */
export function findEarlierReturn(module: Module, read: ModuleReader): Located | undefined {
  const definition = findDefinition(module, read);
  const [earlier, ...others] =
    definition && isFunction(definition.node) ? returnsIn(definition.node) : [];
  return definition && earlier && others.length > 0
    ? { module: definition.module, node: earlier }
    : undefined;
}

/** The options that the definition returns; undefined where it returns them in several places. */
export function findOptions(module: Module, read: ModuleReader): OptionsPlace | undefined {
  const definition = findDefinition(module, read);
  const returned = definition && returnedBy(definition.node);
  if (!returned) return undefined;
  const scope = createScope(read);
  const { locals } = returned;
  const options = follow({ module: definition.module, node: returned.node }, { scope, locals });
  if (options.node.type !== "ObjectExpression") return undefined;
  const isHere = options.module === definition.module;
  return { module: options.module, node: options.node, locals: isHere ? locals : [] };
}

/** A list among the options, as `plugins`. */
export function findList(
  options: OptionsPlace,
  name: string,
  read: ModuleReader,
): PropertyPlace<ArrayExpression> {
  return findLiteral(options, { name, read, is: (node) => node.type === "ArrayExpression" });
}

/** An object among the options, as `socialProviders`. */
export function findObject(
  options: OptionsPlace,
  name: string,
  read: ModuleReader,
): PropertyPlace<ObjectExpression> {
  return findLiteral(options, { name, read, is: (node) => node.type === "ObjectExpression" });
}

/** What an expression in the options is made by, as far as names lead. */
export function followIn(
  at: Located,
  { locals }: Pick<OptionsPlace, "locals">,
  read: ModuleReader,
): Located {
  return follow(at, { scope: createScope(read), locals });
}

/** Visits an expression in the options, and what the names in it stand for: under conditions and in functions, too. */
export function walkIn(
  at: Located,
  options: Pick<OptionsPlace, "locals">,
  { read, visit }: { readonly read: ModuleReader; readonly visit: (at: Located) => void },
): void {
  const seen = new Set<Node>();
  const look = (one: Located) => {
    const { module, node } = followIn(one, options, read);
    if (seen.has(node)) return;
    seen.add(node);
    walk(node, (inner) => {
      visit({ module, node: inner });
      if (inner.type === "Identifier") look({ module, node: inner });
    });
  };
  look(at);
}

// --- internal ---

function findLiteral<N extends Node>(
  options: OptionsPlace,
  { name, read, is }: { name: string; read: ModuleReader; is: (node: Node) => boolean },
): PropertyPlace<N> {
  const { module, node } = options;
  const member = findProperty(node, name);
  if (!member) {
    const spread = node.properties.find(({ type }) => type === "SpreadElement");
    return spread ? { kind: "computed", module, node: spread } : { kind: "absent" };
  }
  if (member.type !== "ObjectProperty") return { kind: "computed", module, node: member };
  const found = followIn({ module, node: member.value }, options, read);
  return is(found.node)
    ? { kind: "literal", module: found.module, node: found.node as N } // as `is` says
    : { kind: "computed", module: found.module, node: found.node };
}

type Names = { readonly scope: Scope; readonly locals: readonly Statement[] };

/** Names of the definition's body win over those of its module. */
function follow(
  at: Located,
  { scope, locals }: Names,
  seen: ReadonlySet<Node> = new Set(),
): Located {
  const node = unwrap(at.node);
  const here = { module: at.module, node };
  if (seen.has(node)) return here;
  const past = new Set([...seen, node]);
  const own =
    node.type === "Identifier" && declaredIn([...locals, ...at.module.program.body], node.name);
  if (own) return follow({ module: at.module, node: own }, { scope, locals }, past);
  const found = scope.follow(here);
  return found.node === node ? found : follow(found, { scope, locals: [] }, past);
}

/** What statements give a name: the value of a const, or a function. */
function declaredIn(statements: readonly Statement[], name: string): Node | undefined {
  for (const statement of statements) {
    const declared =
      statement.type === "ExportNamedDeclaration" ? statement.declaration : statement;
    if (declared?.type === "FunctionDeclaration" && declared.id?.name === name) return declared;
    if (declared?.type !== "VariableDeclaration" || declared.kind !== "const") continue;
    const found = declared.declarations.find(
      ({ id }) => id.type === "Identifier" && id.name === name,
    );
    if (found?.init) return found.init;
  }
  return undefined;
}

function returnedBy(
  definition: Node,
): { readonly node: Node; readonly locals: readonly Statement[] } | undefined {
  if (!isFunction(definition)) return undefined;
  const { body } = definition;
  if (body.type !== "BlockStatement") return { node: body, locals: [] };
  const last = body.body.at(-1);
  const isOnly = returnsIn(definition).length === 1;
  if (last?.type !== "ReturnStatement" || !last.argument || !isOnly) return undefined;
  return { node: last.argument, locals: body.body };
}
