// console: what Convex has of it, and no more. A method that it lacks is not a function here either.

/** Where lines go, how values are printed, and what time it is. */
export type Sink = {
  readonly log: (level: string, text: string) => void;
  readonly show: (value: unknown) => string;
  /** How a line of a timer is printed. */
  readonly showLine: (line: string) => string;
  /** In ms. */
  readonly now: () => number;
};

/** Convex cuts a longer text, in UTF-16 code units. */
export const MAX_TEXT = 32_768;

const LEVELS = ["debug", "error", "info", "log", "warn", "trace"];

export function createConsole({
  log,
  show,
  showLine,
  now,
}: Sink): Record<string, (...args: unknown[]) => void> {
  const started = new Map<string, number>();
  const made = Object.create({}) as ReturnType<typeof createConsole>;
  const report = (label: string, args: unknown[]) => {
    const start = started.get(label);
    if (start === undefined) return log("warn", showLine(`Timer '${label}' does not exist`));
    log("info", [showLine(`${label}: ${now() - start}ms`), ...args.map(show)].join(" "));
  };
  for (const level of LEVELS) made[level] = (...args) => log(level, args.map(show).join(" "));
  made["time"] = (given) => {
    const label = labelOf(given);
    if (started.has(label)) log("warn", showLine(`Timer '${label}' already exists`));
    else started.set(label, now());
  };
  made["timeLog"] = (label, ...args) => report(labelOf(label), args);
  made["timeEnd"] = (label) => {
    report(labelOf(label), []);
    started.delete(labelOf(label));
  };
  return Object.defineProperty(made, Symbol.toStringTag, { value: "console", configurable: true });
}

// --- internal ---

function labelOf(label: unknown): string {
  return label === undefined ? "default" : String(label);
}
