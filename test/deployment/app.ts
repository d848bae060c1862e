// Apps for the tests of the stand-in: a few files in a folder of their own, and the real convex CLI in it.
import { symlinkSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { anyApi, type FunctionReference } from "convex/server";
import { x, type Result } from "tinyexec";
import { convexProgram } from "../../codegen/env/convex-program.js";

export type App = {
  readonly write: (path: string, text: string) => Promise<void>;
  /** Runs the CLI with these variables; never throws for a failing command. */
  readonly convex: (
    env: Readonly<Record<string, string>>,
    ...args: string[]
  ) => Promise<{ code: number | undefined; text: string; stdout: string }>;
  /** A command that goes on until it is killed: its lines as they come. */
  readonly start: (env: Readonly<Record<string, string>>, ...args: string[]) => Result;
};

/** @example const app = await createApp({ "convex/items.ts": "export const list = ..." }); */
export async function createApp(files: Readonly<Record<string, string>>): Promise<App> {
  const dir = await mkdtemp(join(tmpdir(), "kitcn-deployment-"));
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  };
  await write("package.json", JSON.stringify({ type: "module", dependencies: { convex: "*" } }));
  for (const [path, text] of Object.entries(files)) await write(path, text);
  symlinkSync(resolve("node_modules"), join(dir, "node_modules"));
  const start: App["start"] = (env, ...args) => {
    const program = convexProgram(resolve("node_modules/convex/bin/main.js"));
    return x(process.execPath, [program, ...args], {
      nodeOptions: { cwd: dir, env: { ...process.env, ...env } },
    });
  };
  return {
    write,
    start,
    convex: async (env, ...args) => {
      const { exitCode, stdout, stderr } = await start(env, ...args);
      return { code: exitCode, text: stdout + stderr, stdout: stdout.trim() };
    },
  };
}

export const DEPLOY = ["deploy", "--yes", "--typecheck", "disable"] as const;

// The apps' types are not ours.
export const query = (path: string) => reference(path) as FunctionReference<"query">;
export const mutation = (path: string) => reference(path) as FunctionReference<"mutation">;
export const action = (path: string) => reference(path) as FunctionReference<"action">;

// --- internal ---

function reference(path: string): unknown {
  const [module = "", name = ""] = path.split(":");
  return anyApi[module]![name];
}
