// Processes of this machine, as /proc lists them.
import { readFileSync, readdirSync } from "node:fs";

/** Processes whose parent `pid` is, and theirs. */
export function descendants(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => statOf(one)?.parent === pid);
  return [...children, ...children.flatMap(descendants)];
}

/** False also for one that ended and that nobody asked for its exit code yet. */
export function isAlive(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.state !== "Z";
}

// --- internal ---

function statOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const [, state = "", parent] =
      /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8")) ?? [];
    return { state, parent: Number(parent) };
  } catch {
    // It ended since.
    return undefined;
  }
}
