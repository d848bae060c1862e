// Plans .env.local, where the front end reads the deployment's addresses. `convex dev` overwrites them, but only in the
// backend's package: in another package, the app's author keeps them up to date.
import { join } from "node:path";
import { findDeployment, readEnvironment, siteUrlOf } from "../env/deployment.js";
import { parseEnvFile, patchEnvFile } from "../env/env-file.js";
import type { Project } from "../types.js";
import type { Workspace } from "../workspace/stage.js";
import { ENV_PREFIX, type FrontEnd } from "./detect.js";
import { planEnvSchema } from "./env-schema.js";

/**
 * Stages a local deployment's usual addresses, so that the app builds before a deployment exists. Stages nothing if a
 * deployment is configured: the convex CLI writes its addresses.
 */
export function planLocalEnv(ws: Workspace, kind: FrontEnd["kind"]): void {
  planEnvSchema(ws, kind);
  const { project } = ws;
  if (findDeployment(project).kind !== "none") return;
  stageAddresses(ws, kind, { ...LOCAL, comment: COMMENT });
}

/**
 * Stages the addresses of the backend's deployment in the front end of another package. Without a deployment, stages
 * those of a local one: a later run replaces them.
 *
 * @returns a note if the front end has the address of another deployment
 */
export function planFrontEnv(ws: Workspace, kind: FrontEnd["kind"], backend: Project): string[] {
  planEnvSchema(ws, kind);
  const { url, siteUrl } = addressesOf(backend);
  if (url !== undefined && siteUrl !== undefined) replaceGuess(ws, kind, { url, siteUrl });
  const named = stageAddresses(ws, kind, {
    url: url ?? LOCAL.url,
    siteUrl: siteUrl ?? LOCAL.siteUrl,
    comment: FRONT_COMMENT,
  });
  if (url === undefined || named === undefined || isSameAddress(url, named)) return [];
  const prefix = ENV_PREFIX[kind];
  return [
    `${prefix}CONVEX_URL is ${named}, but the backend's deployment is ${url}. To use the backend's deployment, change ${prefix}CONVEX_URL and ${prefix}CONVEX_SITE_URL.`,
  ];
}

// --- internal ---

/** The address of a deployment, and that of its HTTP routes. */
type Addresses = { readonly url: string; readonly siteUrl: string };

const COMMENT = "The addresses of a local deployment. `npx convex dev` keeps them up to date.";

const FRONT_COMMENT =
  "The addresses of the backend's deployment. `npx convex dev` keeps only the backend's own .env.local up to date.";

const LOCAL: Addresses = { url: "http://127.0.0.1:3210", siteUrl: "http://127.0.0.1:3211" };

/** Stages the backend's addresses where kitcn wrote those of a local deployment, since none was configured yet. */
function replaceGuess(
  { project, read, stage }: Workspace,
  kind: FrontEnd["kind"],
  wanted: Addresses,
): void {
  const path = join(project.root, ".env.local");
  const before = read(path);
  if (!before?.includes(`# ${FRONT_COMMENT}`)) return;
  const [url, site] = [`${ENV_PREFIX[kind]}CONVEX_URL`, `${ENV_PREFIX[kind]}CONVEX_SITE_URL`];
  const named = parseEnvFile(before)[url];
  // The address of the routes belongs to the other one, which may be somebody's own choice.
  if (named !== LOCAL.url && (named === undefined || !isSameAddress(named, wanted.url))) return;
  const after = before
    .split("\n")
    .map((line) => {
      const end = line.endsWith("\r") ? "\r" : "";
      if (line === `${url}=${LOCAL.url}${end}`) return `${url}=${wanted.url}${end}`;
      return line === `${site}=${LOCAL.siteUrl}${end}` ? `${site}=${wanted.siteUrl}${end}` : line;
    })
    .join("\n");
  stage(path, after);
}

/** Returns the deployment's address that the front end has already. */
function stageAddresses(
  { project, read, stage }: Workspace,
  kind: FrontEnd["kind"],
  { url, siteUrl, comment }: Addresses & { readonly comment: string },
): string | undefined {
  const path = join(project.root, ".env.local");
  const before = read(path);
  const inherited = Object.fromEntries(
    Object.entries(parseEnvFile(read(join(project.root, ".env")) ?? "")).filter(
      ([, value]) => !isSample(value),
    ),
  );
  const names = {
    url: `${ENV_PREFIX[kind]}CONVEX_URL`,
    site: `${ENV_PREFIX[kind]}CONVEX_SITE_URL`,
  };
  // The front end's own file takes precedence over the backend's.
  const named = { ...inherited, ...parseEnvFile(before ?? "") }[names.url];
  const isOther = named !== undefined && !isSameAddress(url, named);
  const site = (isOther ? siteUrlOf(named) : undefined) ?? siteUrl;
  const defaults = [
    { name: names.url, value: url, comment },
    { name: names.site, value: site, ...(named !== undefined && { comment }) },
  ].filter(({ name }) => !(name in inherited));
  const after = (defaults.length > 0 ? patchEnvFile(before, defaults) : undefined) ?? before;
  if (after !== undefined) stage(path, after);
  return named;
}

/** True for an address that templates have in .env until somebody sets the real one. */
function isSample(value: string): boolean {
  return /^https?:\/\/(?:example|placeholder|your[\w-]*|<[^>]*>)\./i.test(value);
}

function isSameAddress(one: string, other: string): boolean {
  const trim = (address: string) => address.replace(/\/+$/, "");
  return trim(one) === trim(other);
}

/** The addresses that the convex CLI wrote in the backend's package, under any name. */
function addressesOf(backend: Project): Partial<Addresses> {
  const env = readEnvironment(backend);
  const find = (pattern: RegExp) => Object.entries(env).find(([name]) => pattern.test(name))?.[1];
  const cloud = /^(?:dev|prod):([\w-]+)/.exec(env.CONVEX_DEPLOYMENT ?? "")?.[1];
  // A name with a prefix may be that of another deployment: PROD_CONVEX_URL.
  const own =
    env.CONVEX_URL ??
    env.CONVEX_SELF_HOSTED_URL ??
    (cloud === undefined ? undefined : `https://${cloud}.convex.cloud`);
  const url = own ?? find(/_CONVEX_URL$/);
  const named =
    own === undefined
      ? find(/(^|_)CONVEX_SITE_URL$/)
      : (env.CONVEX_SITE_URL ?? siteBeside(env, own));
  const siteUrl = named ?? (url === undefined ? undefined : siteUrlOf(url));
  return { ...(url && { url }), ...(siteUrl && { siteUrl }) };
}

/** Of a deployment that has its address under another name, too, the address of its routes under that name. */
function siteBeside(
  env: Readonly<Record<string, string | undefined>>,
  url: string,
): string | undefined {
  const prefixes = Object.keys(env).flatMap((name) => /^(.*_)CONVEX_URL$/.exec(name)?.[1] ?? []);
  const prefix = prefixes.find((one) => isSameAddress(env[`${one}CONVEX_URL`] ?? "", url));
  return prefix === undefined ? undefined : env[`${prefix}CONVEX_SITE_URL`];
}
