// Which types of Better Auth the fields of an author's own table `users` get.
import { expect, test } from "vitest";
import { loadProject } from "../../../../codegen/disk/project.js";
import { CONVEX_AUTH } from "../../../../codegen/sign-in/common/libraries.js";
import { notesOfUserFields } from "../../../../codegen/sign-in/convex-auth/own-user-fields.js";
import { walk } from "../../../../codegen/edit/index.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

const HEAD = `import { authTables } from "@convex-dev/auth/server";
import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";
`;

/** The notes on a schema in which this is the part before defineSchema(), and the entry for the users. */
function notesOn(before: string, entry: string, files: Record<string, string> = {}): string[] {
  const schema = `${HEAD}${before}
export default defineSchema({ ...authTables, ${entry} });
`;
  const app = cliApp("plain", { files: { "convex/schema.ts": schema, ...files } });
  const ws = openWorkspace(loadProject(app.root));
  const module = ws.module(app.path("convex/schema.ts"));
  if (!module) throw new Error("convex/schema.ts is missing");
  const found: Parameters<typeof notesOfUserFields>[1][number][] = [];
  walk(module.program, (node) => {
    if (node.type === "SpreadElement" && module.text.startsWith("...authTables", node.start ?? 0))
      found.push({
        library: CONVEX_AUTH,
        part: "tables",
        module,
        node,
        name: "authTables",
        isInTheWay: false,
      });
  });
  return notesOfUserFields(ws, found);
}

test.each([
  ["v.union(v.string(), v.null())", "string"],
  ["v.optional(v.union(v.null(), v.number()))", "number"],
  ["v.array(v.string())", "string[]"],
  ['v.union(v.array(v.union(v.literal("a"), v.literal("b"))), v.null())', "string[]"],
  ["v.optional(v.array(v.float64()))", "number[]"],
  ["v.array(v.union(v.string(), v.null()))", "json"],
  ["v.array(v.boolean())", "json"],
  ["v.object({ city: v.string(), at: v.union(v.string(), v.number()) })", "json"],
  ["v.record(v.string(), v.number())", "json"],
  ["v.union(v.object({}), v.array(v.string()))", "json"],
  ["v.any()", "json"],
  ["level", "number"],
])("%s is %s", (validator, type) => {
  const [note] = notesOn(
    "const level = v.union(v.literal(1), v.literal(-1));",
    `users: defineTable({ bio: ${validator} })`,
  );
  expect(note).toContain(`bio: { type: "${type}", required: false, input: false },`);
  expect(note).not.toMatch(/no type|cannot read/);
});

test.each([
  ["v.bytes()", "Better Auth has no type for bio"],
  ["v.object({ big: v.int64() })", "Better Auth has no type for bio"],
  ["v.union(v.string(), v.number())", "Better Auth has no type for bio"],
  ["v.null()", "Better Auth has no type for bio"],
  ["nullable(v.string())", "kitcn cannot read the type of bio"],
])("%s is left to the author", (validator, text) => {
  const [note] = notesOn(
    'import { nullable } from "convex-helpers/validators";',
    `users: defineTable({ bio: ${validator} })`,
  );
  expect(note).toContain(text);
  expect(note).not.toContain("additionalFields");
});

test("a table in a const, and one in another module, are read", () => {
  const table = `defineTable({ ...shared, bio: v.string() }).index("bio", ["bio"])`;
  const here = `const shared = { size: v.number() };\nconst users = ${table};`;
  const want = "lacks: size, bio.";
  expect(notesOn(here, "users")).toEqual([expect.stringContaining(want)]);
  expect(notesOn(here, "users: users")).toEqual([expect.stringContaining(want)]);
  const files = {
    "convex/people.ts": `${HEAD}${here.replace("const users", "export const users")}`,
  };
  expect(notesOn('import { users } from "./people";', "users", files)).toEqual([
    expect.stringContaining(want),
  ]);
});
