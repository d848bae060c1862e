// Findings about what auth.ts, auth.config.ts and http.ts have to agree on. Pure.
import { CONVEX_APPLICATION_ID } from "../../src/auth/config.js";
import { jwksPath, trimBasePath } from "../../src/auth/http/base-path.js";
import { DEPLOYMENT_ALGORITHM, type TokenSigner } from "../../src/auth/keys/deployment-keys.js";
import { JWT_ALGORITHM } from "../../src/auth/keys/jwks.js";
import { RATE_LIMIT_OPTION } from "../print/texts.js";
import type { AuthFacts, Finding, LimitFacts, ProviderFacts, ServedFacts } from "./types.js";

export type ConfigFacts = {
  readonly auth: AuthFacts;
  /** `basePath` given to registerRoutes or authMiddleware, with its place; undefined where none is. */
  readonly http: { readonly basePath: string; readonly at: string } | undefined;
  readonly served: ServedFacts | undefined;
};

/**
 * `NO_CONVEX_PLUGIN`, `NO_CONVEX_PROVIDER`, `OIDC_PROVIDER`, `ISSUER_MISMATCH`, `BASE_PATH_MISMATCH`,
 * `AUTH_ROUTES_MISSING`, `RATE_LIMITS_OFF`.
 */
export function checkConfig(facts: ConfigFacts): Finding[] {
  return [
    ...checkProviders(facts.auth),
    ...checkBasePaths(facts),
    ...checkServed(facts.served),
    ...checkLimits(facts.auth.limits),
  ];
}

/** Whether a provider accepts tokens of a signer. A provider with a `domain` may, see `OIDC_PROVIDER`. */
export function acceptsOf(signer: TokenSigner): (provider: ProviderFacts) => boolean {
  const wanted = signer === "deployment" ? DEPLOYMENT_ALGORITHM : JWT_ALGORITHM;
  return ({ algorithm, applicationID, isOidc }) => {
    const fits = applicationID === undefined || applicationID === CONVEX_APPLICATION_ID;
    return fits && (algorithm === wanted || (isOidc && signer === "jwks"));
  };
}

// --- internal ---

function checkProviders({ plugin, providers }: AuthFacts): Finding[] {
  if (!plugin)
    return [
      {
        code: "NO_CONVEX_PLUGIN",
        level: "error",
        message: "auth.ts does not use the convex() plugin, so there are no tokens.",
        fix: "Add `convex({ authConfig, jwks: process.env.JWKS })` from kitcn/auth to its plugins.",
      },
    ];
  const isOurs = acceptsOf(plugin.signer);
  const isKitcn = (one: ProviderFacts) => isOurs(one) && !one.isOidc;
  const isKeyless = plugin.signer === "deployment";
  const helper = `getAuthConfigProvider(${isKeyless ? '{ signer: "deployment" }' : ""})`;
  const signs = plugin.providers.find(isKitcn) ?? plugin.providers.find(isOurs);
  // Convex asks the first that names the issuer: an entry of the deployment's own domain hides kitcn's.
  const hiding = providers.find((one) => one.isOidc && isSameIssuer(one, signs));
  const accepts = hiding ?? providers.find(isKitcn);
  if (!signs || !accepts)
    return [
      {
        code: "NO_CONVEX_PROVIDER",
        level: "error",
        message: `${accepts ? "The authConfig that auth.ts passes to convex()" : "auth.config.ts"} has no ${isKeyless ? DEPLOYMENT_ALGORITHM : JWT_ALGORITHM} provider with applicationID "${CONVEX_APPLICATION_ID}".`,
        fix: `Add \`${helper}\` from kitcn/auth/config to the providers of auth.config.ts, and pass its default export to convex().`,
      },
    ];
  if (accepts.isOidc)
    return [
      {
        code: "OIDC_PROVIDER",
        level: "error",
        message:
          "The provider in auth.config.ts has a `domain`: Convex looks for its keys at the root of that domain, where kitcn serves nothing.",
        fix: `Use \`${helper}\` from kitcn/auth/config instead.`,
      },
    ];
  if (trimBasePath(signs.issuer) === trimBasePath(accepts.issuer)) return [];
  return [
    {
      code: "ISSUER_MISMATCH",
      level: "error",
      message: `auth.ts issues tokens as ${signs.issuer}, and auth.config.ts accepts ${accepts.issuer}.`,
      fix: 'In auth.ts: import authConfig from "./auth.config" and pass it to convex({ authConfig }).',
    },
  ];
}

function isSameIssuer(one: ProviderFacts, other: ProviderFacts | undefined): boolean {
  return other !== undefined && trimBasePath(one.issuer) === trimBasePath(other.issuer);
}

function checkBasePaths({ auth, http }: ConfigFacts): Finding[] {
  const wanted = trimBasePath(auth.basePath);
  const places: [string, string | undefined, string][] = [
    ["convex({ options: { basePath } }) in auth.ts", auth.plugin?.basePath, "Leave it out there."],
    [
      `${http?.at ?? "http.ts"}`,
      http?.basePath,
      "Run `npx kitcn codegen`, and pass no other basePath to registerRoutes or authMiddleware.",
    ],
    [
      "auth.config.ts",
      auth.providers.filter(acceptsOf("jwks")).map(({ jwks }) => basePathOf(jwks))[0],
      `Write getAuthConfigProvider({ basePath: "${wanted}" }).`,
    ],
  ];
  return places.flatMap(([place, basePath, fix]): Finding[] =>
    basePath === undefined || trimBasePath(basePath) === wanted
      ? []
      : [
          {
            code: "BASE_PATH_MISMATCH",
            level: "error",
            message: `Better Auth's basePath in auth.ts is "${wanted}", but ${place} says "${basePath}".`,
            fix,
          },
        ],
  );
}

/** The base path inside the URL of kitcn's JWKS endpoint. */
function basePathOf(jwks: string | undefined): string | undefined {
  const suffix = jwksPath("");
  if (!jwks?.endsWith(suffix) || !URL.canParse(jwks)) return undefined;
  return new URL(jwks).pathname.slice(0, -suffix.length);
}

function checkServed(served: ServedFacts | undefined): Finding[] {
  if (!served || served.status === 200) return [];
  const reason = served.reason === undefined ? "" : ` ("${served.reason}")`;
  return [
    {
      code: "AUTH_ROUTES_MISSING",
      level: "error",
      message: `${served.url} answers ${served.status}${reason}, so requests do not reach Better Auth there.`,
      fix:
        served.status === 404
          ? "Push the functions (`npx convex dev`, or `npx convex deploy`), with registerRoutes in http.ts."
          : "`npx convex logs` shows what fails.",
    },
  ];
}

/** Better Auth's own default is to limit nothing here, whatever the environment. */
function checkLimits({ isOn, file, line }: LimitFacts): Finding[] {
  if (isOn) return [];
  return [
    {
      code: "RATE_LIMITS_OFF",
      level: "warning",
      message: `${file} has no rate limits, so anybody can guess passwords and codes, or make it send mails, without limit.`,
      fix: `Add \`${RATE_LIMIT_OPTION}\` to the options of defineAuth() in ${file}, and run \`npx kitcn add auth --schema\`.`,
      file,
      line,
    },
  ];
}
