// Which ids of a look-up by table are certainly of that table: the others keep the table in the call.
import { describe, expect, test } from "vitest";
import { parseModule, textOf } from "../../../../codegen/edit/index.js";
import { listCalls } from "../../../../codegen/patch/calls.js";
import { isCheckedId } from "../../../../codegen/sign-in/convex-auth/id-checks.js";

/** Of the id in `get(id)`. */
function isChecked(text: string): boolean | undefined {
  const module = parseModule(text, "/app/convex/people.ts");
  const call = listCalls(module).find(({ callee }) => textOf(module, callee) === "get");
  return call?.arguments[0] && isCheckedId(module, call.arguments[0]);
}

const handler = (args: string, parameter: string, body: string) =>
  `export const one = query({ args: ${args}, handler: async (ctx, ${parameter}) => { ${body} } });`;

describe("an id", () => {
  test.each([
    handler('{ id: v.id("users") }', "args", "get(args.id)"),
    handler('{ id: v.id("users"), name: v.string() }', "{ id, name }", "get(id)"),
    handler('{ ids: v.array(v.id("users")) }', "args", "args.ids.map((id) => get(id))"),
    handler("shared", "args", "get(args.id)"),
    handler(
      "{ id: v.string() }",
      "args",
      'const id = ctx.db.normalizeId("users", args.id); get(id)',
    ),
    handler("{ id: v.string() }", "args", "const note = await load(args.id); get(note.userId)"),
    "async function load(ctx: QueryCtx, id: Id<'users'>) { return get(id!); }",
    "export const one = query(async (ctx) => get((await current(ctx as Any)).userId));",
  ])("is checked: %s", (text) => expect(isChecked(text)).toBe(true));

  test.each([
    handler("{ id: v.string() }", "args", 'get(args.id as Id<"users">)'),
    handler("shared", "args", "get(args.id as any)"),
    handler("shared", "args", "get(<any>args.id)"),
    handler("shared", "args", "const id = args.id as any; get(id)"),
    handler("shared", "args", "const { id } = args as any; get(id)"),
    handler("shared", "args", "for (const id of args.ids as any) get(id)"),
    handler("shared", "args", "(args.ids as any[]).map((id) => get(id))"),
    handler("{ id: v.string() }", "args", "get(args.id)"),
    handler("{ id: v.optional(v.any()) }", "{ id }", "get(id)"),
    handler("{ id: v.string() }", "{ id: given }", "const id = given; get(id)"),
    handler("{ id: v.string() }", "args", "const { id } = args; get(id)"),
    handler("{ ids: v.array(v.string()) }", "{ ids }", "for (const id of ids) get(id)"),
    "export const one = query({ async handler(ctx, args) { get(args.id); } });",
    "export const one = query(async (ctx, { id }) => get(id));",
  ])("is not checked: %s", (text) => expect(isChecked(text)).toBe(false));
});
