// Parses and checks plugins.lock.json. Pure. The only part of codegen's daily path that needs zod.
import * as z from "zod";
import { lockConflict, lockCorrupt, lockNotJson, lockTooNew } from "../errors/lock.js";
import { lineOfConflict, lineOfParseError, lineOfPath } from "./json-lines.js";
import { isOwnEntry, LOCK_FILE, LOCK_VERSION, type Lock, type LockEntry } from "./lock.js";

/**
 * Parses a lock.
 *
 * @throws CodegenError `LOCK_CONFLICT`, `LOCK_CORRUPT`, `LOCK_TOO_NEW`, each with the line
 */
export function parseLock(text: string, path: string): Lock {
  const conflict = lineOfConflict(text);
  if (conflict !== undefined) throw lockConflict({ place: `${path}:${conflict}` });
  const json = parseJson(text, path);
  const file = check(vLock, {
    json,
    text,
    path,
    at: [],
  });
  if (file.version > LOCK_VERSION)
    throw lockTooNew({
      place: `${path}:${lineOfPath(text, ["version"])}`,
      version: file.version,
      own: LOCK_VERSION,
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

/** The JSON schema of the lock, for editors: what parseLock accepts. */
export function lockJsonSchema(): object {
  const entry = z.toJSONSchema(vEntry);
  const { $schema, ...lock } = z.toJSONSchema(vLock);
  return {
    $schema,
    title: LOCK_FILE,
    ...lock,
    properties: {
      ...lock.properties,
      plugins: {
        type: "object",
        properties: { "better-auth": { $ref: "#/$defs/entry" } },
        patternProperties: { "^better-auth/": { $ref: "#/$defs/entry" } },
      },
    },
    $defs: { entry: { ...entry, $schema: undefined } },
  };
}

// --- internal ---

const vFingerprint = z
  .string()
  .min(1)
  .describe("Hash of the part's meaning as it was last written; survives reformatting.");

const vItem = z
  .union([
    vFingerprint,
    z.looseObject({
      fingerprint: vFingerprint,
      field: z
        .string()
        .optional()
        .describe("Better Auth's field, where the column is named otherwise."),
      orphaned: z.literal(true).optional().describe("No plugin asks for it any more."),
    }),
  ])
  .describe("A column or an index that kitcn wrote.");

const vTable = z
  .looseObject({
    models: z.array(z.string()).describe("Better Auth's models that are stored in the table."),
    owner: z
      .enum(["managed", "local"])
      .describe(
        "managed: kitcn wrote the block. local: the user declared the table; never touched.",
      ),
    orphaned: z.literal(true).optional().describe("No plugin asks for the table any more."),
    fields: z.record(z.string(), vItem).describe("By column."),
    indexes: z.record(z.string(), vItem).describe("By name of the index."),
  })
  .describe("What one plugin brings to a table.");

const vEntry = z
  .looseObject({
    package: z.string().optional().describe("The npm package the plugin comes from."),
    version: z.string().optional().describe("Its version at the last run that changed the lock."),
    placement: z
      .enum(["split", "component", "app"])
      .optional()
      .describe("Where the auth tables live; in the entry of better-auth only."),
    files: z
      .array(z.string())
      .optional()
      .describe("Files with parts of kitcn's, relative to the functions directory."),
    tables: z.record(z.string(), vTable).describe("By table."),
    relations: z
      .record(z.string(), z.record(z.string(), z.string()))
      .optional()
      .describe("Fingerprints of relations.ts, by table and name."),
    pages: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "Hashes of the auth pages as kitcn wrote them, by path from the functions directory.",
      ),
  })
  .describe("A Better Auth plugin, or its core.") satisfies z.ZodType<LockEntry>;

const vLock = z.looseObject({
  version: z.number().describe("Of this format. A newer one is refused."),
  plugins: z
    .record(z.string(), z.unknown())
    .describe(
      "Entries of kitcn are `better-auth` and `better-auth/<plugin id>`; others pass through.",
    ),
});

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw lockNotJson({ place: `${path}:${lineOfParseError(text, cause)}`, cause });
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
  throw lockCorrupt({
    place: `${input.path}:${lineOfPath(input.text, at)}`,
    key: at.length === 0 ? "the top" : at.map(String).join("."),
    reason: issue?.message ?? "unknown",
    cause: result.error,
  });
}
