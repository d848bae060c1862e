// The triggers of `@convex-dev/better-auth` as those of defineAuth(). Pure: syntax in, text out.
import type { Node, ObjectExpression } from "@babel/types";
import {
  endOf,
  functionOf,
  keyOf,
  startOf,
  textOf,
  unwrap,
  walk,
  type HeldFunction,
  type Module,
} from "../../edit/index.js";
import { listCalls, methodOf } from "../../patch/calls.js";

/** `client.setUserId(ctx, id, userId)`, which writes a field of the user. */
export type UserIdCall = { readonly node: Node; readonly text: string };

/**
 * Those calls in a module, as what they are without the client.
 *
 * @param clients what createClient() gave, by name
 */
export function userIdCalls(module: Module, clients: ReadonlySet<string>): UserIdCall[] {
  return listCalls(module).flatMap((node) => {
    const method = methodOf(node);
    const [ctx, id, userId] = node.arguments.map((one) => textOf(module, one));
    const isOne = method?.name === "setUserId" && clients.has(textOf(module, method.object));
    if (!isOne || ctx === undefined || id === undefined || userId === undefined) return [];
    const field = userId === "userId" ? userId : `userId: ${userId}`;
    return [{ node, text: `${ctx}.db.patch(${id}, { ${field} })` }];
  });
}

/**
 * The option `triggers`, as text; undefined where one of them is no function that is written out, or
 * calls more of the library's client than setUserId().
 *
 * @param isOldFirst whether `onUpdate` is given the old document before the new one
 * @example
 * // { user: { onCreate: async (ctx, user) => { ... } } }
 * printTriggers(module, object, new Set(["authComponent"])); // triggers: { user: { create: { after: async (user, ctx) => { ... } } } }
 */
export function printTriggers(
  module: Module,
  triggers: ObjectExpression,
  clients: ReadonlySet<string>,
  isOldFirst = false,
): string | undefined {
  const calls = userIdCalls(module, clients);
  let usesClient = false;
  walk(triggers, (node) => {
    if (calls.some((one) => one.node === node)) return false;
    if (node.type === "Identifier" && clients.has(node.name)) usesClient = true;
    return undefined;
  });
  if (usesClient) return undefined;
  const models = triggers.properties.map((one) => {
    const name = keyOf(one);
    const value = one.type === "ObjectProperty" ? unwrap(one.value) : undefined;
    if (name === undefined || value?.type !== "ObjectExpression") return undefined;
    const events = value.properties.map((event) =>
      printEvent(module, event, { calls, isOldFirst }),
    );
    return events.includes(undefined) ? undefined : `  ${name}: {\n${events.join("")}  }`;
  });
  if (models.includes(undefined)) return undefined;
  return models.length === 0 ? "" : `triggers: {\n${models.join(",\n")},\n}`;
}

// --- internal ---

function printEvent(
  module: Module,
  member: Node,
  { calls, isOldFirst }: { readonly calls: readonly UserIdCall[]; readonly isOldFirst: boolean },
): string | undefined {
  if (member.type !== "ObjectProperty" && member.type !== "ObjectMethod") return undefined;
  const key = keyOf(member);
  const fn = functionOf(member);
  if (!fn) return undefined;
  const [ctx, second, third] = fn.params;
  const texts = { ctx: ctx ? textOf(module, ctx) : "_ctx", doc: second && textOf(module, second) };
  const isAsync = fn.async ? "async " : "";
  const body = bodyOf(module, fn, calls);
  const given = (name: string) => [name, ...(ctx ? [texts.ctx] : [])].join(", ");
  const first = texts.doc ?? "_doc";
  if (key === "onCreate") return `    create: { after: ${isAsync}(${given(first)}) => ${body} },\n`;
  if (key === "onDelete") return `    delete: { after: ${isAsync}(${given(first)}) => ${body} },\n`;
  if (key !== "onUpdate") return undefined;
  if (!second || (!third && !isOldFirst))
    return `    update: { after: ${isAsync}(${given(first)}) => ${body} },\n`;
  // Only `change` is given both documents.
  const [doc, old] = isOldFirst ? [third, second] : [second, third];
  const [now, before] = [namedAs(module, doc, "newDoc"), namedAs(module, old, "oldDoc")];
  if (!now || !before) return undefined;
  const both = `{ operation, newDoc: ${now.name}, oldDoc: ${before.name} }`;
  const isBlock = fn.body.type === "BlockStatement";
  const taken = now.taken + before.taken;
  // A promise that nobody waits for may be lost with its write.
  const inner = isBlock ? taken + body.slice(1) : `${taken}\n      return ${body};\n    }`;
  const guard = `if (operation !== "update" || !${now.name} || !${before.name}) return;`;
  return `    change: ${isAsync}(${given(both)}) => {\n      ${guard}${inner},\n`;
}

/** What `change` calls a document, and the line that takes it apart where the parameter does. */
function namedAs(module: Module, node: Node | undefined, name: string) {
  if (!node) return { name, taken: "" };
  if (node.type === "Identifier") return { name: node.name, taken: "" };
  if (node.type !== "ObjectPattern") return undefined;
  const { typeAnnotation: type } = node;
  const end = type ? startOf(type) : endOf(node);
  const pattern = module.text.slice(startOf(node), end);
  return { name, taken: `\n      const ${pattern} = ${name};` };
}

function bodyOf(module: Module, { body }: HeldFunction, calls: readonly UserIdCall[]): string {
  const inside = calls.filter(
    ({ node }) => startOf(body) <= startOf(node) && endOf(node) <= endOf(body),
  );
  let at = startOf(body);
  let text = "";
  for (const { node, text: now } of inside) {
    text += module.text.slice(at, startOf(node)) + now;
    at = endOf(node);
  }
  return text + module.text.slice(at, endOf(body));
}
