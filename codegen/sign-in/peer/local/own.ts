// Makes an author's functions inside a component functions of the app: internal ones, because nobody but the app's own
// functions could call them. Their tables are the app's now, by the same names. Pure but for where imports lead.
import { join } from "node:path";
import type { ImportDeclaration, Node } from "@babel/types";
import {
  endOf,
  finishEdit,
  listImports,
  openEditor,
  removeOrphanedImports,
  startOf,
  textOf,
  walk,
  type Editor,
  type Module,
} from "../../../edit/index.js";
import { relativeSpecifier } from "../../../load/module-resolution.js";
import { targetsOf } from "../../../modules/resolve.js";
import type { Workspace } from "../../../workspace/stage.js";
import { removeStatement, startWithComment } from "../../common/edit-server.js";
import { mentionsAtTop } from "../../common/mentions.js";
import { functionsPath } from "./component.js";

/** A place in a module, by what it is called in a report. */
export type LeftNode = { readonly name: string; readonly node: Node };

/** `text` is undefined for a module that stays as it is. */
export type Edited = { readonly text: string | undefined; readonly left: readonly LeftNode[] };

export type OwnInput = {
  readonly module: Module;
  readonly folder: string;
  /** Files that are removed. */
  readonly going: readonly string[];
  readonly extension: "" | ".js";
  /** Statements that only the CLI of Better Auth reads, as they are written. */
  readonly standIns: readonly string[];
};

/** Edits one module of the folder. */
export function editOwn(ws: Workspace, input: OwnInput): Edited {
  const { module, folder } = input;
  const editor = openEditor(module);
  const left: LeftNode[] = [];
  const renamed = new Map<string, string>();
  const declarations = new Set(listImports(module).map(({ declaration }) => declaration));
  for (const declaration of declarations) {
    const source = declaration.source.value;
    const targets = targetsOf(ws, source, module.path).map(withoutEnding);
    const generated = ["server", "dataModel", "api"].find((name) =>
      targets.includes(join(folder, "_generated", name)),
    );
    if (generated !== undefined) {
      pointAt(editor, declaration, {
        to: join(ws.project.functionsDir, "_generated", `${generated}.ts`),
        extension: input.extension,
      });
      if (generated === "server") editBuilders(editor, declaration, renamed);
      if (generated === "api")
        left.push(...editReferences(ws, editor, { declaration, folder, renamed }));
      continue;
    }
    if (source === "convex/server") left.push(...publicBuilders(declaration));
    const gone = input.going.some((one) => targets.includes(withoutEnding(one)));
    if (!gone) continue;
    const isSchema = targets.includes(join(folder, "schema")) && importsDefaultOnly(declaration);
    if (isSchema)
      pointAt(editor, declaration, {
        to: join(ws.project.functionsDir, "schema.ts"),
        extension: input.extension,
      });
  }
  rename(editor, renamed);
  const gone = module.program.body.filter((one) => input.standIns.includes(textOf(module, one)));
  for (const one of gone) removeStatement(editor, one, startWithComment(module, one));
  removeOrphanedImports(editor, new Set(gone));
  const text = finishEdit(editor);
  return { text: text === module.text ? undefined : text, left };
}

/**
 * Has a module outside of the folder take its types from the app's own: those of documents, which are of the same
 * tables, and that of the auth instance, by which clients know the fields of users.
 */
export function editTypes(
  ws: Workspace,
  input: Omit<OwnInput, "going" | "standIns">,
): string | undefined {
  const { module, folder, extension } = input;
  const editor = openEditor(module);
  const [types, instance] = [join(folder, "_generated", "dataModel"), join(folder, "auth")];
  for (const declaration of new Set(listImports(module).map((one) => one.declaration))) {
    const targets = targetsOf(ws, declaration.source.value, module.path).map(withoutEnding);
    const to = targets.includes(types)
      ? "_generated/dataModel.ts"
      : targets.includes(instance) && importsInstanceType(module, declaration)
        ? "generated/auth.ts"
        : undefined;
    if (to === undefined) continue;
    // What only types mention, no module has to load.
    if (to !== "_generated/dataModel.ts" && !isTypeImport(declaration))
      editor.edits.appendLeft(startOf(declaration) + "import".length, " type");
    pointAt(editor, declaration, { to: join(ws.project.functionsDir, to), extension });
  }
  const text = finishEdit(editor);
  return text === module.text ? undefined : text;
}

// --- internal ---

const INTERNAL: Readonly<Record<string, string>> = {
  query: "internalQuery",
  mutation: "internalMutation",
  action: "internalAction",
};

/** They make functions that browsers can call, once the folder is a part of the app. */
const PUBLIC: ReadonlySet<string> = new Set(["queryGeneric", "mutationGeneric", "actionGeneric"]);

function withoutEnding(path: string): string {
  return path.replace(/(\.d)?\.[cm]?[jt]sx?$/, "");
}

