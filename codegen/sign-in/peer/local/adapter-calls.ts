// Calls of the component's own functions, `ctx.runQuery(components.betterAuth.adapter.findOne, { ... })`: what they ask
// for, and what asks the same with kitcn. By syntax; edits nothing.
import type { CallExpression, Node, ObjectExpression } from "@babel/types";
import {
  findProperty,
  freeName,
  keyOf,
  textOf,
  unwrap,
  walk,
  type Module,
} from "../../../edit/index.js";
import { COMPONENT_MODELS } from "../../../plan/placement.js";
import { shapesOf } from "../../../plan/query-shapes.js";
import { methodOf } from "../../../patch/calls.js";
import { nodesAround } from "../../common/references.js";

/** A call of one function of the adapter. */
export type AdapterCall = {
  readonly call: CallExpression;
  /** The context, as code. */
  readonly ctx: string;
  /** False for `t.query()` and the like of a test, whose `t` is no context. */
  readonly isInFunction: boolean;
  /** `findOne`, `deleteMany` and the like. */
  readonly method: string;
  /** The table; undefined where it is computed. */
  readonly model: string | undefined;
  /** The object that has the model: of functions that write, it is the member `input`. */
  readonly asked: ObjectExpression;
};

/** The call around `components.<name>.adapter.<method>`; undefined for another form. */
export function adapterCallAt(module: Module, chain: Node): AdapterCall | undefined {
  const method = ADAPTER.exec(textOf(module, chain))?.[1];
  const [call] = nodesAround(module, chain);
  if (method === undefined || call?.type !== "CallExpression") return undefined;
  const [reference, args] = call.arguments;
  const runs = methodOf(call);
  const given = args && unwrap(args);
  if (reference !== chain || !runs || given?.type !== "ObjectExpression") return undefined;
  const asked = valueOf(given, "input") ?? given;
  if (asked.type !== "ObjectExpression") return undefined;
  const model = valueOf(asked, "model");
  return {
    call,
    ctx: textOf(module, runs.object),
    isInFunction: /^run[A-Z]/.test(runs.name),
    method,
    model: model?.type === "StringLiteral" ? model.value : undefined,
    asked,
  };
}

/**
 * The same look-up of the app's own table, for a query or a mutation; undefined where kitcn knows no index for it, or
 * its answer would be another one.
 *
 * @param asId the value of a column of ids, as code: the component took any text, the table takes ids of another table
 */
export function lookUp(
  module: Module,
  adapter: AdapterCall,
  asId: (value: string, table: string) => string = (value) => value,
): string | undefined {
  const { method, ctx, model, asked } = adapter;
  if (method !== "findOne" || model === undefined || COMPONENT_MODELS.includes(model))
    return undefined;
  const where = conditionsIn(asked);
  if (!where || !hasOnly(asked, ["model", "where"])) return undefined;
  if (where.some(({ value }) => waits(value))) return undefined;
  const shape = SURE[model]?.find((columns) => {
    const asks = columns.slice(0, where.length);
    // A condition that the index does not have would be lost, and the look-up find rows that it must not.
    const isAsked = asks.length === where.length && where.length > 0;
    return isAsked && asks.every((name) => where.some(({ field }) => field === name));
  });
  if (!shape) return undefined;
  const q = freeName(module, "q");
  const tests = shape.slice(0, where.length).map((name) => {
    const value = where.find(({ field }) => field === name)?.value;
    const table = ID_COLUMNS[name];
    const text = value ? textOf(module, value) : "";
    return `.eq("${name}", ${table === undefined ? text : asId(text, table)})`;
  });
  return `${ctx}.db.query("${model}").withIndex("by_${shape.join("_")}", (${q}) => ${q}${tests.join("")}).first()`;
}

/** What is called of Better Auth's adapter, without the adapter itself; undefined where that is not the same. */
export function deletion(module: Module, adapter: AdapterCall): string | undefined {
  const { method, model, asked, call, isInFunction } = adapter;
  if (!isInFunction) return undefined;
  const name = method === "deleteOne" || method === "deleteMany" ? OURS[method] : undefined;
  const where = conditionsIn(asked);
  if (name === undefined || model === undefined || !where || !hasOnly(asked, ["model", "where"]))
    return undefined;
  return isUnused(module, call) ? `${name}(${optionsOf(module, asked)})` : undefined;
}

