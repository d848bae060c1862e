// What the packaged component deploys: only what it runs, and of ours little.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { bundle } from "../../../bench/bundle.js";

const folder = resolve("src/component");

test("the component's code is ours and Convex's, and ours is at most 40 KB", async () => {
  const modules = readdirSync(folder).filter((name) => name.endsWith(".ts"));
  expect(modules).toEqual(expect.arrayContaining(["schema.ts", "store.ts", "private-keys.ts"]));
  const { packages } = await bundle({ entryPoints: modules.map((name) => join(folder, name)) });
  expect(packages.map(({ name }) => name).sort()).toEqual(["convex", "the app"]);
  const ours = packages.find(({ name }) => name === "the app")?.bytes;
  expect(ours).toBeGreaterThan(10_000);
  expect(ours).toBeLessThanOrEqual(40_000);
});
