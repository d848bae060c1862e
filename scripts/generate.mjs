// Writes what follows from the sources: the tables of the packaged component, from the installed Better Auth and
// its plugins, the JSON schema of plugins.lock.json, docs/api.md, docs/errors.md, and the files for agents.
// With --check it writes nothing and fails when one of them is out of date.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getAuthTables } from "better-auth/db";
import { sso } from "@better-auth/sso";
import { organization } from "better-auth/plugins";
import { format } from "prettier";
import { printEverything, printIndex, printSkill } from "./agent-pages.mjs";
import { printApiPage } from "./api-page.mjs";
import { isRoomOfCommands, isRoomOfFindings } from "./error-catalogue.mjs";
import { printErrorPage } from "./error-pages.mjs";
import { importTypeScript } from "./import-ts.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const check = process.argv.includes("--check");

/** A catalogue has one module a room. */
const roomsOf = (folder, isRoom) =>
  readdirSync(join(root, folder))
    .filter(isRoom)
    .sort()
    .map((name) => `${folder}/${name}`);
const rooms = {
  commands: roomsOf("codegen/errors", isRoomOfCommands),
  findings: roomsOf("codegen/errors", isRoomOfFindings),
  runtime: roomsOf("src/errors", (name) => name !== "error.ts" && name !== "codes.ts"),
};

const steps = [
  "codegen/plan/plan-tables.ts",
  "codegen/plan/packaged.ts",
  "codegen/print/packed-tables.ts",
  "codegen/lock/parse-lock.ts",
  "codegen/cli.ts",
  "test/support/plugin-matrix.ts",
];
const modules = await importTypeScript([...steps, ...Object.values(rooms).flat()]);
const { planTables, mergeSources, printPackedTables, lockJsonSchema, main, MATRIX } = Object.assign(
  {},
  ...steps.map((path) => modules[path]),
);
const catalogues = Object.fromEntries(
  Object.entries(rooms).map(([name, paths]) => [name, paths.map((path) => modules[path])]),
);

// Each plugin with all it may add, and those whose options add fields also without.
const variants = [...Object.values(MATRIX), { plugins: [organization()] }, { plugins: [sso()] }];
// Any app may force ids, and one component must fit all of them.
const plan = planTables(mergeSources(variants.map((options) => getAuthTables(options))), {
  placement: "component",
  forceIds: true,
  packaged: {},
});

// In this order: the last three read all pages.
const files = {
  "generated/component.tables.ts": () => printPackedTables(plan.tables),
  "generated/plugins.lock.schema.json": () => JSON.stringify(lockJsonSchema()),
  "docs/api.md": () => printApiPage(root),
  "docs/errors.md": () => printErrorPage(catalogues),
  "llms.txt": () => printIndex(root),
  "llms-full.txt": () => printEverything(root),
  "skills/kitcn/SKILL.md": () => printSkill(root),
};

let stale = 0;
for (const [name, print] of Object.entries(files)) {
  const wanted = name.endsWith(".txt")
    ? print()
    : await format(print(), { filepath: name, printWidth: 100 });
  const path = join(root, name);
  if (wanted === read(path)) continue;
  stale += 1;
  if (check) {
    console.error(`${name} is out of date; run \`node scripts/generate.mjs\`.`);
    continue;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, wanted);
  console.log(`wrote ${name}`);
}
if (check && stale > 0) process.exitCode = 1;

// The example's auth tables, by the program itself.
const mode = check ? "--check" : "--yes";
const code = await main(["add", "auth", "--schema", mode, "--cwd", join(root, "examples/teams")]);
if (code !== 0) process.exitCode = code;

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
