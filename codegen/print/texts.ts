// The texts of the files that `kitcn add auth` creates. Pure; formatting is the caller's business.
// What a user may want to change stands here, in their file; everything else is generated.
import { TRUSTED_ORIGINS } from "../../src/better-auth/variables.js";

/** How relative imports end in this app: "" or ".js". */
export type Extension = "" | ".js";

/** What the texts of the functions directory depend on. */
export type ServerTextInput = {
  readonly extension: Extension;
  /** Where the app is served while it is developed. */
  readonly siteUrl: string;
  /** Where its other front ends are. */
  readonly others?: readonly string[];
  /** True for an app on another site than its auth routes. */
  readonly isCrossDomain: boolean;
  /** The scheme of an Expo app's links. */
  readonly scheme?: string | undefined;
  /** How the functions directory imports `getEnv`; undefined for an app that reads process.env. */
  readonly getEnv?: string | undefined;
};

/** auth.config.ts: makes Convex accept kitcn's tokens. */
export function printAuthConfig(getEnv?: string): string {
  const jwks = getEnv === undefined ? "" : "{ jwks: getEnv().JWKS }";
  return `import type { AuthConfig } from "convex/server";
import { getAuthConfigProvider } from "kitcn/auth/config";
${printGetEnvImport(getEnv)}
export default {
  providers: [getAuthConfigProvider(${jwks})],
} satisfies AuthConfig;
`;
}

/** auth.ts: the user's Better Auth options. */
export function printAuth(input: ServerTextInput): string {
  const { extension, siteUrl, isCrossDomain, getEnv, scheme } = input;
  const names = isCrossDomain ? "convex, crossDomain" : "convex";
  const env = getEnv === undefined ? "process.env" : "getEnv()";
  const crossDomain = isCrossDomain ? `, ${printCrossDomain(siteUrl, getEnv)}` : "";
  const expo = scheme === undefined ? "" : `, ${EXPO_CALL}`;
  return `${scheme === undefined ? "" : EXPO_IMPORT}import { ${names} } from "kitcn/auth";
${printGetEnvImport(getEnv)}import authConfig from "./auth.config${extension}";
import { defineAuth } from "./generated/auth${extension}";

// Your Better Auth options. \`npx kitcn add plugin\` adds plugins; after an edit, run \`npx kitcn add auth --schema\`.
export default defineAuth(() => ({
${isCrossDomain ? CROSS_DOMAIN_URL : printSameDomainUrl(getEnv)}
${scheme === undefined ? "" : printSchemeOrigin(scheme)}  emailAndPassword: { enabled: true },
  ${RATE_LIMITS}
  plugins: [convex({ authConfig, jwks: ${env}.JWKS })${crossDomain}${expo}],
  telemetry: { enabled: false },
}));
`;
}

/** The origin of an Expo app, as phones send it. */
export function schemeOrigin(scheme: string): string {
  return `${scheme}://`;
}

/** The plugin for an app on another site than its auth routes. */
export function printCrossDomain(siteUrl: string, getEnv?: string): string {
  const url = getEnv === undefined ? printSiteUrl(siteUrl) : "getEnv().SITE_URL";
  return `crossDomain({ siteUrl: ${url} })`;
}

/** The option of registerRoutes that lets browsers on the app's sites call the auth routes. */
export function printCors(siteUrl: string, others: readonly string[] = []): string {
  const site = printSiteUrl(siteUrl);
  if (others.length === 0) return `cors: { allowedOrigins: [${site}] }`;
  const more = `(process.env.${TRUSTED_ORIGINS} ?? ${JSON.stringify(others.join(","))}).split(",")`;
  // Patterns, which only Better Auth understands, are refused in a list, and admit nobody here.
  return `cors: { allowedOrigins: () => [${site}, ...${more}] }`;
}

/** http.ts, where an app has none. */
export function printHttp({ extension, siteUrl, others, isCrossDomain }: ServerTextInput): string {
  const options = isCrossDomain ? `, { ${printCors(siteUrl, others)} }` : "";
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

/** schema.ts of an app whose functions use tables that no schema declares. */
export function printOpenSchema(): string {
  return `import { defineSchema } from "convex/server";

export default defineSchema(
  {},
  // Your functions use tables that are not declared here. Remove this option once they are.
  { strictTableNameTypes: false },
);
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

/** convex.config.ts, where an app has none. */
export function printConvexConfig(source: string): string {
  return `import { defineApp } from "convex/server";
import authComponent from "${source}";

const app = defineApp();
app.use(authComponent);

export default app;
`;
}

/** The option that limits requests, as auth.ts has it. */
export const RATE_LIMIT_OPTION = 'rateLimit: { enabled: true, storage: "database" },';

// --- internal ---

const EXPO_CALL = "expo()";
const EXPO_IMPORT = `import { expo } from "@better-auth/expo";\n`;

function printSchemeOrigin(scheme: string): string {
  return `  // Links lead back to your app by its scheme.
  trustedOrigins: [${JSON.stringify(schemeOrigin(scheme))}],
`;
}

const RATE_LIMITS = `// At most so many guesses, sign-ups and mails: by address, and wrong passwords and codes also by account.
  ${RATE_LIMIT_OPTION}`;

function printGetEnvImport(getEnv: string | undefined): string {
  return getEnv === undefined ? "" : `import { getEnv } from ${JSON.stringify(getEnv)};\n`;
}

function printSameDomainUrl(getEnv: string | undefined): string {
  const comment = "// Where your app runs. A list in `trustedOrigins` admits more origins.";
  if (getEnv === undefined) return `  ${comment}\n  baseURL: process.env.SITE_URL,`;
  const lines = [comment, "baseURL: getEnv().SITE_URL,", "trustedOrigins: [getEnv().SITE_URL],"];
  return lines.map((line) => `  ${line}`).join("\n");
}

const CROSS_DOMAIN_URL = `  // Where these routes are. Your app runs at SITE_URL, another site to the browser.
  baseURL: process.env.CONVEX_SITE_URL,`;

/** Unset until the first \`kitcn env push\`, and read when the functions are pushed. */
function printSiteUrl(siteUrl: string): string {
  return `process.env.SITE_URL ?? ${JSON.stringify(siteUrl)}`;
}
