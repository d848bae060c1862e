// Parses and checks plugins.lock.json. Pure. The only part of codegen's daily path that needs zod.
import * as z from "zod";
import { CodegenError } from "../errors.js";
import { lineOfConflict, lineOfParseError, lineOfPath } from "./json-lines.js";
import { isOwnEntry, LOCK_VERSION, type Lock, type LockEntry } from "./lock.js";

/**
 * Parses a lock.
 *
 * @throws CodegenError `LOCK_CONFLICT`, `LOCK_CORRUPT`, `LOCK_TOO_NEW`, each with the line
 */
export function parseLock(text: string, path: string): Lock {
  const conflict = lineOfConflict(text);
  if (conflict !== undefined)
    throw new CodegenError({
      code: "LOCK_CONFLICT",
      message: `${path}:${conflict} holds an unresolved merge conflict.`,
      hint: "Keep either side (the next run completes it), remove the markers, and run the command again.",
    });
  const json = parseJson(text, path);
  const file = check(vLock, {
    json,
    text,
    path,
    at: [],
  });
  if (file.version > LOCK_VERSION)
    throw new CodegenError({
      code: "LOCK_TOO_NEW",
      message: `${path}:${lineOfPath(text, ["version"])} has version ${file.version}; this kitcn writes version ${LOCK_VERSION}.`,
      hint: "Update kitcn: npm install kitcn@latest",
    });
  const { version: _version, plugins, ...rest } = file;
  const entries: Record<string, LockEntry> = {};
  const foreign: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(plugins)) {
    if (isOwnEntry(key))
      entries[key] = check(vEntry, { json: value, text, path, at: ["plugins", key] });
    else foreign[key] = value;
  }
  return { entries, foreign, rest };
}

// --- internal ---

const vItem = z.union([
  z.string().min(1),
  z.looseObject({
    fingerprint: z.string().min(1),
    field: z.string().optional(),
    orphaned: z.literal(true).optional(),
  }),
]);

const vTable = z.looseObject({
  models: z.array(z.string()),
  owner: z.enum(["managed", "local"]),
  orphaned: z.literal(true).optional(),
  fields: z.record(z.string(), vItem),
  indexes: z.record(z.string(), vItem),
});

const vEntry = z.looseObject({
  package: z.string().optional(),
  version: z.string().optional(),
  placement: z.enum(["split", "component", "app"]).optional(),
  files: z.array(z.string()).optional(),
  tables: z.record(z.string(), vTable),
  relations: z.record(z.string(), z.record(z.string(), z.string())).optional(),
}) satisfies z.ZodType<LockEntry>;

const vLock = z.looseObject({
  version: z.number(),
  plugins: z.record(z.string(), z.unknown()),
});

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw corrupt(path, lineOfParseError(text, cause), "is no valid JSON", cause);
  }
}

function check<T>(
  schema: z.ZodType<T>,
  input: {
    readonly json: unknown;
    readonly text: string;
    readonly path: string;
    readonly at: readonly PropertyKey[];
  },
): T {
  const result = schema.safeParse(input.json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const at = [...input.at, ...(issue?.path ?? [])];
  const where = at.length === 0 ? "the top" : at.map(String).join(".");
  throw corrupt(
    input.path,
    lineOfPath(input.text, at),
    `is broken at ${where}: ${issue?.message ?? "unknown"}`,
    result.error,
  );
}

function corrupt(path: string, line: number, what: string, cause: unknown): CodegenError {
  return new CodegenError({
    code: "LOCK_CORRUPT",
    message: `${path}:${line} ${what}.`,
    hint: "Restore the file from version control. Without it kitcn cannot tell its lines from yours, so nothing was written.",
    cause,
  });
}
