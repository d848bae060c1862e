// Finds the files of a vendor by what their names say: users, organizations, members and so on. Pure.
import { CodegenError } from "../../errors.js";
import type { SourceFile } from "../types.js";

/** The files of each kind, by the first pattern that fits; a single file that fits none is of `fallback`. */
export function filesByKind<Kind extends string>(
  files: readonly SourceFile[],
  patterns: Readonly<Record<Kind, RegExp>>,
  fallback: NoInfer<Kind>,
): ReadonlyMap<Kind, readonly SourceFile[]> {
  const readable = files.filter(({ name }) => /\.(csv|json|jsonl|ndjson)$/i.test(name));
  const kinds = Object.entries<RegExp>(patterns) as [Kind, RegExp][]; // its own entries
  const found = new Map<Kind, SourceFile[]>();
  for (const file of readable) {
    const stem = (file.name.split("/").at(-1) ?? "").toLowerCase();
    const kind = kinds.find(([, pattern]) => pattern.test(stem))?.[0];
    const own = kind ?? (readable.length === 1 ? fallback : undefined);
    if (own === undefined) throw unknownFile(file.name, Object.keys(patterns));
    found.set(own, [...(found.get(own) ?? []), file]);
  }
  return found;
}

// --- internal ---

function unknownFile(name: string, kinds: readonly string[]): CodegenError {
  return new CodegenError({
    code: "UNKNOWN_IMPORT_FILE",
    message: `The name of ${name} does not say what is in it.`,
    hint: `Begin it with one of: ${kinds.join(", ")}. Leave out what is not of the export.`,
    exitCode: 2,
  });
}
