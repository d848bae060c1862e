// What `kitcn doctor` says about files of the functions directory: what is out of date, not wired, or not finished.
// Only sentences: each function takes names and texts, and decides nothing. `path` and `file` are as the user knows them.
import type { Finding } from "./finding-codes.js";
import { isOne, listed } from "./words.js";

// What kitcn writes.

export const indexesMissing = ({ indexes }: { indexes: readonly string[] }): Finding => ({
  code: "MISSING_INDEXES",
  level: "error",
  message: `The auth tables lack ${isOne(indexes) ? "an index" : "indexes"} that Better Auth's queries need: ${indexes.join(", ")}.`,
  fix: REFRESH,
});

export const schemaDrifted = ({ paths }: { paths: readonly string[] }): Finding => ({
  code: "SCHEMA_DRIFT",
  level: "error",
  message: noLongerFit(paths),
  fix: REFRESH,
});

export const schemaMissing = ({ paths }: { paths: readonly string[] }): Finding => ({
  code: "SCHEMA_DRIFT",
  level: "error",
  message: areMissing(paths),
  fix: REFRESH,
});

/** `what`: the part, as `column user.plan`. */
export const schemaConflicts = (input: {
  what: string;
  wanted: string;
  file: string;
  line: number;
}): Finding => ({
  ...conflict(input),
  fix: `Write \`${input.wanted}\` there. Or have kitcn write it: npx kitcn add auth --schema --overwrite --yes`,
});

/** Where kitcn cannot edit the code. */
export const schemaUnreadable = (input: {
  what: string;
  wanted: string;
  file: string;
  line: number;
}): Finding => ({
  ...conflict(input),
  fix: `Write \`${input.wanted}\` there.`,
});

/** `lost`: a sentence on what relations.ts lost. */
export const relationsDrifted = ({ lost }: { lost: string }): Finding => ({
  code: "SCHEMA_DRIFT",
  level: "error",
  message: `${lost}`,
  fix: REFRESH,
});

/** `paths`: the other files. */
export const relationsAndSchemaDrifted = ({
  lost,
  paths,
}: {
  lost: string;
  paths: readonly string[];
}): Finding => ({
  code: "SCHEMA_DRIFT",
  level: "error",
  message: `${lost} ${noLongerFit(paths)}`,
  fix: REFRESH,
});

export const generatedStale = ({ paths }: { paths: readonly string[] }): Finding => ({
  code: "GENERATED_STALE",
  level: "error",
  message: `${listed(paths)} ${isOne(paths) ? "is" : "are"} out of date.`,
  fix: "npx kitcn codegen",
});

export const generatedMissing = ({ paths }: { paths: readonly string[] }): Finding => ({
  code: "GENERATED_STALE",
  level: "error",
  message: areMissing(paths),
  fix: "npx kitcn codegen",
});

// What the app has to load.

export const httpMissing = ({ path }: { path: string }): Finding => ({
  code: "HTTP_NOT_WIRED",
  level: "error",
  message: `${path} does not exist, so the app does not register the auth routes.`,
  fix: WIRE_HTTP,
});

export const httpNotWired = ({ path }: { path: string }): Finding => ({
  code: "HTTP_NOT_WIRED",
  level: "error",
  message: `${path} does not register the auth routes.`,
  fix: WIRE_HTTP,
});

/** `source`: what the component is imported from. */
export const configMissing = ({ path, source }: { path: string; source: string }): Finding => ({
  code: "COMPONENT_NOT_MOUNTED",
  level: "error",
  message: `${path} does not exist, so the app does not mount the auth component, where some auth tables live.`,
  fix: mount(source),
});

export const componentNotMounted = ({
  path,
  source,
}: {
  path: string;
  source: string;
}): Finding => ({
  code: "COMPONENT_NOT_MOUNTED",
  level: "error",
  message: `${path} does not mount the auth component, where some auth tables live.`,
  fix: mount(source),
});

/** `statement`: the import to write. */
export const triggersNotLoaded = ({
  statement,
  file,
  line,
}: {
  statement: string;
  file: string;
  line: number;
}): Finding => ({
  code: "TRIGGERS_NOT_LOADED",
  level: "warning",
  message: `${file}:${line}: these triggers never fire, since schema.ts does not load this file.`,
  fix: `Add \`${statement}\` to schema.ts.`,
  file,
  line,
});

export const proceduresBypass = ({ file, line }: { file: string; line: number }): Finding => ({
  code: "TRIGGER_BYPASS",
  level: "warning",
  message: `${file}:${line}: \`create()\` without builders takes those of Convex, which fire no triggers.`,
  fix: "Pass it the builders of generated/server: `create({ query, mutation })`.",
  file,
  line,
});

export const builderBypasses = ({
  builder,
  file,
  line,
}: {
  builder: string;
  file: string;
  line: number;
}): Finding => ({
  code: "TRIGGER_BYPASS",
  level: "warning",
  message: `${file}:${line}: \`${builder}\` of Convex fires no triggers.`,
  fix: "Import it from generated/server instead of _generated/server.",
  file,
  line,
});

// What is left to its author.

export const codeUnfinished = ({
  todo,
  level,
  file,
  line,
}: {
  todo: string;
  level: Finding["level"];
  file: string;
  line: number;
}): Finding => ({
  code: "UNFINISHED_CODE",
  level,
  message: `${file}:${line} has code that you have to finish: ${todo}`,
  fix: "Write that code, then delete the comment that begins with TODO(kitcn).",
  file,
  line,
});

// --- internal ---

const REFRESH =
  "npx kitcn add auth --schema --yes, then push: npx convex dev, in production npx convex deploy";

const WIRE_HTTP =
  "Add `registerRoutes(http, authRoutes)`, with registerRoutes from kitcn/auth/http and authRoutes from generated/routes; `npx kitcn add auth --yes` does it.";

function conflict({ what, file, line }: { what: string; file: string; line: number }) {
  return {
    code: "SCHEMA_CONFLICT",
    level: "warning",
    message: `${file}:${line}: ${what} is not what Better Auth needs.`,
    file,
    line,
  } as const;
}

function areMissing(paths: readonly string[]): string {
  return `${listed(paths)} ${isOne(paths) ? "is" : "are"} missing.`;
}

function noLongerFit(paths: readonly string[]): string {
  return `${listed(paths)} no longer ${isOne(paths) ? "fits" : "fit"} auth.ts.`;
}

function mount(source: string): string {
  return `Add \`import authComponent from "${source}"\` and \`app.use(authComponent)\`; \`npx kitcn add auth --yes\` does it.`;
}
