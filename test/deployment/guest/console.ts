// console: what Convex has of it, and no more. A method that it lacks is not a function here either.
import { host } from "./host.js";

const LEVELS = ["debug", "error", "info", "log", "warn", "trace"];
const started = new Map<string, number>();

export const console = Object.create({}) as Record<string, (...args: unknown[]) => void>;
for (const level of LEVELS) console[level] = (...args) => host.log(level, args.map(show).join(" "));
console["time"] = (label) => void started.set(labelOf(label), host.performanceNow());
console["timeLog"] = (label, ...args) => report(labelOf(label), args);
console["timeEnd"] = (label) => {
  report(labelOf(label), []);
  started.delete(labelOf(label));
};
Object.defineProperty(console, Symbol.toStringTag, { value: "console", configurable: true });

// --- internal ---

function labelOf(label: unknown): string {
  return label === undefined ? "default" : String(label);
}

function report(label: string, args: unknown[]): void {
  const start = started.get(label);
  if (start === undefined) return host.log("warn", `Timer '${label}' does not exist`);
  const rest = args.map(show).join(" ");
  host.log("info", `${label}: ${host.performanceNow() - start}ms${rest && ` ${rest}`}`);
}

function show(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ?? value.message;
  try {
    return (
      JSON.stringify(value, (_key, item: unknown) =>
        typeof item === "bigint" ? `${item}n` : item,
      ) ?? String(value)
    );
  } catch {
    return String(value);
  }
}
