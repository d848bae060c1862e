// Where providers send users back to: the URLs to register with the vendor. Reads the workspace; stages nothing.
import { join } from "node:path";
import { findProperty, textOf } from "../edit/index.js";
import { parseEnvFile } from "../env/env-file.js";
import { envFileOf } from "../disk/project.js";
import { trimBasePath } from "../../src/auth/http/base-path.js";
import { followIn } from "../modules/auth-options.js";
import type { Workspace } from "../workspace/stage.js";
import type { Server } from "./server-half.js";

/** Where a provider sends users back to. */
export type Redirects = { readonly development: string; readonly production: string };

/**
 * Gives the URLs of a provider, by its id.
 *
 * @param input.basePath where Better Auth's routes are
 * @example
 * redirectsOf(server, { basePath: "/api/auth" })("github").development;
 * // http://localhost:3000/api/auth/callback/github
 */
export function redirectsOf(
  server: Server,
  { basePath }: { readonly basePath: string },
): (id: string) => Redirects {
  const { development, production } = originsOf(server);
  const path = `${trimBasePath(basePath)}/callback/`;
  return (id) => ({
    development: development + path + id,
    production: production + path + id,
  });
}

// --- internal ---

/** As Better Auth's `baseURL` says, whose origin it sends to the provider. */
function originsOf(server: Server): Redirects {
  const { ws, siteUrl } = server;
  const base = baseUrlOf(server);
  const written = originIn(base?.value);
  if (written !== undefined) return { development: written, production: written };
  if (server.isCrossDomain || base?.text.includes("CONVEX_SITE_URL"))
    return {
      development: developmentSite(ws) ?? "https://<your development deployment>.convex.site",
      production: "https://<your production deployment>.convex.site",
    };
  const named = parseEnvFile(ws.read(envFileOf(ws.project)) ?? "").SITE_URL;
  return { development: originIn(named) ?? siteUrl, production: "https://<your domain>" };
}

/** The option's code, and its text where that is written there. */
function baseUrlOf({ options, read }: Server) {
  const member = options && findProperty(options.node, "baseURL");
  if (!options || member?.type !== "ObjectProperty") return undefined;
  const at = { module: options.module, node: member.value };
  const { module, node } = followIn(at, options, read);
  return {
    text: textOf(module, node),
    value: node.type === "StringLiteral" ? node.value : undefined,
  };
}

/** The site of the deployment that .env.local names, under any of the names that bundlers ask for. */
function developmentSite(ws: Workspace): string | undefined {
  const values = parseEnvFile(ws.read(join(ws.project.root, ".env.local")) ?? "");
  const name = Object.keys(values).find((one) => /(^|_)CONVEX_SITE_URL$/.test(one));
  return name === undefined ? undefined : originIn(values[name]);
}

function originIn(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : undefined;
}
