// Prints generated/auth.ts of an app: the one module that ties auth.ts to the runtime. Pure text.
// The text is a template; every choice about it is made by its caller.
import { COPYING } from "../../src/better-auth/callback-names.js";
import { DEFAULT_BASE_PATH } from "../../src/auth/http/base-path.js";
import { COMPONENT, COMPONENT_IMPORT } from "./generated-store.js";
import { GENERATED_HEADER } from "./tables-module.js";

/** What provides Buffer; it is imported before anything that imports auth.ts. */
export const BUFFER_MODULE = "kitcn/auth/buffer";

/** What the template needs to know. */
export type GeneratedAuthInput = {
  /** True when some model is placed in the component. */
  readonly usesComponent: boolean;
  /** Ids of the plugins that auth.ts uses. */
  readonly plugins: readonly string[];
  /** `basePath` of auth.ts. */
  readonly basePath: string;
  /** Ends every relative import: "" or ".js" (moduleResolution node16/nodenext). */
  readonly extension: "" | ".js";
  /** True when some plugin needs the global Buffer. */
  readonly needsBuffer: boolean;
};

/** The text of generated/auth.ts. */
export function printGeneratedAuth({
  usesComponent,
  plugins,
  basePath,
  extension,
  needsBuffer,
}: GeneratedAuthInput): string {
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  const component = usesComponent ? "\n  component," : "";
  const copying = Object.entries(COPYING).filter(([id]) => plugins.includes(id));
  const imports = [
    needsBuffer ? `import "${BUFFER_MODULE}";\n` : "",
    printMakerImport(copying),
    usesComponent ? COMPONENT_IMPORT : "",
  ].join("");
  return `${GENERATED_HEADER}
${imports}import {
  type AuthAdapters,${usesComponent ? "\n  type AuthComponent," : ""}
  type AuthCtx,
  type AuthDefinition,
  type AuthFunctions,
  type AuthInAction,
  type AuthOf,
  type AuthOptions,
  createAuthRuntime,
  readableByCli,
} from "kitcn/auth/runtime";
import type { DataModel } from ${from("../_generated/dataModel")};
import definition from ${from("../auth")};
import { tables } from ${from("./auth.tables")};
import { app, type MutationCtx } from ${from("./server")};
${usesComponent ? COMPONENT : ""}
const runtime = createAuthRuntime<DataModel, typeof definition>({
  definition: () => definition,
  tables,${component}
  app: () => app,${printMakers(copying)}
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
${basePath === DEFAULT_BASE_PATH ? "" : printBasePath(basePath)}
// What generated/routes.ts loads where an action itself has to serve a request.
export const authInAction: AuthInAction<DataModel> = runtime.inAction;

/** A type only, for clients: \`inferAdditionalFields<typeof auth>()\`. Functions use getAuth(ctx). */
export declare const auth: ReturnType<typeof getAuth>;

export const { adapter, httpAdapter }: AuthAdapters<DataModel> = runtime.adapters;

// What getAuth calls from actions and HTTP, where that needs auth.ts; internal, never reachable by clients.
export const {
  authWrite,
  authStoredSession,
  authStoredSessionQuery,
  authRequest,
  authRequestQuery,
  authDeferred,
  latestJwks,
  rotateKeys,
  authSign,
  endSessions,
}: AuthFunctions = runtime.functions;
`;
}

// --- internal ---

type Copying = readonly (readonly [id: string, maker: string])[];

function printMakerImport(copying: Copying): string {
  if (copying.length === 0) return "";
  return `import { ${copying.map(([, maker]) => maker).join(", ")} } from "better-auth/plugins";\n`;
}

function printMakers(copying: Copying): string {
  if (copying.length === 0) return "";
  const members = copying.map(([id, maker]) => `${JSON.stringify(id)}: ${maker}`);
  return `
  // These copy their options: they are made again, so that their codes are sent after the commit.
  makers: { ${members.join(", ")} },`;
}

function printBasePath(basePath: string): string {
  return `
// Where registerRoutes and authMiddleware put its routes.
getAuth.basePath = ${JSON.stringify(basePath)};
`;
}
