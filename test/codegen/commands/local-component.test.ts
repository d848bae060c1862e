// Placement component: when the app gets an auth component of its own, what is in it, and how it goes again.
import { describe, expect, test } from "vitest";
import { authFile, makeApp } from "../support/app.js";

const plain = authFile(`{ emailAndPassword: { enabled: true } }`);
const withField = authFile(
  `{ user: { additionalFields: { plan: { type: ["free", "pro"], required: false } } } }`,
);
const FILES = ["convex.config.ts", "schema.ts", "store.ts", "tables.ts"].map(
  (name) => `convex/components/auth/${name}`,
);

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

  test("without the field the packaged one serves again", async () => {
    const app = makeApp({ "convex/auth.ts": withField });
    await app.run({ placement: "component" });
    app.write("convex/auth.ts", plain);
    expect((await app.run()).componentSource).toBe("packaged");
    expect(app.read("convex/plugins.lock.json")).not.toContain("better-auth/component");
    expect(await app.plan()).toMatchObject({ changes: [], componentSource: undefined });
  });
});

test("in split the same field stays in the app's schema", async () => {
  const app = makeApp({ "convex/auth.ts": withField });
  const outcome = await app.run();
  expect(outcome.componentSource).toBeUndefined();
  expect(app.read("convex/schema.ts")).toContain("plan: v.optional(");
});
