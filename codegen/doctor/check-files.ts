// Findings about the app's files: what is out of date or not wired. Pure; texts in, findings out.
import type { ModuleReader } from "../modules/resolve.js";
import {
  componentSource,
  patchConvexConfig,
  type ComponentSource,
} from "../patch/convex-config.js";
import { patchHttp } from "../patch/http.js";
import type { Patch } from "../patch/types.js";
import type { Module } from "../edit/index.js";
import { CodegenError } from "../errors.js";
import {
  componentNotMounted,
  configMissing,
  generatedMissing,
  generatedStale,
  httpMissing,
  httpNotWired,
  indexesMissing,
  relationsAndSchemaDrifted,
  relationsDrifted,
  schemaConflicts,
  schemaDrifted,
  schemaMissing,
  schemaUnreadable,
} from "../errors/doctor-files.js";
import type { Conflict } from "../merge/types.js";
import type { FileChange } from "../types.js";
import { findingOf, fixOf } from "./fix-of.js";
import type { Finding } from "./types.js";

/** A module of the app. */
export type SourceFile = {
  readonly path: string;
  /** Undefined where there is none at its path. @throws CodegenError `SYNTAX_ERROR` */
  readonly open: () => Module | undefined;
};

/** What a refresh of the schema would change, by kind of file. */
export type DriftFacts = {
  readonly schema: readonly FileChange[];
  readonly generated: readonly FileChange[];
  /** What relations.ts lost, as a sentence that begins with its path. */
  readonly missingExport?: string | undefined;
  /** Shows a path as the user knows it. */
  readonly shorten: (path: string) => string;
};

/** `MISSING_INDEXES`, `SCHEMA_DRIFT`, `GENERATED_STALE`. */
export function checkDrift(facts: DriftFacts): Finding[] {
  const schema = byPresence(facts.schema);
  const generated = byPresence(facts.generated);
  const shorten = (files: readonly FileChange[]) => files.map(({ path }) => facts.shorten(path));
  // A file that is missing lacks all that it would have: that it is missing says so.
  const indexes = schema.present.flatMap(missingIndexes);
  const ofSchema = [
    ...(indexes.length > 0 ? [indexesMissing({ indexes })] : []),
    ...(schema.missing.length > 0 ? [schemaMissing({ paths: shorten(schema.missing) })] : []),
    ...(schema.present.length > 0 ? [driftOf({ ...facts, schema: schema.present })] : []),
  ];
  // What refreshes the schema refreshes the generated modules, too.
  if (ofSchema.length > 0) return ofSchema;
  return [
    ...(generated.missing.length > 0
      ? [generatedMissing({ paths: shorten(generated.missing) })]
      : []),
    ...(generated.present.length > 0
      ? [generatedStale({ paths: shorten(generated.present) })]
      : []),
  ];
}

/** `SCHEMA_CONFLICT`: what a refresh of the schema keeps as the author wrote it. */
export function checkConflicts(conflicts: readonly Conflict[]): Finding[] {
  return conflicts.map(({ table, part, name, reason, at, wanted }) => {
    const [, file = at, line = "1"] = /^(.*):(\d+)$/.exec(at) ?? [];
    const what = `${part} ${part === "table" ? table : `${table}.${name}`}`;
    const said = { what, wanted, file, line: Number(line) };
    return reason === "unreadable" ? schemaUnreadable(said) : schemaConflicts(said);
  });
}

/** `HTTP_NOT_WIRED`: no auth routes. Routes that were wired by hand, or in another module, count. */
export function checkHttp(file: SourceFile, read: ModuleReader): Finding[] {
  return checkWired(file, {
    missing: httpMissing(file),
    unwired: httpNotWired(file),
    patch: (module) => patchHttp(module, { extension: "", read }),
  });
}

/** `COMPONENT_NOT_MOUNTED`. Asked only where some table lives in the component. */
export function checkComponent(file: SourceFile, from: ComponentSource = "packaged"): Finding[] {
  const place = { path: file.path, source: componentSource(from, "") };
  return checkWired(file, {
    missing: configMissing(place),
    unwired: componentNotMounted(place),
    patch: (module) => patchConvexConfig(module, { from }),
  });
}

// --- internal ---

type Wiring = {
  /** What to say of an app that has no such module, and of a module that lacks what the patch adds. */
  readonly missing: Finding;
  readonly unwired: Finding;
  readonly patch: (module: Module) => Patch;
};

/** What a patch would have to add is missing. */
function checkWired({ open }: SourceFile, { missing, unwired, patch }: Wiring): Finding[] {
  try {
    const module = open();
    if (module === undefined) return [missing];
    return patch(module).text === undefined ? [] : [unwired];
  } catch (error) {
    if (error instanceof CodegenError && error.code === "SYNTAX_ERROR") return [findingOf(error)];
    // A form that only its author can edit: the patcher says which edit.
    if (error instanceof CodegenError)
      return [{ ...unwired, message: error.message, fix: fixOf(error) }];
    throw error;
  }
}

function byPresence(changes: readonly FileChange[]) {
  return {
    missing: changes.filter(({ before }) => before === undefined),
    present: changes.filter(({ before }) => before !== undefined),
  };
}

function driftOf({ schema, missingExport: lost, shorten }: DriftFacts): Finding {
  const paths = schema.map(({ path }) => shorten(path));
  if (lost === undefined) return schemaDrifted({ paths });
  const others = paths.filter((path) => !lost.startsWith(path));
  return others.length === 0
    ? relationsDrifted({ lost })
    : relationsAndSchemaDrifted({ lost, paths: others });
}

/** Several tables may have an index of one name, so each is looked for once. */
function missingIndexes({ before = "", after }: FileChange): string[] {
  const known = indexesOf(before);
  return indexesOf(after).filter((name) => {
    const at = known.indexOf(name);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

function indexesOf(text: string): string[] {
  return [...text.matchAll(/\.index\(\s*["'`]([^"'`]+)/g)].map(([, name = ""]) => name);
}
