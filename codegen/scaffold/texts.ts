// The texts of the files that `kitcn add auth` creates. Pure; formatting is the caller's business.
// What a user may want to change stands here, in their file; everything else is generated.

/** How relative imports end in this app: "" or ".js". */
export type Extension = "" | ".js";

/** What the texts of the functions directory depend on. */
export type ServerTextInput = {
  readonly extension: Extension;
  /** Where the app is served while it is developed. */
  readonly siteUrl: string;
  /** True for an app on another site than its auth routes. */
  readonly isCrossDomain: boolean;
};

/** auth.config.ts: makes Convex accept kitcn's tokens. */
export function printAuthConfig(): string {
  return `import { getAuthConfigProvider } from "kitcn/auth/config";
import type { AuthConfig } from "convex/server";

export default {
  providers: [getAuthConfigProvider()],
} satisfies AuthConfig;
`;
}

/** auth.ts: the user's Better Auth options. */
export function printAuth({ extension, siteUrl, isCrossDomain }: ServerTextInput): string {
  const names = isCrossDomain ? "convex, crossDomain" : "convex";
  return `import { ${names} } from "kitcn/auth";
import authConfig from "./auth.config${extension}";
import { defineAuth } from "./generated/auth${extension}";

// Your Better Auth options. After adding a plugin, run \`npx kitcn add auth --schema\`.
export default defineAuth(() => ({
${isCrossDomain ? CROSS_DOMAIN_URL : SAME_DOMAIN_URL}
  emailAndPassword: { enabled: true },
  plugins: [convex({ authConfig, jwks: process.env.JWKS })${isCrossDomain ? `, ${printCrossDomain(siteUrl)}` : ""}],
  telemetry: { enabled: false },
}));
`;
}

/** The plugin for an app on another site than its auth routes. */
export function printCrossDomain(siteUrl: string): string {
  return `crossDomain({ siteUrl: ${printSiteUrl(siteUrl)} })`;
}

/** The option of registerRoutes that lets browsers on the app's site call the auth routes. */
export function printCors(siteUrl: string): string {
  return `cors: { allowedOrigins: [${printSiteUrl(siteUrl)}] }`;
}

/** http.ts, where an app has none. */
export function printHttp({ extension, siteUrl, isCrossDomain }: ServerTextInput): string {
  const options = isCrossDomain ? `, { ${printCors(siteUrl)} }` : "";
  return `import { httpRouter } from "convex/server";
import { registerRoutes } from "kitcn/auth/http";
import { authRoutes } from "./generated/routes${extension}";

const http = httpRouter();

registerRoutes(http, authRoutes${options});

export default http;
`;
}

/** schema.ts of an app without tables. */
export function printEmptySchema(): string {
  return `import { defineSchema } from "convex/server";

export default defineSchema({});
`;
}

/** tsconfig.json of the functions directory. */
export function printConvexTsconfig(): string {
  return `{
  // The environment of Convex functions.
  "compilerOptions": {
    "target": "ESNext",
    "lib": ["ES2023", "dom"],
    "module": "ESNext",
    "moduleResolution": "Bundler",
    "types": ["node"],
    "jsx": "react-jsx",
    "allowJs": true,
    "strict": true,
    "isolatedModules": true,
    "skipLibCheck": true,
    "noEmit": true
  },
  "include": ["./**/*"],
  "exclude": ["./_generated"]
}
`;
}

/** lib/crpc.ts: where an app's procedures begin. */
export function printProcedures(extension: Extension): string {
  const from = (path: string) => JSON.stringify(`${path}${extension}`);
  return `import { getSession } from "kitcn/auth";
import { CRPCError, initCRPC } from "kitcn/server";
import type { DataModel } from ${from("../_generated/dataModel")};
import {
  action,
  internalAction,
  internalMutation,
  internalQuery,
  mutation,
  query,
  type ActionCtx,
  type MutationCtx,
  type QueryCtx,
} from ${from("../generated/server")};

const c = initCRPC.dataModel<DataModel>().create<QueryCtx, MutationCtx, ActionCtx>({
  query,
  mutation,
  action,
  internalQuery,
  internalMutation,
  internalAction,
});

const signedIn = c.middleware(async ({ ctx, next }) => {
  const session = await getSession(ctx);
  if (!session) throw new CRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
  return next({ ctx: { session, userId: session.userId } });
});

// Anyone may call these.
export const publicQuery = c.query;
export const publicMutation = c.mutation;
export const publicAction = c.action;
export const publicRoute = c.httpAction;

// Only who is signed in may call these; ctx has session and userId.
export const authQuery = publicQuery.use(signedIn);
export const authMutation = publicMutation.use(signedIn);
export const authAction = publicAction.use(signedIn);
export const authRoute = publicRoute.use(signedIn);

export const router = c.router;
`;
}

/** convex.config.ts, where an app has none. */
export function printConvexConfig(source: string): string {
  return `import { defineApp } from "convex/server";
import authComponent from "${source}";

const app = defineApp();
app.use(authComponent);

export default app;
`;
}

// --- internal ---

const SAME_DOMAIN_URL = `  // Where your app runs. A list in \`trustedOrigins\` admits more origins.
  baseURL: process.env.SITE_URL,`;

const CROSS_DOMAIN_URL = `  // Where these routes are. Your app runs at SITE_URL, another site to the browser.
  baseURL: process.env.CONVEX_SITE_URL,`;

/** Unset until the first \`kitcn env push\`, and read when the functions are pushed. */
function printSiteUrl(siteUrl: string): string {
  return `process.env.SITE_URL ?? ${JSON.stringify(siteUrl)}`;
}
