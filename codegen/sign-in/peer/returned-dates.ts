// Functions of an app that return what `auth.api` gives: with the peer its dates were numbers, and with kitcn they are Date
// objects, which Convex refuses when the function runs. By syntax; reads only.
import { join } from "node:path";
import type { CallExpression, Node } from "@babel/types";
import { hasName, keysByName, listImports, textOf, walk, type Module } from "../../edit/index.js";
import { listCalls } from "../../patch/calls.js";
import type { Shell } from "../../shell/detect.js";
import type { Workspace } from "../../workspace/stage.js";
import { modulesThatRun } from "../common/roots.js";
import { nodesAround } from "../common/references.js";
import { placeOf } from "../common/places.js";

/** A note for each such call, in an app after the edits. */
export function notesOfDates(ws: Workspace, shell: Shell): string[] {
  const inFunctions = join(ws.project.functionsDir, "/");
  return modulesThatRun(ws, shell).flatMap((module) => {
    if (!module.path.startsWith(inFunctions) || !asksKitcn(module)) return [];
    return listCalls(module).flatMap((call) => {
      const name = API.exec(textOf(module, call.callee))?.[1];
      if (name === undefined || !isReturned(module, call)) return [];
      const { file, line } = placeOf(ws, { module, node: call });
      return [`${file}:${line}: this function returns what auth.api.${name}() gives. ${DATES}`];
    });
  });
}

// --- internal ---

const API = /\.api\.(\w+)$/;

const DATES =
  "Its dates were numbers, and are Date objects now, which Convex does not let a function return. Return the fields that you need, with `getTime()` of each date. For a session, return `await getSession(ctx)` of kitcn/auth, and for its user `await ctx.db.get(session.userId)`.";

function asksKitcn(module: Module): boolean {
  return listImports(module).some(
    ({ source, imported }) => imported === "getAuth" && /generated\/auth(\.js)?$/.test(source),
  );
}

/** True where the function around it returns the answer, or a part of it, at once or by a variable. */
function isReturned(module: Module, call: CallExpression): boolean {
  const around = nodesAround(module, call);
  const fn = around.find((one) => "params" in one && "body" in one);
  if (!fn || !("body" in fn)) return false;
  const own = around.slice(0, around.indexOf(fn));
  const at = own.findIndex(({ type }) => type === "ReturnStatement");
  const isExpression = !own.some(({ type }) => type === "BlockStatement");
  const carriers = at >= 0 ? own.slice(0, at) : isExpression ? own : undefined;
  if (carriers?.every(({ type }) => CARRIES.test(type))) return true;
  const made = own.find((one) => one.type === "VariableDeclarator");
  if (!made) return false;
  const names = [...keysByName(made.id).keys()];
  let found = false;
  walk(fn, (node) => {
    const given = node.type === "ReturnStatement" ? node.argument : undefined;
    found ||= Boolean(given && names.some((name) => isGiven(given, name)));
    return !found;
  });
  return found;
}

/** `session`, `session?.user ?? null`, `{ session }`: not one field of a part, such as `session.user.id`. */
function isGiven(node: Node, name: string): boolean {
  if (!hasName(node, name) || NEW_VALUES.test(node.type)) return false;
  if (node.type === "Identifier") return true;
  if (node.type === "ConditionalExpression")
    return isGiven(node.consequent, name) || isGiven(node.alternate, name);
  if (node.type === "MemberExpression" || node.type === "OptionalMemberExpression")
    return node.object.type === "Identifier";
  let found = false;
  walk(node, (one) => {
    if (one === node) return undefined;
    found ||= isGiven(one, name);
    return false;
  });
  return found;
}

/** What does not hand on what it is made of. */
const NEW_VALUES = /^((Optional)?CallExpression|UnaryExpression|BinaryExpression|TemplateLiteral)$/;

/** What is around an answer that a function still returns. */
const CARRIES =
  /^(AwaitExpression|TSAsExpression|TSNonNullExpression|LogicalExpression|ObjectProperty|ObjectExpression)$/;
