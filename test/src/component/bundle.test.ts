// What the packaged component deploys: only what it runs, and of ours little.
import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const folder = resolve("src/component");

test("the component's code is ours and Convex's, and ours is at most 40 KB", async () => {
  const modules = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  expect(modules).toEqual(expect.arrayContaining(["schema.ts", "store.ts", "private-keys.ts"]));
  const { metafile } = await build({
    entryPoints: modules.map((name) => join(folder, name)),
    bundle: true,
    write: false,
    minify: true,
    splitting: true,
    metafile: true,
    outdir: "out",
    platform: "browser",
    format: "esm",
    target: "esnext",
    conditions: ["convex", "module"],
    logLevel: "error",
  });
  const bytes = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs))
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const owner = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? "kitcn";
      bytes.set(owner, (bytes.get(owner) ?? 0) + bytesInOutput);
    }
  expect([...bytes.keys()].sort()).toEqual(["convex", "kitcn"]);
  expect(bytes.get("kitcn")).toBeGreaterThan(10_000);
  expect(bytes.get("kitcn")).toBeLessThanOrEqual(40_000);
});
