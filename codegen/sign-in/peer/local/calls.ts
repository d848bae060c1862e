// Rewrites what an app calls in a component that goes: functions of the author, which are functions of the app now.
// So are calls of the component's own functions, where kitcn
// asks the same. What else it takes from `components.<name>` is listed. A text comes back; staging it is leave.ts's business.
import { dirname, join, resolve } from "node:path";
import type { Node } from "@babel/types";
import {
  addImport,
  endOf,
  finishEdit,
  listExports,
  listImports,
  openEditor,
  parseModule,
  removeImports,
  startOf,
  textOf,
  walk,
  type Editor,
  type Module,
} from "../../../edit/index.js";
import { memberName } from "../../../modules/names.js";
import { isCallOf } from "../../../patch/calls.js";
import { findFunctionsModule, findModule } from "../../../workspace/find.js";
import type { Workspace } from "../../../workspace/stage.js";
import { importFree } from "../../common/edit-server.js";
import { contextOf } from "../context-of.js";
import { PEER } from "../../common/libraries.js";
import { nodesAround } from "../../common/references.js";
import { relativeSpecifier } from "../../../load/module-resolution.js";
import { adapterCallAt, deletion, lookUp } from "./adapter-calls.js";
import type { Mount } from "./component.js";
import { REFERENCES, stageReferences } from "./references.js";
import type { Edited, LeftNode } from "./own.js";
import { placeOf } from "../../common/places.js";

export type CallsInput = {
  readonly module: Module;
  readonly mounts: readonly Mount[];
  /** Modules of the folder that stay. */
  readonly kept: ReadonlySet<string>;
  /** How relative imports of the functions directory end. */
  readonly extension: "" | ".js";
  /** Whether the app's schema gets the tables. */
  readonly hasTables: boolean;
};

/** True for a module that may take something from one of these components. */
export function mentionsComponent({ text }: Module, names: readonly string[]): boolean {
  return text.includes("components") && names.some((name) => text.includes(name));
}

/** Edits the calls of one module, and stages the module with the references that they need. */
export function editCalls(
  ws: Workspace,
  input: CallsInput,
): Edited & { readonly notes: readonly string[] } {
  const { module, mounts, kept, extension } = input;
  const notes: string[] = [];
  const editor = openEditor(module);
  const left: LeftNode[] = [];
  const sources = new Set<string>();
  for (const { chain, names, source } of chainsIn(module)) {
    const [name = "", ...path] = names;
    const mount = mounts.find((one) => one.name === name);
    if (!mount || isOfClient(module, chain)) continue;
    const changed = editAdapterCall(ws, editor, { chain, hasTables: input.hasTables, extension });
    if (changed !== undefined) {
      sources.add(source);
      notes.push(...changed);
      continue;
    }
    const home = mount.folder && findModule(ws, join(mount.folder, ...path.slice(0, -1)));
    if (mount.folder === undefined || home === undefined || !kept.has(home)) {
      left.push({ name: textOf(module, chain), node: chain });
      continue;
    }
    const to = stageReferences(ws, { folder: mount.folder, kept, extension });
    const references = addImport(editor, {
      source: relativeSpecifier(module.path, to, extension),
      name: REFERENCES,
    });
    const reference = [references, ...path].join(".");
    editor.edits.update(startOf(chain), endOf(chain), reference);
    sources.add(source);
    const given = argumentsOf(module, chain);
    const made = ws.module(home);
    if (!given || !made || !/\.tsx?$/.test(module.path) || !takesIds(made, path.at(-1))) continue;
    // Ids were plain strings on their way into the component.
    const type = addImport(editor, {
      source: "convex/server",
      name: "FunctionArgs",
      typeOnly: true,
    });
    editor.edits.appendLeft(endOf(given), ` as ${type}<typeof ${reference}>`);
  }
  // A second edit: the first may have added to the declaration that this one empties.
  const text =
    sources.size === 0 ? module.text : withoutImports(finishEdit(editor), module, sources);
  return { text: text === module.text ? undefined : text, left, notes };
}

// --- internal ---

