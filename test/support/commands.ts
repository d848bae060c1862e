// Commands that a test runs and that have to succeed, and the words that several suites begin them with.
// Knows no app and no framework.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { runIn, type PackedApp, type Ran } from "./packed-app.js";

/** `npm install`, without what nobody reads in a test. */
export const NPM_INSTALL = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"];

/** Fails with what the command printed. */
export function succeeded<One extends Ran>(ran: One): One {
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  return ran;
}

/** Runs a program of the app that has to succeed, without a deployment if `env` names none. Returns what it printed. */
export async function succeed(
  app: PackedApp,
  command: readonly string[],
  env: Record<string, string> = { CONVEX_DEPLOYMENT: "" },
): Promise<string> {
  const { code, stdout, stderr } = await app.run(command, env);
  expect(code, `${command.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Runs any program that has to succeed. */
export async function runOrThrow(
  cwd: string,
  command: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const { code, stdout, stderr } = await runIn(cwd, command, env);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}\n${stdout}\n${stderr}`);
}

/** Arguments for node that serve a build of Next, which is installed in one of the folders. */
export function argsOfNext(folders: readonly string[], port: number): string[] {
  const program = folders
    .map((folder) => join(folder, "node_modules/next/dist/bin/next"))
    .find((path) => existsSync(path));
  if (program === undefined) throw new Error(`Next is not installed in ${folders.join(" or ")}`);
  return [program, "start", "--port", String(port), "--hostname", "127.0.0.1"];
}
