// `npm run next`: the suites against the newest better-auth, convex and convex-helpers, betas included, in a clone beside
// this repository. Prints what breaks. Arguments are folders or files of tests; none means all of them.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { moveTo, planMoves, printBreaks, type Manifest, type TestRun } from "./moves.js";

const tests = process.argv.slice(2);
const repo = resolve(".");
const clone = mkdtempSync(join(tmpdir(), "kitcn-next-"));

execFileSync("git", ["clone", "--quiet", repo, clone]);
const manifest = readJson<Manifest>(join(clone, "package.json"));
const moves = planMoves(manifest, versionsOf);
for (const { names, from, to } of moves)
  console.log(`${names.join(", ")}: ${from === to ? `${to} is the newest` : `${from} to ${to}`}`);
writeFileSync(join(clone, "package.json"), `${JSON.stringify(moveTo(manifest, moves), null, 2)}\n`);

// Peers of the old releases are what may not fit; whether it works is what the suites say.
const steps = [
  { title: "install", command: ["npm", "install", "--force", "--no-audit", "--no-fund"] },
  { title: "build", command: ["npm", "run", "build"] },
  { title: "types", command: ["npm", "run", "typecheck"] },
  { title: "lint", command: ["npm", "run", "lint"] },
  { title: "generated files", command: ["npm", "run", "generate:check"] },
];
const failed: { title: string; output: string }[] = [];
for (const { title, command } of steps) {
  console.log(`${title} ...`);
  const [program = "npm", ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: clone, encoding: "utf8" });
  if (status === 0) continue;
  failed.push({ title, output: `${stdout}${stderr}` });
  if (title === "install" || title === "build") break;
}

const results = join(clone, "next.json");
if (failed.every(({ title }) => title !== "install" && title !== "build")) {
  console.log("tests ...");
  const args = ["vitest", "run", ...tests, "--reporter=default", "--reporter=json"];
  spawnSync("npx", [...args, `--outputFile.json=${results}`], { cwd: clone, stdio: "inherit" });
}
const run = existsSync(results) ? readJson<TestRun>(results) : undefined;
console.log(printBreaks({ moves, failed, run, root: clone }));
console.log(`The clone is ${clone}`);
process.exitCode = failed.length === 0 && run?.success === true ? 0 : 1;

// --- internal ---

/** Of npm, oldest first. */
function versionsOf(name: string): readonly string[] {
  const answer = execFileSync("npm", ["view", name, "versions", "--json"], { encoding: "utf8" });
  return [JSON.parse(answer) as string | string[]].flat(); // npm prints one version without the list
}

/** A file that npm or vitest wrote. */
function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T; // its shape is its writer's
}
