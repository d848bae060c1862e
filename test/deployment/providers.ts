// Evaluates auth.config, in a thread, as strictly as Convex does.
// Must not know tokens: those are auth.ts's.
import type { Provider } from "./auth.js";
import { AuthError } from "./auth-error.js";
import { importing } from "./evaluate.js";
import type { ModuleSource } from "./isolate.js";

/** Evaluates auth.config.js; a deployment without one has no providers. */
export async function loadProviders(
  modules: ReadonlyMap<string, ModuleSource>,
  env: ReadonlyMap<string, string>,
): Promise<Provider[]> {
  if (!modules.has("auth.config.js")) return [];
  const { load } = importing(env, { modules, kind: "auth.config" });
  const config = load("auth.config.js").default as { providers?: unknown } | undefined;
  if (!config || !Array.isArray(config.providers))
    throw new AuthError(
      "AuthConfigMissingExportError",
      "auth config file is missing default export with `providers`",
    );
  return config.providers.map(checkedProvider);
}

// --- internal ---

function checkedProvider(value: unknown): Provider {
  const given = Object.entries(value as Record<string, unknown>);
  const provider = Object.fromEntries(
    given.filter(([, item]) => item !== undefined && item !== null),
  );
  const bad = (why: string) =>
    new AuthError(
      "AuthConfigNotMatchingSchemaError",
      `auth config file is not of the right form: ${why}`,
    );
  if (provider.type === "customJwt") {
    for (const key of ["issuer", "jwks", "algorithm"])
      if (typeof provider[key] !== "string") throw bad(`a customJwt provider needs ${key}`);
    if (provider.algorithm !== "RS256" && provider.algorithm !== "ES256")
      throw bad("algorithm is RS256 or ES256");
    if ("domain" in provider) throw bad("a customJwt provider has no domain");
    assertIssuer(provider.issuer as string); // just checked
  } else if (provider.type !== undefined) throw bad(`unknown type ${String(provider.type)}`);
  else if (typeof provider.domain !== "string" || typeof provider.applicationID !== "string")
    throw bad("applicationID is spelled lowercase 'application', capital I, capital D");
  else assertIssuer(provider.domain);
  return provider as unknown as Provider;
}

function assertIssuer(url: string): void {
  const bad = (why: string) =>
    new AuthError("InvalidProviderDomainUrl", `Invalid provider domain URL "${url}": ${why}`);
  if (url.startsWith('"')) throw bad('starts with a double quote (")');
  const hasScheme = /^\w+:\/\//.test(url);
  const full = hasScheme ? url : `https://${url}`;
  if (!URL.canParse(full)) throw bad("it is no URL");
  const { protocol, hostname } = new URL(full);
  if (protocol !== "http:" && protocol !== "https:") throw bad("scheme should be http or https");
  if (!hasScheme && hostname !== "localhost" && !/\.[a-z]{2,}$/.test(hostname))
    throw bad("Does not look like a URL (must have a scheme or end with a top-level domain)");
}
