// Reads, from the code of Better Auth and its packages, every place that queries the database by name of a
// model: its conditions and its order. Knows nothing of indexes.
import { parse } from "@babel/parser";
import type { Node, ObjectExpression } from "@babel/types";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { endOf, findProperty, startOf, walk } from "../../codegen/edit/index.js";
import { OPERATORS, type Clause, type Operator } from "../../src/query/where.js";

/** One way a call may query; a call that chooses between conditions is several. */
export type QuerySite = {
  /** package/file:line */
  readonly at: string;
  /** The model's key, or the text of the expression that names it. */
  readonly model: string | { readonly spelling: string };
  readonly method: string;
  readonly where: readonly Clause[];
  /** Texts of conditions that are built elsewhere. They only narrow. */
  readonly built: readonly string[];
  readonly sort: string | undefined;
};

/** The query sites of a package in `node_modules`. */
export function readQuerySites(nodeModules: string, name: string): QuerySite[] {
  const root = join(nodeModules, name, "dist");
  return modulesIn(root).flatMap((path) => sitesIn(path, `${name}${path.slice(root.length)}`));
}

/** A condition on a column, with a value of the right shape. */
export function clauseOf(column: string, operator: Operator = "eq"): Clause {
  const value = operator === "in" || operator === "not_in" ? ["a", "b"] : "a";
  return { column, operator, value };
}

// --- internal ---

const METHODS = new Set(
  "findOne findMany update updateMany delete deleteMany count consumeOne incrementOne".split(" "),
);

type Shape = Pick<QuerySite, "where" | "built">;

function modulesIn(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return modulesIn(path);
    return name.endsWith(".mjs") ? [path] : [];
  });
}

function sitesIn(path: string, name: string): QuerySite[] {
  const text = readFileSync(path, "utf8");
  if (!text.includes("model")) return [];
  const found: QuerySite[] = [];
  walk(parse(text, { sourceType: "module" }).program, (node) => {
    if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return;
    const { property } = node.callee;
    const [argument] = node.arguments;
    if (property.type !== "Identifier" || !METHODS.has(property.name)) return;
    if (argument?.type !== "ObjectExpression") return;
    const named = valueOf(argument, "model");
    if (!named) return;
    const model = named.type === "StringLiteral" ? named.value : { spelling: textOf(named, text) };
    const sortBy = valueOf(argument, "sortBy");
    const field = sortBy?.type === "ObjectExpression" ? valueOf(sortBy, "field") : undefined;
    const sort = field?.type === "StringLiteral" ? field.value : undefined;
    for (const shape of shapesOf(valueOf(argument, "where"), text))
      found.push({
        at: `${name}:${node.loc?.start.line}`,
        model,
        method: property.name,
        ...shape,
        sort,
      });
  });
  return found;
}

/** The conditions of a `where`: several where the code chooses between them. */
function shapesOf(where: Node | undefined, text: string): Shape[] {
  if (!where) return [{ where: [], built: [] }];
  if (where.type === "ConditionalExpression")
    return [where.consequent, where.alternate].flatMap((one) => shapesOf(one, text));
  if (where.type !== "ArrayExpression") return [{ where: [], built: [textOf(where, text)] }];
  return where.elements.reduce<Shape[]>(
    (shapes, one) => (one ? shapes.flatMap((shape) => withElement(shape, one, text)) : shapes),
    [{ where: [], built: [] }],
  );
}

function withElement(shape: Shape, element: Node, text: string): Shape[] {
  const columns =
    element.type === "ObjectExpression" ? columnsOf(valueOf(element, "field"), text) : [];
  if (element.type !== "ObjectExpression" || columns.length === 0)
    return [{ ...shape, built: [...shape.built, textOf(element, text)] }];
  const operator = valueOf(element, "operator");
  const known = OPERATORS.find(
    (one) => operator?.type === "StringLiteral" && operator.value === one,
  );
  return columns.map((column) => ({ ...shape, where: [...shape.where, clauseOf(column, known)] }));
}

/** `"email"`, `isSlug ? "slug" : "id"`, or an option that is named like its column (`opts.phoneNumber`). */
function columnsOf(field: Node | undefined, text: string): string[] {
  if (field?.type === "StringLiteral") return [field.value];
  if (field?.type === "ConditionalExpression")
    return [field.consequent, field.alternate].flatMap((one) => columnsOf(one, text));
  if (field?.type === "MemberExpression" && field.property.type === "Identifier")
    return [field.property.name];
  return [];
}

function valueOf(object: ObjectExpression, name: string): Node | undefined {
  const property = findProperty(object, name);
  return property?.type === "ObjectProperty" ? property.value : undefined;
}

function textOf(node: Node, text: string): string {
  return text.slice(startOf(node), endOf(node));
}
