// Type-checks generated apps, many in one TypeScript program, since making a program is what takes the time.
import { join } from "node:path";
import ts from "typescript";
import { printConvexGenerated } from "../../../codegen/print/convex-generated.js";
import { REPO } from "./app.js";

/**
 * Messages of the compiler for these files, as `path:line message`; empty when all is well. The package is its
 * sources, or with `built` what an app gets of it.
 */
export function typeCheck(
  files: readonly string[],
  { kitcn = "sources" }: { kitcn?: "sources" | "built" } = {},
): string[] {
  const options = kitcn === "sources" ? { ...OPTIONS, paths: SOURCES } : OPTIONS;
  const program = ts.createProgram([...files], options, createHost());
  // The repository's own files are `npm run typecheck`'s: of them, only what the apps use is looked at.
  const own = program.getSourceFiles().filter(({ fileName }) => !fileName.startsWith(HERE));
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap((file) => program.getSyntacticDiagnostics(file)),
    ...own.flatMap((file) => program.getSemanticDiagnostics(file)),
  ];
  return found.map((one) => {
    const text = ts.flattenDiagnosticMessageText(one.messageText, " ");
    if (!one.file || one.start === undefined) return text;
    const { line } = one.file.getLineAndCharacterOfPosition(one.start);
    return `${one.file.fileName}:${line + 1} ${text}`;
  });
}

/** The modules that `convex codegen` would write, enough for types. */
export const CONVEX_GENERATED: Readonly<Record<string, string>> = {
  "_generated/dataModel.d.ts": `import type {
  DataModelFromSchemaDefinition,
  DocumentByName,
  TableNamesInDataModel,
} from "convex/server";
import type { GenericId } from "convex/values";
import type schema from "../schema";
export type DataModel = DataModelFromSchemaDefinition<typeof schema>;
export type Doc<Table extends TableNamesInDataModel<DataModel>> = DocumentByName<DataModel, Table>;
export type Id<Table extends TableNamesInDataModel<DataModel>> = GenericId<Table>;
`,
  "_generated/api.d.ts": `import type { AuthComponent } from "kitcn/auth/runtime";
export declare const api: Record<string, never>;
export declare const internal: Record<string, never>;
export declare const components: { auth: AuthComponent };
`,
  "_generated/server.d.ts": printConvexGenerated({ modules: [], hasSchema: true })["server.d.ts"]!, // one of its five
};

// --- internal ---

/** With a slash: the folder of an app may begin with the same letters. */
const HERE = join(REPO, "/");

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  allowJs: true,
  isolatedModules: true,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  jsx: ts.JsxEmit.ReactJSX,
  allowImportingTsExtensions: true,
  noUnusedLocals: true,
  types: ["node"],
  typeRoots: [join(REPO, "node_modules/@types")],
};

const SOURCES = {
  "kitcn/convex.config": [join(REPO, "src/component/convex.config.ts")],
  "kitcn/auth/client": [join(REPO, "src/client/index.tsx")],
  "kitcn/auth/react": [join(REPO, "src/client/react.ts")],
  "kitcn/auth/browser": [join(REPO, "src/client/browser.ts")],
  "kitcn/auth/nextjs": [join(REPO, "src/nextjs/index.ts")],
  "kitcn/auth/start": [join(REPO, "src/start/index.ts")],
  "kitcn/auth/web": [join(REPO, "src/web/index.ts")],
  "kitcn/auth": [join(REPO, "src/auth/index.ts")],
  "kitcn/orm": [join(REPO, "src/orm/index.ts")],
  "kitcn/server": [join(REPO, "src/server/index.ts")],
  "kitcn/*": [join(REPO, "src/*.ts")],
};

/** The repository's own files, and those of its packages, stay as they are and are parsed once. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function createHost(): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) => {
    if (!path.startsWith(HERE)) return parse(path, ...rest);
    if (!parsed.has(path)) parsed.set(path, parse(path, ...rest));
    return parsed.get(path);
  };
  return host;
}
