// Writes generated/ of this package: schema and metadata of the packaged component, from the installed
// Better Auth. With --check it writes nothing and fails when generated/ is out of date.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { getAuthTables } from "better-auth/db";
import { jwt } from "better-auth/plugins/jwt";
import { createJiti } from "jiti";
import { format } from "prettier";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const check = process.argv.includes("--check");

const jiti = createJiti(import.meta.url);
const { planTables } = await jiti.import("../codegen/plan/plan-tables.ts");
const { COMPONENT_MODELS } = await jiti.import("../codegen/plan/placement.ts");
const { printComponentSchema, printTables } = await jiti.import(
  "../codegen/print/component-schema.ts",
);

const all = getAuthTables({ plugins: [jwt()], rateLimit: { storage: "database" } });
const source = Object.fromEntries(COMPONENT_MODELS.map((model) => [model, all[model]]));
// Any app may force ids, and one component must fit all of them.
const plan = planTables(source, { placement: "component", forceIds: true });

const files = {
  "generated/component.schema.ts": printComponentSchema(plan),
  "generated/component.tables.ts": printTables(plan),
};

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const wanted = await format(text, { parser: "typescript", printWidth: 100 });
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

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