/** Rewrites a call of the component's own functions, and gives notes on it; undefined for one that stays. */
function editAdapterCall(
  ws: Workspace,
  editor: Editor,
  input: { readonly chain: Node; readonly hasTables: boolean; readonly extension: "" | ".js" },
): readonly string[] | undefined {
  const { module, edits } = editor;
  const adapter = adapterCallAt(module, input.chain);
  if (!adapter) return undefined;
  const { call, ctx, method, model = "" } = adapter;
  const asId = (value: string, table: string) => {
    if (!/\.tsx?$/.test(module.path)) return value;
    const types = join(ws.project.functionsDir, "_generated/dataModel.ts");
    const source = relativeSpecifier(module.path, types, input.extension);
    const id = addImport(editor, { source, name: "Id", typeOnly: true });
    return `${/^[\w$.?!]+$/.test(value) ? value : `(${value})`} as ${id}<"${table}">`;
  };
  const auth = findFunctionsModule(ws, "auth");
  const isRenamed = auth !== undefined && /\bmodelName\b/.test(ws.read(auth) ?? "");
  const isSure =
    input.hasTables &&
    !isRenamed &&
    adapter.isInFunction &&
    contextOf({ editor, ws }, call) === "database";
  const found = isSure ? lookUp(module, adapter, asId) : undefined;
  if (found !== undefined) {
    edits.update(startOf(call), endOf(call), found);
    const { file, line } = placeOf(ws, { module, node: call });
    return [
      `${file}:${line}: the call of ${method} gives \`Doc<"${model}"> | null\` now, where the component gave \`any\`. If your code does not look for null, the compiler says so.`,
    ];
  }
  const deleted = deletion(module, adapter);
  if (deleted === undefined) return undefined;
  const path = join(ws.project.functionsDir, "generated/auth.ts");
  const from = relativeSpecifier(module.path, path, input.extension);
  const getAuth = importFree(editor, { source: from, name: "getAuth" });
  edits.update(
    startOf(call),
    endOf(call),
    `(await ${getAuth}(${ctx}).$context).adapter.${deleted}`,
  );
  return [];
}

/** `components.betterAuth.users.getUser`, whole. */
type Chain = {
  readonly chain: Node;
  /** Without `components`. */
  readonly names: readonly string[];
  /** Where `components` is imported from. */
  readonly source: string;
};

function chainsIn(module: Module): Chain[] {
  const imports = listImports(module).filter(
    ({ imported, source }) =>
      imported === "components" &&
      /(^|\/)_generated\/api$/.test(resolve(dirname(module.path), source).replace(/\.[jt]s$/, "")),
  );
  const chains: Chain[] = [];
  const look = (node: Node): boolean | void => {
    const names = namesOf(node);
    const root = names && rootOf(node);
    const found = root && imports.find(({ local }) => local === root.name);
    if (!names || !root || !found) return;
    chains.push({ chain: node, names, source: found.source });
    return false;
  };
  walk(module.program, look);
  return chains;
}

function withoutImports(text: string, { path }: Module, sources: ReadonlySet<string>): string {
  const editor = openEditor(parseModule(text, path));
  const wanted = [...sources].map((source) => ({ source, name: "components" }));
  removeImports(editor, wanted, new Set());
  return finishEdit(editor);
}

function namesOf(node: Node): string[] | undefined {
  if (node.type === "Identifier") return [];
  if (node.type !== "MemberExpression") return undefined;
  const above = namesOf(node.object);
  const name = memberName(node);
  return above && name !== undefined ? [...above, name] : undefined;
}

function rootOf(node: Node): Extract<Node, { type: "Identifier" }> | undefined {
  if (node.type === "MemberExpression") return rootOf(node.object);
  return node.type === "Identifier" ? node : undefined;
}

/** The client of the library goes with auth.ts, and is listed there where it stays. */
function isOfClient(module: Module, chain: Node): boolean {
  const [parent] = nodesAround(module, chain);
  const client = { source: PEER.name, name: "createClient" };
  return parent !== undefined && isCallOf(module, parent, client);
}

/** What a function is called with: it follows the reference. */
function argumentsOf(module: Module, chain: Node): Node | undefined {
  const [parent] = nodesAround(module, chain);
  if (parent?.type !== "CallExpression") return undefined;
  return parent.arguments[parent.arguments.findIndex((one) => one === chain) + 1];
}

function takesIds(module: Module, name: string | undefined): boolean {
  return listExports(module, name ?? "default").some(({ statement }) =>
    /\bv\.id\(/.test(textOf(module, statement)),
  );
}
