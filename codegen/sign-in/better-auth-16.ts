// What Better Auth 1.6 had that the one of kitcn has otherwise, in an app that comes with it: the client of generic OAuth,
// which is a social provider now, and the answer of `twoFactor.enable()`, which has two forms now. Stages.
import type { ArrayExpression, CallExpression, Node } from "@babel/types";
import {
  endOf,
  findProperty,
  finishEdit,
  openEditor,
  removeItems,
  removeOrphanedImports,
  startOf,
  textOf,
  walk,
  type Editor,
  type Module,
} from "../edit/index.js";
import { isMadeWith } from "../modules/made-with.js";
import { importOf } from "../modules/names.js";
import type { ModuleReader } from "../modules/resolve.js";
import { isCallOf, listCalls } from "../patch/calls.js";
import type { Shell } from "../shell/detect.js";
import type { Workspace } from "../workspace/stage.js";
import type { Found } from "./find.js";
import type { Library } from "./libraries.js";
import { modulesThatRun, openReadable } from "./roots.js";
import { namesOfPattern } from "./vendors/references.js";

/** `text` is undefined for a module that stays as it is. */
export type Raised = {
  readonly text: string | undefined;
  /** Calls that have to change, in a form that kitcn cannot edit. */
  readonly left: readonly { readonly node: Node; readonly name: string }[];
};

/** As reports name it. No import leads to it: the package's name stays. */
const BETTER_AUTH_16: Library = { name: "Better Auth 1.6", sources: /^\b$/ };

/**
 * Edits every module of the app.
 *
 * @returns what kitcn cannot edit, and a note for each file that it edited
 */
export function stageRaised(
  ws: Workspace,
  shell: Shell,
  shorten: (path: string) => string,
): { readonly left: readonly Found[]; readonly notes: readonly string[] } {
  const left: Found[] = [];
  const notes: string[] = [];
  const read = openReadable(ws);
  for (const module of modulesThatRun(ws, shell)) {
    const raised = raiseModule(module, read);
    const shared = { library: BETTER_AUTH_16, part: "use", module, isInTheWay: true } as const;
    left.push(...raised.left.map((one) => ({ ...shared, ...one })));
    if (raised.text === undefined) continue;
    ws.stage(module.path, raised.text);
    notes.push(
      `${shorten(module.path)} calls Better Auth as its version 1.7 has it: docs/from-convex-dev-better-auth.md lists these calls.`,
    );
  }
  return { left, notes };
}

/**
 * Edits one module.
 *
 * @example
 * // authClient.signIn.oauth2({ providerId: "id" }) becomes authClient.signIn.social({ provider: "id" })
 */
export function raiseModule(module: Module, read: ModuleReader): Raised {
  if (!/genericOAuthClient|oauth2|twoFactor/.test(module.text))
    return { text: undefined, left: [] };
  const editor = openEditor(module);
  const gone = new Set<Node>();
  const left = [...removePlugin(editor, gone), ...editCalls(editor, read)];
  removeOrphanedImports(editor, gone);
  const text = finishEdit(editor);
  return { text: text === module.text ? undefined : text, left };
}

// --- internal ---

type Left = Raised["left"];

const PLUGIN = { source: "better-auth/client/plugins", name: "genericOAuthClient" };

/** The calls of generic OAuth, and those of social providers. */
const CALLS: Readonly<Record<string, string>> = {
  "signIn.oauth2": "signIn.social",
  "oauth2.link": "linkSocial",
};

function removePlugin(editor: Editor, gone: Set<Node>): Left {
  const { module } = editor;
  const calls = listCalls(module).filter((call) => isCallOf(module, call, PLUGIN));
  const left: { node: Node; name: string }[] = [];
  for (const call of calls) {
    const list = listWith(module, call);
    if (!list) {
      left.push({ node: call, name: PLUGIN.name });
      continue;
    }
    removeItems(editor, list, [call]);
    gone.add(call);
  }
  return left;
}

function listWith(module: Module, call: CallExpression): ArrayExpression | undefined {
  let found: ArrayExpression | undefined;
  walk(module.program, (node) => {
    if (node.type === "ArrayExpression" && node.elements.includes(call)) found = node;
  });
  return found;
}

function editCalls(editor: Editor, read: ModuleReader): Left {
  const { module, edits } = editor;
  return listCalls(module).flatMap((call) => {
    const { callee } = call;
    const [client = "", ...members] = textOf(module, callee).split(".");
    const name = members.join(".");
    const becomes = CALLS[name];
    if (becomes === undefined && name !== "twoFactor.enable") return [];
    if (!isClient(module, client, read)) return [];
    if (becomes === undefined) {
      editAnswer(editor, call);
      return [];
    }
    const [given] = call.arguments;
    const property =
      given?.type === "ObjectExpression" ? findProperty(given, "providerId") : undefined;
    if (property?.type !== "ObjectProperty") return [{ node: call, name }];
    edits.update(startOf(callee), endOf(callee), `${client}.${becomes}`);
    if (property.shorthand)
      edits.update(startOf(property), endOf(property), "provider: providerId");
    else edits.update(startOf(property.key), endOf(property.key), "provider");
    return [];
  });
}

/** True for what createAuthClient() made, in this module or another one of the app. */
function isClient(module: Module, local: string, read: ModuleReader): boolean {
  const imported = importOf(module, local);
  const home = imported ? read(imported.source, module) : module;
  return ["better-auth/react", "better-auth/client"].some(
    (source) =>
      home !== undefined &&
      isMadeWith(
        { module: home, name: imported?.name ?? local },
        { source, name: "createAuthClient" },
        read,
      ),
  );
}

/** `if (data?.totpURI)` asks for the form of the answer that has it. */
function editAnswer({ module, edits }: Editor, call: CallExpression): void {
  const answer = answerOf(module, call);
  if (answer === undefined) return;
  const { data, scope } = answer;
  walk(scope, (node) => {
    const test =
      node.type === "IfStatement" || node.type === "ConditionalExpression"
        ? node.test
        : node.type === "LogicalExpression" && node.operator === "&&"
          ? node.left
          : undefined;
    const text = test && textOf(module, test);
    if (!test || !(text === `${data}?.totpURI` || text === `${data}.totpURI`)) return;
    edits.update(startOf(test), endOf(test), `${data}?.method === "totp"`);
  });
}

/** How the answer's data is spelled, and the block in which it is. */
function answerOf(module: Module, call: CallExpression) {
  let found: { readonly data: string; readonly scope: Node } | undefined;
  walk(module.program, (scope) => {
    if (scope.type !== "BlockStatement" && scope.type !== "Program") return;
    for (const statement of scope.body)
      for (const { id, init } of statement.type === "VariableDeclaration"
        ? statement.declarations
        : []) {
        if (init?.type !== "AwaitExpression" || init.argument !== call) continue;
        if (id.type === "Identifier") found = { data: `${id.name}.data`, scope };
        if (id.type !== "ObjectPattern") continue;
        const data = namesOfPattern(id)?.get("data");
        if (data !== undefined) found = { data, scope };
      }
  });
  return found;
}
