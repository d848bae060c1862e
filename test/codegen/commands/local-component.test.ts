// Placement component: when the app gets an auth component of its own, what is in it, and how it goes again.
import { describe, expect, test } from "vitest";
import { authFile, makeApp, type TestApp } from "../support/app.js";

const plain = authFile(`{ emailAndPassword: { enabled: true } }`);
const withField = authFile(
  `{ user: { additionalFields: { plan: { type: ["free", "pro"], required: false } } } }`,
);
const ofPlugin = authFile(
  `{ plugins: [{ id: "trophies", schema: {
    user: { fields: { badge: { type: "string", required: true } } },
    trophy: { fields: { name: { type: "string", required: true } } },
  } }] }`,
);
const SCHEMA = "convex/components/auth/schema.ts";
const LOCK = "convex/plugins.lock.json";
const FILES = ["convex.config.ts", "schema.ts", "store.ts", "tables.ts"].map(
  (name) => `convex/components/auth/${name}`,
);

/** An app whose own component is written. */
async function started(auth: string): Promise<TestApp> {
  const app = makeApp({ "convex/auth.ts": auth });
  await app.run({ placement: "component" });
  return app;
}

describe("in placement component", () => {
  test("an app that the packaged component fits gets none", async () => {
    const app = makeApp({ "convex/auth.ts": plain });
    const outcome = await app.run({ placement: "component" });
    expect(outcome).toMatchObject({ usesComponent: true, componentSource: undefined });
    expect(FILES.filter((path) => app.has(path))).toEqual([]);
  });

  test("an additional field makes one, with an entry of its own in the lock; a second run changes nothing", async () => {
    const app = makeApp({ "convex/auth.ts": withField });
    const outcome = await app.run({ placement: "component" });
    expect(outcome.componentSource).toBe("local");
    expect(outcome.notes.join()).toContain('user has the field "plan"');
    expect(app.read("convex/components/auth/schema.ts")).toContain(
      'plan: v.optional(v.union(v.literal("free"), v.literal("pro"), v.null()))',
    );
    expect(app.read("convex/schema.ts")).not.toContain("userTable");
    const lock = JSON.parse(app.read("convex/plugins.lock.json")) as {
      plugins: Record<string, { files?: string[] }>;
    };
    expect(lock.plugins["better-auth/component"]?.files).toEqual(
      FILES.map((path) => path.slice("convex/".length)),
    );
    expect((await app.plan()).changes).toEqual([]);
  });

  test("what is no longer asked for stays, and may be absent, until it is pruned", async () => {
    const app = await started(ofPlugin);
    app.write("convex/auth.ts", plain);
    const outcome = await app.run();
    expect(outcome.componentSource).toBe("local");
    expect(outcome.orphaned).toEqual([
      expect.objectContaining({ table: "user", part: "column", name: "badge", pruned: false }),
      expect.objectContaining({ table: "trophy", part: "table", pruned: false }),
    ]);
    expect(app.read(SCHEMA)).toContain("badge: v.optional(v.string()),");
    expect(app.read(SCHEMA)).toContain("trophy: trophyTable,");
    expect((await app.plan()).changes).toEqual([]);

    const pruned = await app.run({ prune: true });
    expect(pruned.orphaned.every((one) => one.pruned)).toBe(true);
    expect(pruned.componentSource).toBe("packaged");
    expect(pruned.notes).toContain(
      "Nothing mounts convex/components/auth any more: delete that folder.",
    );
    expect(app.read("convex/plugins.lock.json")).not.toContain("better-auth/component");
    expect(await app.plan()).toMatchObject({ changes: [], notes: [], componentSource: undefined });
  });

  test("the user's own lines in it survive, and keep it", async () => {
    const app = await started(withField);
    const mine = "  nick: v.optional(v.string()), // mine\n";
    app.edit(SCHEMA, (text) => text.replace("  email: v.string(),", `${mine}  email: v.string(),`));
    app.edit(SCHEMA, (text) =>
      text.replace('.index("by_email"', '.index("by_nick", ["nick"])\n  .index("by_email"'),
    );
    expect((await app.run()).conflicts).toEqual([]);
    app.write("convex/auth.ts", plain);
    expect(await app.run({ prune: true })).toMatchObject({ componentSource: "local" });
    expect(app.read(SCHEMA)).toContain(mine);
    expect(app.read(SCHEMA)).not.toContain("plan:");
    expect(app.read("convex/components/auth/tables.ts")).toContain("by_nick");
    expect((await app.plan()).changes).toEqual([]);
  });

  test("a changed column is a conflict, which --overwrite settles", async () => {
    const app = await started(withField);
    app.edit(SCHEMA, (text) => text.replace("  email: v.string(),", "  email: v.any(),"));
    expect((await app.run()).conflicts).toEqual([
      expect.objectContaining({ table: "user", name: "email", kept: true }),
    ]);
    await app.run({ overwrite: true });
    expect(app.read(SCHEMA)).toContain("  email: v.string(),");
  });

  test("a lock that does not know its tables learns them, also where they are listed inline", async () => {
    const app = await started(withField);
    const lock = app.read(LOCK);
    app.edit(SCHEMA, (text) => {
      const blocks = [...text.matchAll(/export const (\w+)Table = (defineTable[^]+?\));\n/g)];
      const tables = blocks.map(([, table, call]) => `  ${table}: ${call},`);
      return `import { defineSchema, defineTable } from "convex/server";
import { v } from "convex/values";

export default defineSchema({
${tables.join("\n")}
});
`;
    });
    const inline = app.read(SCHEMA);
    const { plugins, ...rest } = JSON.parse(lock) as { plugins: Record<string, object> };
    const bare = Object.entries(plugins).map(([key, entry]) => [key, { ...entry, tables: {} }]);
    app.write(LOCK, JSON.stringify({ ...rest, plugins: Object.fromEntries(bare) }));
    await app.run();
    expect(app.read(SCHEMA)).toBe(inline);
    expect(app.read(LOCK)).toBe(lock);
  });
});

test("in split the same field stays in the app's schema", async () => {
  const app = makeApp({ "convex/auth.ts": withField });
  const outcome = await app.run();
  expect(outcome.componentSource).toBeUndefined();
  expect(app.read("convex/schema.ts")).toContain("plan: v.optional(");
});
