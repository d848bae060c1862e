// Better Auth's own CLI, the real one: installed once per machine, outside the repository and without the
// install scripts of its 190 packages.
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { x } from "tinyexec";

/** The last version under this name; its successor, `auth`, asks for Node 22. */
const VERSION = "1.4.22";

/** The CLI's program file. */
export async function installBetterAuthCli(): Promise<string> {
  const home = join(tmpdir(), `kitcn-better-auth-cli-${VERSION}`);
  const program = join(home, "node_modules/@better-auth/cli/dist/index.mjs");
  if (existsSync(program)) return program;
  const fresh = mkdtempSync(`${home}-`);
  writeFileSync(join(fresh, "package.json"), '{ "private": true }');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { exitCode, stderr } = await x(
    "npm",
    ["install", ...flags, `@better-auth/cli@${VERSION}`],
    { nodeOptions: { cwd: fresh } },
  );
  if (exitCode !== 0) throw new Error(`npm install failed\n${stderr}`);
  try {
    renameSync(fresh, home);
  } catch (error) {
    // Another run was first.
    if (!existsSync(program)) throw error;
    rmSync(fresh, { recursive: true });
  }
  return program;
}
