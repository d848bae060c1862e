// How long commands take, as medians and as multiples of `node -e 0` on the same machine in the same minute.
import { join, resolve } from "node:path";
import { x } from "tinyexec";
import type { BenchApp } from "./apps.js";

export type Timing = { readonly name: string; readonly ms: number; readonly ratio: number };

/** The CLI, warm: each command ran once before. */
export async function measureCommands(app: BenchApp): Promise<Timing[]> {
  const cli = join(app.dir, "node_modules/kitcn/dist/codegen/cli.js");
  const commands: Record<string, string[]> = {
    "node -e 0": ["-e", "0"],
    "kitcn --version": [cli, "--version"],
    "kitcn codegen": [cli, "codegen"],
    "kitcn add auth --schema --check": [cli, "add", "auth", "--schema", "--check"],
  };
  const all: Record<string, number[]> = {};
  // In turns, so that a busy moment of the machine is nobody's own.
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, args] of Object.entries(commands)) {
      const ms = await timeOf(app, args);
      if (round > 0) (all[name] ??= []).push(ms);
    }
  const base = median(all["node -e 0"] ?? []);
  return Object.entries(all).map(([name, times]) => ({
    name,
    ms: median(times),
    ratio: median(times) / base,
  }));
}

/** Figures of `tsc --extendedDiagnostics`, by its own names. */
export async function measureTypes({ dir }: BenchApp): Promise<Record<string, string>> {
  const tsc = resolve("node_modules/typescript/bin/tsc");
  const args = [tsc, "-p", join(dir, "convex"), "--noEmit", "--extendedDiagnostics"];
  const { stdout, exitCode } = await x(process.execPath, args, { nodeOptions: { cwd: dir } });
  if (exitCode !== 0) throw new Error(`tsc ended with ${exitCode}\n${stdout}`);
  const lines = stdout.split("\n").map((line) => line.split(/:\s+/));
  return Object.fromEntries(
    lines.flatMap(([name = "", value = ""]) => (DIAGNOSTICS.includes(name) ? [[name, value]] : [])),
  );
}

// --- internal ---

const ROUNDS = 7;
const DIAGNOSTICS = ["Files", "Types", "Instantiations", "Memory used", "Check time"];

async function timeOf({ dir, deployment }: BenchApp, args: readonly string[]): Promise<number> {
  const start = performance.now();
  const { exitCode, stdout, stderr } = await x(process.execPath, [...args], {
    nodeOptions: { cwd: dir, env: { ...process.env, ...deployment.cliEnv } },
  });
  const ms = performance.now() - start;
  if (exitCode !== 0)
    throw new Error(`${args.join(" ")} ended with ${exitCode}\n${stdout}${stderr}`);
  return ms;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
