// What auth.ts and auth.config.ts come to with the variables of a deployment. In memory, as for codegen.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_BASE_PATH } from "../../src/auth/base-path.js";
import { findAuthFile } from "../load/load-auth.js";
import { inert } from "../load/inert.js";
import { runInSandbox } from "../load/sandbox.js";
import { shortPath } from "../project.js";
import type { Project } from "../types.js";
import type { AuthFacts, ProviderFacts, Variables } from "./types.js";

/**
 * Evaluates both modules.
 *
 * @param input.env variables of the deployment, CONVEX_SITE_URL among them
 * @throws CodegenError of loading
 */
export async function loadAuthFacts({
  project,
  env,
}: {
  project: Project;
  env: Variables;
}): Promise<AuthFacts> {
  const entry = findAuthFile(project, new Map());
  const configFile = findConfigFile(project);
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await runInSandbox({ project, entry, files: new Map() }, async (runner) => {
      const { default: definition } = await runner.run(entry);
      const config = configFile === undefined ? {} : await runner.run(configFile);
      const options: unknown =
        typeof definition === "function" ? definition(inert("ctx", "object")) : undefined;
      const text = runner.modules.get(entry)?.text ?? "";
      const file = shortPath(project, entry);
      return factsOf({ options, config: config.default, text, file });
    });
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

// --- internal ---

type Bag = Readonly<Record<string, unknown>>;

function findConfigFile({ functionsDir }: Project): string | undefined {
  const names = ["ts", "js", "mts", "mjs"].map((ending) => `auth.config.${ending}`);
  return names.map((name) => join(functionsDir, name)).find((path) => existsSync(path));
}

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
  return {
    basePath: textOf(options.basePath) ?? DEFAULT_BASE_PATH,
    secret: textOf(options.secret),
    usesSiteUrl: /\bSITE_URL\b/.test(loaded.text),
    limits: {
      isOn: bagOf(options.rateLimit).enabled === true,
      file: loaded.file,
      line: lineOfOptions(loaded.text),
    },
    plugin: given && {
      jwks: textOf(given.jwks),
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
