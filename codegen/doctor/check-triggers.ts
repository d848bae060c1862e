// Findings about triggers that do not fire. Pure.
import type { SilentTriggers } from "../load/triggers.js";
import type { Finding } from "./types.js";

/** `TRIGGERS_NOT_LOADED`, `TRIGGER_BYPASS`, in the order of files and lines. */
export function checkTriggers(silent: readonly SilentTriggers[]): Finding[] {
  return [...silent]
    .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
    .map((one) => (one.kind === "unloaded" ? notLoaded(one) : bypass(one)));
}

// --- internal ---

type Of<Kind extends SilentTriggers["kind"]> = Extract<SilentTriggers, { kind: Kind }>;

function notLoaded({ file, line, specifier }: Of<"unloaded">): Finding {
  return {
    code: "TRIGGERS_NOT_LOADED",
    level: "warning",
    message: `${file}:${line}: these triggers never fire, since schema.ts does not load this file.`,
    fix: `Add \`import ${JSON.stringify(specifier)}\` to schema.ts.`,
    file,
    line,
  };
}

function bypass({ file, line, builder }: Of<"bypass">): Finding {
  const isProcedures = builder === undefined;
  return {
    code: "TRIGGER_BYPASS",
    level: "warning",
    message: isProcedures
      ? `${file}:${line}: \`create()\` without builders takes those of Convex, which fire no triggers.`
      : `${file}:${line}: \`${builder}\` of Convex fires no triggers.`,
    fix: isProcedures
      ? "Pass it the builders of generated/server: `create({ query, mutation })`."
      : "Import it from generated/server instead of _generated/server.",
    file,
    line,
  };
}
