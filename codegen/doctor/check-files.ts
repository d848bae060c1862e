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
import type { FileChange } from "../types.js";
import { fixOf } from "./fix-of.js";
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
export function checkDrift({ schema, generated, missingExport, shorten }: DriftFacts): Finding[] {
  const findings: Finding[] = [];
  const indexes = schema.flatMap(missingIndexes);
  if (indexes.length > 0)
    findings.push({
      code: "MISSING_INDEXES",
      level: "error",
      message: `The auth tables lack ${indexes.length === 1 ? "an index" : "indexes"} that Better Auth's queries need: ${indexes.join(", ")}.`,
      fix: REFRESH,
    });
  if (schema.length > 0)
    findings.push({
      code: "SCHEMA_DRIFT",
      level: "error",
      message: [missingExport, noLongerFits(schema, { missingExport, shorten })]
        .filter(Boolean)
        .join(" "),
      fix: REFRESH,
    });
  else if (generated.length > 0)
    findings.push({
      code: "GENERATED_STALE",
      level: "error",
      message: `${listPaths(generated, shorten)} ${generated.length === 1 ? "is" : "are"} out of date.`,
      fix: "npx kitcn codegen",
    });
  return findings;
}

/** `HTTP_NOT_WIRED`: no auth routes. Routes that were wired by hand, or in another module, count. */
export function checkHttp(file: SourceFile, read: ModuleReader): Finding[] {
  return checkWired(file, {
    code: "HTTP_NOT_WIRED",
    what: "does not register the auth routes",
    fix: "Add `registerRoutes(http, authRoutes)`, with registerRoutes from kitcn/auth/http and authRoutes from generated/routes; `npx kitcn add auth --yes` does it.",
    patch: (module) => patchHttp(module, { extension: "", read }),
  });
}

/** `COMPONENT_NOT_MOUNTED`. Asked only where some table lives in the component. */
export function checkComponent(file: SourceFile, from: ComponentSource = "packaged"): Finding[] {
  const source = componentSource(from, "");
  return checkWired(file, {
    code: "COMPONENT_NOT_MOUNTED",
    what: "does not mount the auth component, where some auth tables live",
    fix: `Add \`import authComponent from "${source}"\` and \`app.use(authComponent)\`; \`npx kitcn add auth --yes\` does it.`,
    patch: (module) => patchConvexConfig(module, { from }),
  });
}

// --- internal ---

const REFRESH = "npx kitcn add auth --schema --yes, then push";

type Wiring = {
  readonly code: string;
  readonly what: string;
  readonly fix: string;
  readonly patch: (module: Module) => Patch;
};

/** What a patch would have to add is missing. */
function checkWired({ path, open }: SourceFile, { code, what, fix, patch }: Wiring): Finding[] {
  try {
    const module = open();
    if (module === undefined)
      return [
        { code, level: "error", message: `${path} does not exist, so the app ${what}.`, fix },
      ];
    if (patch(module).text === undefined) return [];
    return [{ code, level: "error", message: `${path} ${what}.`, fix }];
  } catch (error) {
    // A form that only its author can edit: the patcher says which edit.
    if (error instanceof CodegenError)
      return [{ code, level: "error", message: error.message, fix: fixOf(error) }];
    throw error;
  }
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

function noLongerFits(
  schema: readonly FileChange[],
  { missingExport, shorten }: Pick<DriftFacts, "missingExport" | "shorten">,
): string | undefined {
  const others = schema.filter(({ path }) => missingExport?.startsWith(shorten(path)) !== true);
  if (others.length === 0) return undefined;
  return `${listPaths(others, shorten)} no longer ${others.length === 1 ? "fits" : "fit"} auth.ts.`;
}

function listPaths(changes: readonly FileChange[], shorten: (path: string) => string): string {
  return changes.map(({ path }) => shorten(path)).join(" and ");
}
