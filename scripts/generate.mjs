// Writes what follows from the sources: the tables of the packaged component, from the installed Better Auth and
// its plugins, the JSON schema of plugins.lock.json, docs/api.md, docs/errors.md, and the files for agents.
// With --check it writes nothing and fails when one of them is out of date.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getAuthTables } from "better-auth/db";
import { sso } from "@better-auth/sso";
import { organization } from "better-auth/plugins";
import { createJiti } from "jiti";
import { format } from "prettier";
import { printEverything, printIndex, printSkill } from "./agent-pages.mjs";
import { printApiPage } from "./api-page.mjs";
import { isRoomOfCommands, isRoomOfFindings } from "./error-catalogue.mjs";
import { printErrorPage } from "./error-pages.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const check = process.argv.includes("--check");

const jiti = createJiti(import.meta.url);
const { planTables } = await jiti.import("../codegen/plan/plan-tables.ts");
const { mergeSources } = await jiti.import("../codegen/plan/packaged.ts");
const { printPackedTables } = await jiti.import("../codegen/print/packed-tables.ts");

const { lockJsonSchema } = await jiti.import("../codegen/lock/parse-lock.ts");
const { MATRIX } = await jiti.import("../test/support/plugin-matrix.ts");

// Each plugin with all it may add, and those whose options add fields also without.
const variants = [...Object.values(MATRIX), { plugins: [organization()] }, { plugins: [sso()] }];
// Any app may force ids, and one component must fit all of them.
const plan = planTables(mergeSources(variants.map((options) => getAuthTables(options))), {
  placement: "component",
  forceIds: true,
  packaged: {},
});

/** A catalogue has one module a room. */
const roomsOf = (folder, isRoom) =>
  Promise.all(
    readdirSync(join(root, folder))
      .filter(isRoom)
      .sort()
      .map((name) => jiti.import(`../${folder}/${name}`)),
  );
const catalogues = {
  commands: await roomsOf("codegen/errors", isRoomOfCommands),
  findings: await roomsOf("codegen/errors", isRoomOfFindings),
  runtime: await roomsOf("src/errors", (name) => name !== "error.ts" && name !== "codes.ts"),
};

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
const { main } = await jiti.import("../codegen/cli.ts");
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
