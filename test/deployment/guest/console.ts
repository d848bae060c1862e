// console: what Convex has of it, and no more. A method that it lacks is not a function here either.
import { host } from "./host.js";

/** Where lines go, and what time it is. */
export type Sink = {
  readonly log: (level: string, text: string) => void;
  /** In ms. */
  readonly now: () => number;
};

const LEVELS = ["debug", "error", "info", "log", "warn", "trace"];

export function createConsole({ log, now }: Sink): Record<string, (...args: unknown[]) => void> {
  const started = new Map<string, number>();
  const made = Object.create({}) as ReturnType<typeof createConsole>;
  const report = (label: string, args: unknown[]) => {
    const start = started.get(label);
    if (start === undefined) return log("warn", `Timer '${label}' does not exist`);
    const rest = args.map(show).join(" ");
    log("info", `${label}: ${now() - start}ms${rest && ` ${rest}`}`);
  };
  for (const level of LEVELS) made[level] = (...args) => log(level, args.map(show).join(" "));
  made["time"] = (given) => {
    const label = labelOf(given);
    if (started.has(label)) log("warn", `Timer '${label}' already exists`);
    else started.set(label, now());
  };
  made["timeLog"] = (label, ...args) => report(labelOf(label), args);
  made["timeEnd"] = (label) => {
    report(labelOf(label), []);
    started.delete(labelOf(label));
  };
  return Object.defineProperty(made, Symbol.toStringTag, { value: "console", configurable: true });
}

/** Of the guest. */
export const console = createConsole({
  log: (level, text) => host.log(level, text),
  now: () => host.performanceNow(),
});

// --- internal ---

function labelOf(label: unknown): string {
  return label === undefined ? "default" : String(label);
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
