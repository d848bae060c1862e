// The client of `@convex-dev/better-auth` in auth.ts: its triggers become an option of defineAuth(), and the rest of it
// goes. Into an editor.
import type { CallExpression, Node, Statement } from "@babel/types";
import {
  hasName,
  findProperty,
  listBindings,
  resolveExpression,
  textOf,
  unwrap,
  type Module,
} from "../../edit/index.js";
import { declaredSpec, installedIn } from "../../disk/project.js";
import { isBefore } from "../../packages/supported.js";
import { methodOf, statementOf } from "../../patch/calls.js";
import type { Workspace } from "../../workspace/stage.js";
import { nodesWithout, removeStatement, startWithComment } from "../common/edit-server.js";
import { PEER } from "../common/libraries.js";
import { printTriggers, userIdCalls } from "./triggers.js";
import type { Edit } from "../common/types.js";
import { placeOf } from "../common/places.js";

/** Triggers of the client, as kitcn's option. */
export type Triggers = {
  readonly text: string;
  /** What the text was made of: it mentions what this does. */
  readonly node: Node | undefined;
  /** Whether the app writes `userId` into users. */
  readonly setsUserId: boolean;
};

/** Of a client without triggers. */
export const NO_TRIGGERS: Triggers = { text: "", node: undefined, setsUserId: false };

/** The triggers of `createClient(component, { triggers })`, as kitcn's option; undefined where they cannot be carried. */
export function triggersOf(
  { editor, ws, notes }: Edit,
  client: CallExpression,
): Triggers | undefined {
  const { module } = editor;
  const clients = namesOf(module, statementOf(module, client));
  const setsUserId = userIdCalls(module, clients).length > 0;
  const config = client.arguments[1] && resolveExpression(module, client.arguments[1]);
  const none = { ...NO_TRIGGERS, setsUserId };
  if (!config) return none;
  if (config.type !== "ObjectExpression") return undefined;
  const member = findProperty(config, "triggers");
  if (!member) return none;
  if (member.type !== "ObjectProperty") return undefined;
  const given = resolveExpression(module, member.value);
  if (given.type !== "ObjectExpression") return undefined;
  const isOldFirst = givesOldFirst(ws);
  const text = printTriggers(module, given, clients, isOldFirst);
  if (isOldFirst === undefined && text?.includes("newDoc")) {
    const { file, line } = placeOf(ws, { module, node: given });
    notes.push(`${file}:${line}: ${ORDER}`);
  }
  return text === undefined ? undefined : { text, node: given, setsUserId };
}

/** The client of the component, and what it gave the component to call. Returns the statements that go. */
export function removeClient(
  edit: Edit,
  client: CallExpression,
  kept: Node | undefined,
): Iterable<Statement> {
  const { editor, gone } = edit;
  const { module } = editor;
  const statement = statementOf(module, client);
  const names = namesOf(module, statement);
  const isOf = (node: Node | null | undefined, method: string) => {
    const call = node && unwrap(node);
    if (call?.type !== "CallExpression") return false;
    const found = methodOf(call);
    return found?.name === method && names.has(textOf(module, found.object));
  };
  const others = module.program.body.filter((one) => {
    const declaration = one.type === "ExportNamedDeclaration" ? one.declaration : one;
    if (declaration?.type !== "VariableDeclaration") return false;
    return declaration.declarations.some(({ init }) => isOf(init, "triggersApi"));
  });
  const removed = new Set<Statement>([...(statement ? [statement] : []), ...others]);
  for (const one of orphansOf(edit, removed)) removed.add(one);
  for (const one of removed) {
    removeStatement(editor, one, startWithComment(module, one));
    for (const part of nodesWithout(one, kept)) gone.add(part);
  }
  return removed;
}

// --- internal ---

const ORDER =
  "kitcn took `onUpdate` for that of @convex-dev/better-auth 0.9 or later, which is given the new document before the old one. For an older release, exchange the two names in `change`.";

/** Whether the peer is one of the releases before 0.9; undefined where the app does not say. */
function givesOldFirst({ project }: Workspace): boolean | undefined {
  const app = project.backend ?? project;
  for (const one of [app, ...(app.former ? [app.former] : [])]) {
    const declared = /\d+(\.\d+)+/.exec(declaredSpec(one, PEER.name) ?? "")?.[0];
    const version = installedIn(one, PEER.name) ?? declared;
    if (version !== undefined) return isBefore(version, "0.9.0");
  }
  return undefined;
}

function namesOf(module: Module, statement: Statement | undefined): Set<string> {
  const all = [...listBindings(module).values()];
  return new Set(all.flatMap((one) => (one.statement === statement ? [one.name] : [])));
}

/** Statements whose one name only removed ones mention: `const authFunctions = internal.auth`. */
function orphansOf({ editor: { module } }: Edit, removed: ReadonlySet<Statement>): Statement[] {
  const mentioned = (statements: readonly Node[], name: string) =>
    statements.some((one) => hasName(one, name));
  return [...listBindings(module).values()].flatMap(({ name, exported, statement }) => {
    if (exported || removed.has(statement)) return [];
    const rest = module.program.body.filter((one) => !removed.has(one) && one !== statement);
    return mentioned([...removed], name) && !mentioned(rest, name) ? [statement] : [];
  });
}
