// A relations module that lost what generated/server.ts imports: every command that reads the app says so.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, stubCloudDeployment, type CliApp } from "../support/cli.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const FILE = "convex/relations.ts";
const SERVER = "convex/generated/server.ts";

const edit = (app: CliApp, change: (text: string) => string) =>
  app.write(FILE, change(app.read(FILE)));

/** An app whose relations.ts is kitcn's. */
async function appWithAuth(): Promise<CliApp> {
  const app = cliApp("plain");
  expect(await app.kitcn("add", "auth", "--yes")).toMatchObject({ code: 0 });
  return app;
}

describe("relations.ts without its named export", () => {
  const SAYS =
    /convex\/relations\.ts:\d+ exports the relations by default only; generated\/server\.ts imports `relations` by name\./;
  const withoutName = (text: string) =>
    text
      .replace("export const relations", "const all")
      .replace("export default relations", "export default all");

  test.each([
    [["codegen"]],
    [["codegen", "--check"]],
    [["add", "auth", "--check"]],
    [["add", "auth", "--schema", "--check"]],
    [["doctor"]],
  ])("kitcn %j says so and writes nothing", async (args) => {
    const app = await appWithAuth();
    edit(app, withoutName);
    const before = app.snapshot();
    const ran = await app.kitcn(...args);
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toMatch(SAYS);
    expect(app.snapshot()).toEqual(before);
  });

  test("gets it back by the command that codegen names", async () => {
    const app = await appWithAuth();
    edit(app, withoutName);
    expect((await app.kitcn("codegen")).stderr).toContain("npx kitcn add auth --schema");
    expect(await app.kitcn("add", "auth", "--schema", "--yes")).toMatchObject({ code: 0 });
    expect(app.read(FILE)).toContain("export { all as relations };");
    expect(await app.kitcn("codegen", "--check")).toMatchObject({ code: 0 });
  });
});

test.each([[["codegen"]], [["codegen", "--check"]], [["add", "auth", "--schema", "--check"]]])(
  "relations.ts without any export: kitcn %j says so and writes nothing",
  async (args) => {
    const app = await appWithAuth();
    edit(app, (text) =>
      text.replace("export const relations", "const relations").replace(/export default .*/, ""),
    );
    const before = app.snapshot();
    const ran = await app.kitcn(...args);
    expect(ran).toMatchObject({ code: 1, stdout: "" });
    expect(ran.stderr).toMatch(
      /convex\/relations\.ts:3: these relations are not exported, so generated\/server\.ts cannot import them\.[^]*export const relations = defineRelations/,
    );
    expect(app.snapshot()).toEqual(before);
  },
);

describe("relations that the app keeps itself", () => {
  const OWN = `import { relations } from "kitcn/orm";

const all = relations({ user: { posts: { many: "posts", from: "_id", to: "author" } } });

export { all as relations };
`;

  /** `add auth --schema` brings no relations.ts, so this one stays the app's. */
  async function appOf(files: Record<string, string>): Promise<CliApp> {
    const app = await appWithAuth();
    for (const path of [FILE, "convex/plugins.lock.json"]) app.remove(path);
    for (const [path, text] of Object.entries(files)) app.write(path, text);
    expect(await app.kitcn("add", "auth", "--schema", "--yes")).toMatchObject({ code: 0 });
    return app;
  }

  test("may be written in another module", async () => {
    const app = await appOf({
      "convex/db/relations.ts": OWN,
      [FILE]: `export * from "./db/relations";\n`,
    });
    expect(app.read(SERVER)).toContain('import { relations } from "../relations";');
    expect(app.read(SERVER)).not.toContain("const relations = {};");
  });

  test("in a module of the schema, too", async () => {
    const app = await appOf({ "convex/db/relations.ts": OWN });
    app.write(
      "convex/schema.ts",
      `export { relations } from "./db/relations";\n${app.read("convex/schema.ts")}`,
    );
    expect(await app.kitcn("codegen")).toMatchObject({ code: 0 });
    expect(app.read(SERVER)).toContain('import { relations } from "../schema";');
  });

  test.each([
    ["are gone from their module", "export const relations = {};\n"],
    ["are gone with their module", undefined],
  ])("that %s: codegen and --check say so", async (_title, text) => {
    const app = await appOf({ [FILE]: OWN });
    if (text === undefined) app.remove(FILE);
    else app.write(FILE, text);
    const says =
      "generated/server.ts imported the relations of ../relations, which exports none now";
    const check = await app.kitcn("codegen", "--check");
    expect(check).toMatchObject({ code: 1, stdout: expect.stringContaining(says) });
    const codegen = await app.kitcn("codegen");
    expect(codegen).toMatchObject({ code: 0, stdout: expect.stringContaining(says) });
    expect(app.read(SERVER)).toContain("const relations = {};");
    expect((await app.kitcn("codegen", "--check")).stdout).not.toContain("relations");
  });
});
