// The addresses of the deployment as the front ends of an app have them, and as the backend's own files say them.
// Reads .env files and modules; must not judge.
import { join } from "node:path";
import { homeOf, shortPath } from "../disk/project.js";
import {
  readEnvironment,
  readLocalBackend,
  siteUrlOf,
  type Deployment,
} from "../env/deployment.js";
import { walk, type Module } from "../edit/index.js";
import { parseEnvFile } from "../env/env-file.js";
import { readModule, readText } from "../modules/readable.js";
import { ENV_PREFIX, type FrontEnd } from "../shell/detect.js";
import { NEEDS_SITE } from "../shell/env-schema.js";
import { frontsOf, type FrontPackage } from "../shell/fronts.js";
import type { Project } from "../types.js";
import { listFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import type { BackendFacts, FrontEnvFacts, FrontVariable } from "./check-front-env.js";

/**
 * The front ends of an app, each with the two addresses as it gets them in development: from the shell, or from the last
 * of its .env files that has them.
 */
export function loadFrontEnv(
  ws: Workspace,
  shell: Readonly<Record<string, string | undefined>> = process.env,
): FrontEnvFacts[] {
  return frontsOf(ws).flatMap((front) => {
    const { kind } = front.shell;
    if (kind === "none") return [];
    const names = {
      url: `${ENV_PREFIX[kind]}CONVEX_URL`,
      site: `${ENV_PREFIX[kind]}CONVEX_SITE_URL`,
    };
    const variables = { ...inFiles(front, kind), ...inShell(shell, Object.values(names)) };
    const mentioned = mentionedIn(front, ws, Object.values(names));
    const file = labelOf(front, ".env.local");
    return [{ ...names, file, needsSite: NEEDS_SITE.includes(kind), mentioned, variables }];
  });
}

/**
 * The backend's deployment in development. Undefined where none is configured, for production and previews, and for a
 * deploy key, which does not say the address.
 */
export function loadBackend(
  project: Project,
  deployment: Deployment,
  shell: Readonly<Record<string, string | undefined>> = process.env,
): BackendFacts | undefined {
  const env = readEnvironment(project);
  const isOnFile = !shell.CONVEX_DEPLOYMENT && !shell.CONVEX_SELF_HOSTED_URL;
  if (deployment.kind === "self-hosted") {
    const { url } = deployment;
    return { cloudName: undefined, url, siteUrl: siteBeside(env, url), isOnFile };
  }
  if (deployment.kind === "local") {
    const { port } = readLocalBackend(project);
    const url = port === undefined ? deployment.urls[0] : `http://127.0.0.1:${port}`;
    return url === undefined
      ? undefined
      : { cloudName: undefined, url, siteUrl: siteBeside(env, url), isOnFile };
  }
  const cloudName = /^dev:([\w-]+)/.exec(env.CONVEX_DEPLOYMENT ?? "")?.[1];
  if (deployment.kind !== "cloud" || deployment.byDeployKey || !cloudName) return undefined;
  // The convex CLI writes the whole address, which may name a region.
  const written = Object.entries(env).find(
    ([name, value]) => /(^|_)CONVEX_URL$/.test(name) && value?.startsWith(`https://${cloudName}.`),
  )?.[1];
  const url = written ?? `https://${cloudName}.convex.cloud`;
  return { cloudName, url, siteUrl: siteUrlOf(url), isOnFile };
}

// --- internal ---

/** The address of the routes that the convex CLI wrote beside the other one. */
function siteBeside(
  { CONVEX_URL, CONVEX_SITE_URL }: Readonly<Record<string, string | undefined>>,
  url: string,
): string | undefined {
  return CONVEX_URL?.replace(/\/+$/, "") === url.replace(/\/+$/, "") ? CONVEX_SITE_URL : undefined;
}

const GENERIC_FIRST = [".env", ".env.local", ".env.development", ".env.development.local"];
const LOCAL_LAST = [".env", ".env.development", ".env.local", ".env.development.local"];

/** The files that a development server reads; later ones count. */
const FILES: Readonly<Record<FrontEnd["kind"], readonly string[]>> = {
  next: LOCAL_LAST,
  expo: LOCAL_LAST,
  vite: GENERIC_FIRST,
  start: GENERIC_FIRST,
  sveltekit: GENERIC_FIRST,
  solidstart: GENERIC_FIRST,
  // Nuxt puts .env into its environment, which modules/convex-auth.ts prefers.
  nuxt: [".env.local", ".env"],
};

function inFiles(front: FrontPackage, kind: FrontEnd["kind"]): Record<string, FrontVariable> {
  const { ws } = front;
  const variables: Record<string, FrontVariable> = {};
  for (const name of FILES[kind]) {
    const text = ws.read(join(ws.project.root, name)) ?? "";
    const file = labelOf(front, name);
    for (const [variable, value] of Object.entries(parseEnvFile(text)))
      if (value !== "") variables[variable] = { value, file, line: lineOf(text, variable) };
  }
  return variables;
}

function inShell(
  shell: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, FrontVariable> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = shell[name];
      return value ? [[name, { value, file: undefined, line: undefined }]] : [];
    }),
  );
}

