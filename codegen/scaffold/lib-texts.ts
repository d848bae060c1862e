// The texts of lib/ beside the functions directory, and of the http.ts that goes with lib/crpc.ts. Pure;
// formatting is the caller's business.
import { DEFAULT_BASE_PATH, trimBasePath } from "../../src/auth/http/base-path.js";
import { covers } from "../patch/hono-paths.js";
import type { Extension } from "../print/texts.js";
import { NO_GUARDS, type GuardName, type Guards } from "./guards.js";

/** How a module of lib/ imports one of the functions directory: `../functions/schema` or the like. */
export type FromLib = (module: string) => string;

/** lib/get-env.ts: the variables that the app reads, each with its schema. */
export function printGetEnv(): string {
  return `import { createEnv } from "kitcn/server";
import { z } from "zod";

// Variables of your deployment, checked when they are read. \`npx kitcn env push\` sends those of convex/.env.
export const getEnv = createEnv({
  server: {
    // Where your app runs.
    SITE_URL: z.url(),
    // The keys that sign tokens. kitcn makes them, after the first push.
    JWKS: z.string().optional(),
  },
});
`;
}

/** lib/crpc.ts of an app that has auth: where its procedures begin. `guards`: those of its plugins. */
export function printProcedures(fromLib: FromLib, guards: Guards = NO_GUARDS): string {
  const parts = partsOf(guards);
  const helpers = ["getSession", ...parts.map(({ helper }) => helper)].join(", ");
  return `import { ${helpers} } from "kitcn/auth";
import { CRPCError, initCRPC } from "kitcn/server";
import type { DataModel } from ${fromLib("_generated/dataModel")};
import ${BUILDERS} from ${fromLib("generated/server")};

${INIT}

const signedIn = c.middleware(async ({ ctx, next }) => {
  const session = await getSession(ctx);
  if (!session) throw new CRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
  return next({ ctx: { session, userId: session.userId } });
});

${parts.map(printMiddleware).join("")}${PUBLIC}

// Only who is signed in may call these; ctx has session and userId.
export const authQuery = publicQuery.use(signedIn);
export const authMutation = publicMutation.use(signedIn);
export const authAction = publicAction.use(signedIn);
export const authRoute = publicRoute.use(signedIn);

${parts.map(printGuarded).join("")}export const router = c.router;
`;
}

/** lib/crpc.ts of an app without auth. \`kitcn add auth\` replaces it where nobody changed it. */
export function printOpenProcedures(fromLib: FromLib): string {
  return `import { initCRPC } from "kitcn/server";
import type { DataModel } from ${fromLib("_generated/dataModel")};
import ${BUILDERS} from ${fromLib("_generated/server")};

${INIT}

${PUBLIC}

export const router = c.router;
`;
}

/**
 * The procedures that a plugin brings to lib/crpc.ts.
 *
 * @example
 * proceduresOf("admin"); // ["adminQuery", "adminMutation", "adminAction", "adminRoute"]
 */
export function proceduresOf(name: GuardName): string[] {
  return KINDS.map((kind) => `${name}${kind}`);
}

/**
 * http.ts over Hono, with the routes of procedures; with auth, Better Auth's routes too. `basePath`: where those are, if
 * that is known.
 */
export function printHonoHttp(input: {
  readonly extension: Extension;
  readonly hasAuth: boolean;
  readonly basePath?: string;
}): string {
  const { extension, hasAuth, basePath = DEFAULT_BASE_PATH } = input;
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  return `import { Hono } from "hono";
import { cors } from "hono/cors";
${hasAuth ? `import { authMiddleware } from "kitcn/auth/http";\n` : ""}import { createHttpRouter } from "kitcn/server";
import { router } from ${from("../lib/crpc")};
import { getEnv } from ${from("../lib/get-env")};
${hasAuth ? `import { getAuth } from ${from("./generated/auth")};\n` : ""}
const app = new Hono();

${covers(API_ROUTES, basePath) ? CORS_OF_API : printCorsOfBoth(basePath)}
${hasAuth ? "\napp.use(authMiddleware(getAuth));\n" : ""}
// Your routes, by name: publicRoute.get("/api/health").action(...).
export const httpRouter = router({});

export default createHttpRouter(app, httpRouter);
`;
}

// --- internal ---

const KINDS = ["Query", "Mutation", "Action", "Route"] as const;

/** Procedures that demand more than a session. */
type Guarded = {
  /** Their names begin with it. */
  readonly name: GuardName;
  readonly middleware: string;
  /** The function of kitcn/auth. */
  readonly helper: string;
  readonly args: string;
  readonly comment: string;
};

function partsOf({ hasOrganization, adminRoles }: Guards): Guarded[] {
  const organization: Guarded = {
    name: "organization",
    middleware: "inOrganization",
    helper: "requireOrganization",
    args: "ctx",
    comment: `// Only members of the active organization may call these; ctx has organizationId, member and roles, too.
// For some roles only, pass them as well: requireOrganization(ctx, { role: ["owner", "admin"] }).`,
  };
  const roles = adminRoles.length === 1 ? adminRoles[0] : adminRoles;
  const admin: Guarded = {
    name: "admin",
    middleware: "isAdmin",
    helper: "requireRole",
    args: `ctx, ${JSON.stringify(roles)}`,
    comment: "// Only administrators may call these; ctx has user and roles, too.",
  };
  return [...(hasOrganization ? [organization] : []), ...(adminRoles.length > 0 ? [admin] : [])];
}

function printMiddleware({ middleware, helper, args }: Guarded): string {
  return `const ${middleware} = c.middleware(async ({ ctx, next }) => next({ ctx: await ${helper}(${args}) }));

`;
}

/** They begin with the public ones: the helper reads the session itself. */
function printGuarded({ name, middleware, comment }: Guarded): string {
  const lines = KINDS.map(
    (kind) => `export const ${name}${kind} = public${kind}.use(${middleware});`,
  );
  return `${comment}\n${lines.join("\n")}\n\n`;
}

const API_ROUTES = "/api/*";

const CORS = `cors({
  origin: () => getEnv().SITE_URL,
  allowHeaders: ["Content-Type", "Authorization", "Better-Auth-Cookie"],
  exposeHeaders: ["Set-Better-Auth-Cookie"],
  credentials: true,
})`;

const CORS_OF_API = `// Lets browsers on your app's site call the routes below /api. Read at each request: values may change.
app.use(
  "${API_ROUTES}",
  ${CORS.replaceAll("\n", "\n  ")},
);`;

function printCorsOfBoth(basePath: string): string {
  return `// Lets browsers on your app's site call these routes. Read at each request: values may change.
const browsers = ${CORS};
app.use("${API_ROUTES}", browsers);
app.use(${JSON.stringify(`${trimBasePath(basePath)}/*`)}, browsers);`;
}

const BUILDERS = `{
  action,
  internalAction,
  internalMutation,
  internalQuery,
  mutation,
  query,
  type ActionCtx,
  type MutationCtx,
  type QueryCtx,
}`;

const INIT = `const c = initCRPC.dataModel<DataModel>().create<QueryCtx, MutationCtx, ActionCtx>({
  query,
  mutation,
  action,
  internalQuery,
  internalMutation,
  internalAction,
});`;

const PUBLIC = `// Anyone may call these.
export const publicQuery = c.query;
export const publicMutation = c.mutation;
export const publicAction = c.action;
export const publicRoute = c.httpAction;`;
