// What npm needs beside Nuxt, Preact and shadcn, which have another Babel than the newest tools of React frameworks ask
// for.
import { expect, test } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import { installCommands } from "../../../codegen/packages/package-manager.js";
import { cliApp } from "../support/cli.js";

const OVERRIDES = [
  "npm",
  "pkg",
  "set",
  "overrides[kitcn][@babel/core]=>=0",
  "overrides[better-auth][@babel/core]=>=0",
];

async function commandsOf(
  dependencies: Record<string, string>,
  lock = "package-lock.json",
  files: Record<string, string> = {},
) {
  const app = cliApp("nuxt", {
    files: {
      ...files,
      [lock]: "",
      "package.json": JSON.stringify({ name: "x", dependencies: { convex: "1", ...dependencies } }),
    },
  });
  return installCommands([
    {
      project: loadProject(app.root),
      packages: ["kitcn@0.1.0", "better-auth@1.7.25"],
      devPackages: [],
    },
  ]);
}

test.each<Record<string, string>>([
  { nuxt: "^4.4.5" },
  { preact: "^10.29.8", "@preact/preset-vite": "^2.10.6" },
  { next: "^16.0.0", shadcn: "^4.23.1" },
])("npm gets the override for Babel before it installs the packages: %o", async (given) => {
  expect(await commandsOf(given)).toEqual([
    OVERRIDES,
    ["npm", "i", "--save-exact", "kitcn@0.1.0", "better-auth@1.7.25"],
  ]);
});

test("so it does where another package of the repository has brought one", async () => {
  const shadcn = { "node_modules/shadcn/package.json": '{ "version": "4.23.1" }' };
  expect((await commandsOf({}, "package-lock.json", shadcn))[0]).toEqual(OVERRIDES);
});

test("a package that package.json names already needs no override again", async () => {
  const [first] = await commandsOf({ nuxt: "^4.4.5", kitcn: "0.1.0" });
  expect(first).toEqual(["npm", "pkg", "set", "overrides[better-auth][@babel/core]=>=0"]);
});

test("other apps and other package managers need none", async () => {
  const commands = [
    ...(await commandsOf({ vite: "^8.0.0" })),
    ...(await commandsOf({ nuxt: "^4.4.5" }, "pnpm-lock.yaml")),
  ];
  expect(commands.flat()).not.toContain("pkg");
});
