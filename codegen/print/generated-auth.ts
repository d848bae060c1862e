// Prints generated/auth.ts of an app: the one module that ties auth.ts to the runtime. Pure text.
// The text is a template; every choice about it is made by its caller.
import { GENERATED_HEADER } from "./tables-module.js";

/** What carries the base path in the text, for those that read it. */
export const BASE_PATH_TARGET = "getAuth.basePath";

/** What the template needs to know. */
export type GeneratedAuthInput = {
  /** True when some model is placed in the component. */
  readonly usesComponent: boolean;
  /** Ends every relative import: "" or ".js" (moduleResolution node16/nodenext). */
  readonly extension: "" | ".js";
  /** Better Auth's `basePath`, where it is not the default one. */
  readonly basePath?: string | undefined;
};

/** The text of generated/auth.ts. */
export function printGeneratedAuth({
  usesComponent,
  extension,
  basePath,
}: GeneratedAuthInput): string {
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  const component = usesComponent ? "\n  component," : "";
  return `${GENERATED_HEADER}
${usesComponent ? COMPONENT_IMPORT : ""}import {
  createAuthRuntime,
  readableByCli,
  type AuthAdapters,${usesComponent ? "\n  type AuthComponent," : ""}
  type AuthCtx,
  type AuthDefinition,
  type AuthFunctions,
  type AuthOf,
  type AuthOptions,
} from "kitcn/auth/runtime";
import type { DataModel } from ${from("../_generated/dataModel")};
import definition from ${from("../auth")};
import { tables } from ${from("./auth.tables")};
import { app, type MutationCtx } from ${from("./server")};
${usesComponent ? COMPONENT : ""}
const runtime = createAuthRuntime<DataModel, typeof definition>({
  definition: () => definition,
  tables,${component}
  app: () => app,
  module: "generated/auth",
});

/** Types the default export of auth.ts; called once per \`getAuth(ctx)\`. */
export function defineAuth<const Options extends AuthOptions>(
  definition: AuthDefinition<DataModel, Options, typeof tables, MutationCtx>,
) {
  return readableByCli(definition);
}

/** Better Auth, in any Convex context. */
export function getAuth(ctx: AuthCtx<DataModel>): AuthOf<ReturnType<typeof definition>> {
  return runtime.getAuth(ctx);
}
${basePath === undefined ? "" : printBasePath(basePath)}
export const { adapter, httpAdapter }: AuthAdapters<DataModel> = runtime.adapters;

// What getAuth calls from actions and HTTP; internal, never reachable by clients.
export const {
  authRead,
  authWrite,
  authTrigger,
  authRequest,
  authRequestQuery,
  latestJwks,
  rotateKeys,
  endSessions,
}: AuthFunctions = runtime.functions;
`;
}

// --- internal ---

/** The assignment by which TypeScript gives a declared function a property. */
function printBasePath(basePath: string): string {
  return `
// Where auth.ts puts the routes: registerRoutes and authMiddleware look here.
${BASE_PATH_TARGET} = ${JSON.stringify(basePath)};
`;
}

const COMPONENT_IMPORT = `import { componentsGeneric } from "convex/server";
`;

const COMPONENT = `
// _generated/api knows the component only after the first push, and this module has to compile before.
const component = componentsGeneric().auth as unknown as AuthComponent;
`;
