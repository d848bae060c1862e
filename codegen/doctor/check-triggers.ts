// Findings about triggers that do not fire. Pure.
import { builderBypasses, proceduresBypass, triggersNotLoaded } from "../errors/doctor-files.js";
import type { SilentTriggers } from "../load/triggers.js";
import type { Finding } from "./types.js";

/** `TRIGGERS_NOT_LOADED`, `TRIGGER_BYPASS`, in the order of files and lines. */
export function checkTriggers(silent: readonly SilentTriggers[]): Finding[] {
  return [...silent]
    .sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
    .map(findingOf);
}

// --- internal ---

function findingOf(one: SilentTriggers): Finding {
  const { file, line } = one;
  if (one.kind === "unloaded")
    return triggersNotLoaded({ statement: `import ${JSON.stringify(one.specifier)}`, file, line });
  return one.builder === undefined
    ? proceduresBypass({ file, line })
    : builderBypasses({ builder: one.builder, file, line });
}