/** What the author writes in the place of a call, once the run is over. */
export function insteadOfAdapter(
  module: Module,
  { ctx, method, model, asked, isInFunction }: AdapterCall,
): string {
  const ours = `${OURS[method] ?? method}(${optionsOf(module, asked)})`;
  const asks = (context: string) => `(await getAuth(${context}).$context).adapter.${ours}`;
  // A test's `t` gives its context to a function.
  const call = isInFunction ? asks(ctx) : `${ctx}.run(async (ctx) => ${asks("ctx")})`;
  const code = `\`await ${call}\` with getAuth of generated/auth. Its rows have \`id\` in the place of \`_id\`, and dates are Date objects`;
  const isHidden = model !== undefined && COMPONENT_MODELS.includes(model);
  if (isHidden) return code;
  const table = model === undefined ? "ctx.db.query()" : `ctx.db.query("${model}")`;
  return `${code}. Or use ${table} in a query or a mutation, if your schema has the table`;
}

// --- internal ---

const ADAPTER = /\.adapter\.(\w+)$/;

/** What Better Auth calls the same. */
const OURS: Readonly<Record<string, string>> = {
  updateOne: "update",
  deleteOne: "delete",
  deleteMany: "deleteMany",
};

/** Tables of every app, and of those with organizations, with indexes that do not depend on other plugins. */
const SURE: Readonly<Record<string, readonly (readonly string[])[]>> = {
  user: [["email"]],
  session: shapesOf("session"),
  account: shapesOf("account"),
  organization: [["slug"]],
  member: [["organizationId", "userId"], ["userId"]],
};

/** Columns of these tables that hold an id, and of which table. */
const ID_COLUMNS: Readonly<Record<string, string>> = {
  userId: "user",
  organizationId: "organization",
};

type Condition = { readonly field: string; readonly value: Node };

/** Conditions that all hold; undefined for others. */
function conditionsIn(asked: ObjectExpression): Condition[] | undefined {
  const list = valueOf(asked, "where");
  if (list?.type !== "ArrayExpression") return undefined;
  const all = list.elements.map((one): Condition | undefined => {
    if (one?.type !== "ObjectExpression") return undefined;
    const [field, value] = [valueOf(one, "field"), valueOf(one, "value")];
    if (field?.type !== "StringLiteral" || !value || !hasOnly(one, CONDITION)) return undefined;
    const isPlain = isText(one, "operator", "eq") && isText(one, "connector", "AND");
    return isPlain ? { field: field.value, value } : undefined;
  });
  const known = all.flatMap((one) => one ?? []);
  const isOnce = new Set(known.map(({ field }) => field)).size === known.length;
  return known.length === all.length && isOnce ? known : undefined;
}

const CONDITION = ["field", "value", "operator", "connector"];

/** True also where the member is missing. */
function isText(object: ObjectExpression, name: string, text: string): boolean {
  const value = valueOf(object, name);
  return value === undefined
    ? findProperty(object, name) === undefined
    : value.type === "StringLiteral" && value.value === text;
}

function hasOnly(object: ObjectExpression, names: readonly string[]): boolean {
  return object.properties.every((one) => names.includes(keyOf(one) ?? ""));
}

function valueOf(object: ObjectExpression, name: string): Node | undefined {
  const member = findProperty(object, name);
  return member?.type === "ObjectProperty" ? unwrap(member.value) : undefined;
}

/** In a function of another function, it could not. */
function waits(node: Node): boolean {
  let found = false;
  walk(node, (one) => {
    if (one.type === "AwaitExpression" || one.type === "YieldExpression") found = true;
  });
  return found;
}

/** `await ctx.runMutation(...);` */
function isUnused(module: Module, call: CallExpression): boolean {
  const [awaiting, statement] = nodesAround(module, call);
  return awaiting?.type === "AwaitExpression" && statement?.type === "ExpressionStatement";
}

/** Better Auth calls the id of every row `id`, and pages otherwise. */
function optionsOf(module: Module, asked: ObjectExpression): string {
  const members = asked.properties.filter((one) => !LEFT_OUT.has(keyOf(one) ?? ""));
  const text = members.map((one) => textOf(module, one).replace(/\s+/g, " ")).join(", ");
  return `{ ${text.replace(/(field: ?)(["'])_id\2/g, "$1$2id$2")} }`;
}

const LEFT_OUT: ReadonlySet<string> = new Set(["paginationOpts", "join", "onCreateHandle"]);