/** The last line that sets it counts. */
function lineOf(text: string, name: string): number | undefined {
  const lines = text.split(/\r?\n/);
  const at = lines.findLastIndex((line) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(line));
  return at === -1 ? undefined : at + 1;
}

function mentionedIn(
  { ws }: FrontPackage,
  backend: Workspace,
  names: readonly string[],
): ReadonlySet<string> {
  const { functionsDir } = backend.project;
  const files = listFiles(
    ws,
    ws.project.root,
    ({ name, path }) => SKIPPED.test(name) || path === functionsDir,
  );
  const sources = files
    .filter((path) => SOURCE.test(path))
    .map((path) => ({ path, text: ws.read(path) ?? "" }));
  // Its .env files are in another folder: nobody knows what they lack.
  if (sources.some(({ text }) => OTHER_FOLDER.test(text))) return new Set();
  // Most files name none of them, and need not be parsed.
  const naming = sources.filter(({ text }) => names.some((name) => text.includes(name)));
  const found = new Set(naming.flatMap(({ path }) => [...namesIn(ws, path)]));
  return new Set(names.filter((name) => found.has(name)));
}

/** Names that the code of a file has, or that are whole strings. Comments and sentences in strings do not count. */
function namesIn(ws: Workspace, path: string): ReadonlySet<string> {
  if (!COMPONENT.test(path)) return namesOf(readModule(ws, path));
  const text = (ws.read(path) ?? "").replace(/<!--[^]*?-->/g, "");
  const scripts = [...text.matchAll(SCRIPT)].flatMap(([, code = ""]) => [
    ...namesOf(readText(ws, code, `${path}.ts`)),
  ]);
  const markup = text.replace(SCRIPT, "").match(/\w+/g) ?? [];
  return new Set([...scripts, ...markup]);
}

function namesOf(module: Module | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  if (module)
    walk(module.program, (node) => {
      if (node.type === "Identifier") names.add(node.name);
      if (node.type === "StringLiteral") names.add(node.value);
    });
  return names;
}

const SKIPPED = /^(node_modules|dist|build|out|\..*)$/;

/** An option of Vite, and one of SvelteKit. */
const OTHER_FOLDER = /\benvDir\s*:|\benv\s*:\s*\{[^}]*\bdir\s*:/;

/** Files with code and markup. */
const COMPONENT = /\.(vue|svelte)$/;

const SCRIPT = /<script\b[^>]*>([^]*?)<\/script>/g;

const SOURCE = /\.([cm]?[jt]sx?|vue|svelte)$/;

/** A file of a front end, from the repository's folder. */
function labelOf({ ws: { project } }: FrontPackage, name: string): string {
  return shortPath({ root: homeOf(project) }, join(project.root, name));
}