function pointAt(
  { module, edits }: Editor,
  { source }: ImportDeclaration,
  { to, extension }: { readonly to: string; readonly extension: "" | ".js" },
): void {
  const [quote = '"'] = textOf(module, source);
  const text = relativeSpecifier(module.path, to, extension);
  edits.update(startOf(source), endOf(source), quote + text + quote);
}

/** `auth` for its type: the name that Better Auth's CLI wants, and kitcn's generated module has. */
function importsInstanceType(module: Module, declaration: ImportDeclaration): boolean {
  const { specifiers } = declaration;
  const isOnlyTyped = (name: string) =>
    mentionsAtTop(module, name).every(({ node }) => node.type === "TSTypeQuery");
  // An import without names runs the module, and takes no type.
  return (
    specifiers.length > 0 &&
    specifiers.every(
      (one) =>
        one.type === "ImportSpecifier" &&
        (isTypeImport(declaration) || isOnlyTyped(one.local.name)) &&
        one.imported.type === "Identifier" &&
        one.imported.name === "auth",
    )
  );
}

/** `import type { auth }`, or `import { type auth }`. */
function isTypeImport({ importKind, specifiers }: ImportDeclaration): boolean {
  return (
    importKind === "type" ||
    (specifiers.length > 0 &&
      specifiers.every((one) => one.type === "ImportSpecifier" && one.importKind === "type"))
  );
}

function importsDefaultOnly({ specifiers }: ImportDeclaration): boolean {
  return (
    specifiers.length > 0 &&
    specifiers.every((one) => {
      if (one.type === "ImportDefaultSpecifier") return true;
      return (
        one.type === "ImportSpecifier" &&
        one.imported.type === "Identifier" &&
        one.imported.name === "default"
      );
    })
  );
}

/** Writes `internalQuery` where `query` is imported, once. */
function editBuilders(
  { module, edits }: Editor,
  { specifiers }: ImportDeclaration,
  renamed: Map<string, string>,
): void {
  const locals = new Set(listImports(module).map(({ local }) => local));
  const named = specifiers.filter((one) => one.type === "ImportSpecifier");
  if (named.length !== specifiers.length) return;
  const texts = named.map((one) => {
    const imported = one.imported.type === "Identifier" ? one.imported.name : one.imported.value;
    const wanted = one.importKind === "type" ? undefined : INTERNAL[imported];
    if (wanted === undefined) return textOf(module, one);
    if (one.local.name !== imported) return `${wanted} as ${one.local.name}`;
    renamed.set(imported, wanted);
    return locals.has(wanted) ? undefined : wanted;
  });
  const [first, last] = [named[0], named.at(-1)];
  if (!first || !last) return;
  const kept = texts.filter((one) => one !== undefined);
  edits.update(startOf(first), endOf(last), kept.join(", "));
}

/** A property of that name is another thing: `ctx.db.query`. */
function rename({ module, edits }: Editor, renamed: ReadonlyMap<string, string>): void {
  if (renamed.size === 0) return;
  const look = (node: Node): boolean | void => {
    if (node.type === "ImportDeclaration") return false;
    if (node.type === "MemberExpression" && !node.computed) {
      walk(node.object, look);
      return false;
    }
    if (node.type === "ObjectProperty" && !node.computed) {
      const name = node.shorthand && node.value.type === "Identifier" ? node.value.name : undefined;
      const wanted = name === undefined ? undefined : renamed.get(name);
      if (wanted !== undefined) edits.appendLeft(endOf(node), `: ${wanted}`);
      else walk(node.value, look);
      return false;
    }
    const wanted = node.type === "Identifier" ? renamed.get(node.name) : undefined;
    if (wanted !== undefined) edits.update(startOf(node), endOf(node), wanted);
  };
  walk(module.program, look);
}

/** `api.users.get` and `internal.users.get` of the component, which are below its folder in the app. */
function editReferences(
  ws: Workspace,
  { module, edits }: Editor,
  input: {
    readonly declaration: ImportDeclaration;
    readonly folder: string;
    readonly renamed: Map<string, string>;
  },
): LeftNode[] {
  const { declaration, folder, renamed } = input;
  const others = declaration.specifiers.filter(
    (one) =>
      one.type !== "ImportSpecifier" || !/^(api|internal)$/.test(textOf(module, one.imported)),
  );
  const [first, last] = [declaration.specifiers[0], declaration.specifiers.at(-1)];
  if (!first || !last) return [];
  if (others.length > 0) return others.map((node) => ({ name: textOf(module, node), node }));
  for (const { local } of declaration.specifiers)
    renamed.set(local.name, `internal.${functionsPath(ws, folder)}`);
  edits.update(startOf(first), endOf(last), "internal");
  return [];
}

function publicBuilders({ specifiers }: ImportDeclaration): LeftNode[] {
  return specifiers.flatMap((node) => {
    if (node.type !== "ImportSpecifier" || node.imported.type !== "Identifier") return [];
    const { name } = node.imported;
    return PUBLIC.has(name) ? [{ name, node }] : [];
  });
}
