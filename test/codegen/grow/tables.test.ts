// The tables of plugins against the installed Better Auth: a new plugin, a renamed export or an option that became
// required fails here.
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NOT_FOR_APPS, PLUGINS } from "../../../codegen/catalog/plugins.js";
import { isSatellite } from "../../../codegen/packages/helpers.js";
import { makeApp } from "../support/app.js";
import { stubCloudDeployment, type CliApp } from "../support/cli.js";
import { CONVEX_GENERATED, typeCheck } from "../support/type-check.js";
import { ADDABLE, appWithAuth, succeeded } from "./support.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

/** Plugins of the client that only bring types, and take their name from the app. */
const TYPES_ONLY = ["inferAdditionalFields", "inferOrgAdditionalFields", "InferServerPlugin"];

/** Exports of modules that are functions which make something with a fixed `id`, by module. */
async function makersIn(sources: readonly string[]): Promise<string[][]> {
  const texts = sources.map((source) => `export * from ${JSON.stringify(source)};\n`);
  const app = makeApp(Object.fromEntries(texts.map((text, at) => [`makers${at}.ts`, text])));
  const files = sources.map((_, at) => app.path(`makers${at}.ts`));
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    skipLibCheck: true,
    strict: true,
  });
  const checker = program.getTypeChecker();
  const makes = (one: ts.Symbol) =>
    checker
      .getTypeOfSymbol(one)
      .getCallSignatures()
      .some((signature) => {
        const id = signature.getReturnType().getProperty("id");
        return id !== undefined && checker.getTypeOfSymbol(id).isStringLiteral();
      });
  return Promise.all(
    sources.map(async (source, at) => {
      const module = checker.getSymbolAtLocation(program.getSourceFile(files[at]!)!)!;
      const makers = checker.getExportsOfModule(module).filter(makes);
      // Some are exported as types alone.
      const values = Object.keys((await import(source)) as object);
      return makers.map(({ name }) => name).filter((name) => values.includes(name));
    }),
  );
}

/** The first is for tests. `add auth` adds the second, in Expo apps alone: test/codegen/shell/expo.test.ts. */
const ELSEWHERE = ["@better-auth/test-utils", "@better-auth/expo"];

describe("the installed Better Auth", () => {
  test("has no plugin that the table lacks, and no client half", async () => {
    const sources = ["better-auth/plugins", "better-auth/client/plugins"];
    const [plugins = [], clients = []] = await makersIn(sources);
    const namesOf = (source: string) =>
      PLUGINS.flatMap(({ server, client }) => [server, ...(client ? [client] : [])])
        .filter((half) => half.source === source)
        .map(({ name }) => name);
    const ours = plugins.filter((name) => !clients.includes(name));
    const known = [...namesOf("better-auth/plugins"), ...Object.keys(NOT_FOR_APPS)];
    expect(ours.sort()).toEqual(known.sort());
    const others = clients.filter((name) => !TYPES_ONLY.includes(name));
    expect(others.sort()).toEqual(namesOf("better-auth/client/plugins").sort());
  }, 120_000);

  test("has no package beside it that the table lacks", () => {
    const installed = readdirSync("node_modules/@better-auth")
      .map((name) => `@better-auth/${name}`)
      .filter((name) => isSatellite(name) && !ELSEWHERE.includes(name));
    const known = PLUGINS.flatMap(({ packages = [] }) => packages);
    expect(known).toEqual(expect.arrayContaining(installed));
  });
});

test("no name or alias means two plugins", () => {
  const names = PLUGINS.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
});

describe("all plugins of the table in one app", () => {
  const names = ADDABLE.map(({ name }) => name);
  const addAll = async (app: CliApp) => {
    const ran = succeeded(await app.kitcn("add", "plugin", ...names, "--yes", "--json"));
    const { items } = JSON.parse(ran.stdout) as { items: { action: string }[] };
    expect(items.map(({ action }) => action)).toEqual(names.map(() => "added"));
    for (const [name, text] of Object.entries(CONVEX_GENERATED))
      writeFileSync(app.path(join("convex", name)), text);
  };

  test("run, pass the compiler, are not added twice, and go again", async () => {
    const next = await appWithAuth("next", { convex: "real" });
    const before = next.snapshot();
    await addAll(next);
    // Its auth routes are on another site.
    const vite = await appWithAuth("vite", { convex: "real" });
    await addAll(vite);
    const env = vite.path("env.d.ts");
    writeFileSync(env, "interface ImportMeta { readonly env: Record<string, string> }\n");
    const checked = [
      next.path("convex/generated/auth.ts"),
      next.path("lib/auth-client.ts"),
      vite.path("convex/generated/auth.ts"),
      vite.path("src/lib/auth-client.ts"),
      env,
    ];
    expect(typeCheck(checked)).toEqual([]);

    const added = next.snapshot();
    const again = succeeded(await next.kitcn("add", "plugin", ...names, "--yes"));
    expect(again.stdout).toContain("nothing was written");
    expect(next.snapshot()).toEqual(added);

    succeeded(await next.kitcn("remove", "plugin", ...names, "--prune", "--yes"));
    const meant = (text: string | undefined) => text?.replaceAll(/[\s,]/g, "");
    for (const file of ["convex/auth.ts", "lib/auth-client.ts", "convex/schema.ts"])
      expect(meant(next.read(file)), file).toBe(meant(before[file]));
  }, 300_000);
});
