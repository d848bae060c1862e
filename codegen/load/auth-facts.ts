// What auth.ts and auth.config.ts come to with the variables of a deployment. In memory, as for codegen.
import { join } from "node:path";
import { DEFAULT_BASE_PATH } from "../../src/auth/http/base-path.js";
import type { TokenSigner } from "../../src/auth/keys/deployment-keys.js";
import { findAuthFile } from "./load-auth.js";
import { inert } from "./inert.js";
import { runInSandbox } from "./sandbox.js";
import { shortPath } from "../disk/project.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

export type Variables = Readonly<Record<string, string>>;

/** A provider of auth.config.ts, as Convex takes it. */
export type ProviderFacts = {
  readonly isOidc: boolean;
  readonly issuer: string;
  readonly algorithm: string | undefined;
  readonly applicationID: string | undefined;
  /** A URL, or a data URI that carries the keys. */
  readonly jwks: string | undefined;
};

/** Whether auth.ts limits requests, and where its options begin. */
export type LimitFacts = {
  readonly isOn: boolean;
  /** From the app's folder. */
  readonly file: string;
  readonly line: number;
};

export type ProxyFacts = {
  readonly productionURL: string | undefined;
  readonly currentURL: string | undefined;
};

/** What auth.ts and auth.config.ts come to, with the variables of the deployment. */
export type AuthFacts = {
  readonly basePath: string;
  /** Where auth.ts itself sets one. */
  readonly secret: string | undefined;
  readonly usesSiteUrl: boolean;
  /** Those of the option; none where it is a function. */
  readonly trustedOrigins: readonly string[];
  /** True where the option is a function: what it trusts depends on the request. */
  readonly hasOriginsFunction: boolean;
  readonly limits: LimitFacts;
  /** The addresses that oAuthProxy() was given; undefined where auth.ts does not use it. */
  readonly proxy: ProxyFacts | undefined;
  /** Undefined where auth.ts does not use the convex() plugin. */
  readonly plugin:
    | {
        readonly jwks: string | undefined;
        readonly signer: TokenSigner;
        readonly basePath: string | undefined;
        readonly providers: readonly ProviderFacts[];
      }
    | undefined;
  /** Of auth.config.ts itself. */
  readonly providers: readonly ProviderFacts[];
};

/**
 * Evaluates both modules.
 *
 * @param input.env variables of the deployment, CONVEX_SITE_URL among them
 * @throws CodegenError of loading
 */
export async function loadAuthFacts({
  ws,
  env,
}: {
  ws: Workspace;
  env: Variables;
}): Promise<AuthFacts> {
  const entry = findAuthFile(ws);
  const configFile = findModule(ws, join(ws.project.functionsDir, "auth.config"));
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await runInSandbox({ ws, entry }, async (runner) => {
      const { default: definition } = await runner.run(entry);
      const config = configFile === undefined ? {} : await runner.run(configFile);
      const options: unknown =
        typeof definition === "function" ? definition(inert("ctx", "object")) : undefined;
      const text = runner.modules.get(entry)?.text ?? "";
      const file = shortPath(ws.project, entry);
      return factsOf({ options, config: config.default, text, file });
    });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

// --- internal ---

type Bag = Readonly<Record<string, unknown>>;

function factsOf(loaded: {
  options: unknown;
  config: unknown;
  text: string;
  file: string;
}): AuthFacts {
  const options = bagOf(loaded.options);
  const plugins = Array.isArray(options.plugins) ? options.plugins.map(bagOf) : [];
  const own = plugins.find(({ id }) => id === "convex");
  const given = own && bagOf(own.options);
  const proxy = plugins.find(({ id }) => id === "oauth-proxy");
  const proxied = proxy && bagOf(proxy.options);
  return {
    basePath: textOf(options.basePath) ?? DEFAULT_BASE_PATH,
    secret: textOf(options.secret),
    trustedOrigins: Array.isArray(options.trustedOrigins)
      ? options.trustedOrigins.flatMap((one: unknown) => textOf(one) ?? [])
      : [],
    hasOriginsFunction: typeof options.trustedOrigins === "function",
    usesSiteUrl: /\bSITE_URL\b/.test(loaded.text),
    limits: {
      isOn: bagOf(options.rateLimit).enabled === true,
      file: loaded.file,
      line: lineOfOptions(loaded.text),
    },
    proxy: proxied && {
      productionURL: textOf(proxied.productionURL),
      currentURL: textOf(proxied.currentURL),
    },
    plugin: given && {
      jwks: textOf(given.jwks),
      signer: given.signer === "deployment" ? "deployment" : "jwks",
      basePath: textOf(bagOf(given.options).basePath),
      providers: providersOf(given.authConfig),
    },
    providers: providersOf(loaded.config),
  };
}

/** Of the call that takes the options; the first line where auth.ts has another form. */
function lineOfOptions(text: string): number {
  const at = text.search(/\bdefineAuth\s*(<|\()/);
  return at === -1 ? 1 : text.slice(0, at).split("\n").length;
}

function providersOf(config: unknown): ProviderFacts[] {
  const { providers } = bagOf(config);
  if (!Array.isArray(providers)) return [];
  return providers.map(bagOf).map((provider) => ({
    isOidc: !("type" in provider),
    issuer: textOf(provider.issuer) ?? textOf(provider.domain) ?? "",
    algorithm: textOf(provider.algorithm),
    applicationID: textOf(provider.applicationID),
    jwks: textOf(provider.jwks),
  }));
}

/** Whatever an app exports is looked at, never trusted. */
function bagOf(value: unknown): Bag {
  return typeof value === "object" && value !== null ? (value as Bag) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
