// Detects which kind of front end an app has, and where its parts are. Reads only.
import { dirname, join, resolve } from "node:path";
import { declaredSpec, installedIn, scriptOf, shortPath } from "../disk/project.js";
import { walk } from "../edit/index.js";
import type { Project } from "../types.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import {
  FOREIGN,
  foreignServer,
  foreignVite,
  STATIC_KIT,
  type ForeignFrontEnd,
} from "./foreign.js";
import { readNuxt, STATIC_NUXT } from "./nuxt-config.js";
import { solidStartForm } from "./solidstart-form.js";
import { isStaticKit } from "./static-kit.js";

type Common = {
  /** Where the app's own front-end modules are: `src`, or the root of a Next app without it. */
  readonly base: string;
  /** The app's URL in development. */
  readonly siteUrl: string;
};

/** A front end that kitcn can wire, or none. All paths are absolute. */
export type Shell =
  | ({
      readonly kind: "next";
      readonly appDir: string;
      readonly layouts: readonly string[];
    } & Common)
  | ({ readonly kind: "vite"; readonly entry: string } & Common)
  | ({
      readonly kind: "start";
      readonly routesDir: string;
      readonly root: string;
      readonly router: string | undefined;
    } & Common)
  | ({
      readonly kind: "expo";
      /** The module whose default export is around the app: the root layout, or App. */
      readonly root: string;
      /** Where the routes of expo-router are; undefined without it. */
      readonly routesDir: string | undefined;
    } & Common)
  | ({ readonly kind: "sveltekit"; readonly routesDir: string } & Common)
  | ({ readonly kind: "nuxt" } & Common)
  | ({
      readonly kind: "solidstart";
      readonly routesDir: string;
      /** The module whose default export is the app. */
      readonly app: string;
    } & Common)
  /** `found` names a front end that kitcn does not wire. */
  | {
      readonly kind: "none";
      readonly found: ForeignFrontEnd | undefined;
      readonly siteUrl: string;
    };

/** A shell with a front end. */
export type FrontEnd = Exclude<Shell, { readonly kind: "none" }>;

/** A front end without React, whose own server answers the auth routes. */
export type Site = Extract<Shell, { readonly kind: (typeof SITES)[number] }>;

/** True for a front end without React, whose own server answers the auth routes. */
export function isSite(shell: Shell): shell is Site {
  return SITES.some((kind) => kind === shell.kind);
}

/** True for a front end that uses React. */
export function hasReact(shell: Shell): shell is Exclude<FrontEnd, Site> {
  return shell.kind !== "none" && !isSite(shell);
}

/** The shell of one kind. */
export type ShellOf<Kind extends Shell["kind"]> = Extract<Shell, { readonly kind: Kind }>;

/** The prefix of variables that the browser's code may read. */
export const ENV_PREFIX = {
  next: "NEXT_PUBLIC_",
  vite: "VITE_",
  start: "VITE_",
  expo: "EXPO_PUBLIC_",
  sveltekit: "PUBLIC_",
  // The convex CLI does not know Nuxt.
  nuxt: "",
  solidstart: "VITE_",
} as const;

/**
 * Finds the front end of an app.
 *
 * @example
 * detectShell(openWorkspace(project)).kind; // "next"
 */
export function detectShell(ws: Workspace): Shell {
  const { project } = ws;
  const has = (name: string) => declaredSpec(project, name) !== undefined;
  // Astro, for example, works with and without React.
  const byHand = (found: ForeignFrontEnd) =>
    other(ws, has("react") || found.client !== "react" ? found : { ...found, client: "client" });
  if (has("next")) return detectNext(ws, byHand);
  if (has("@tanstack/react-start"))
    return detectStart(ws) ?? byHand(foreignServer("TanStack Start without src/routes/__root.tsx"));
  const expo = has("expo") ? detectExpo(ws) : undefined;
  if (expo) return expo;
  if (has("@sveltejs/kit") && isStaticKit(ws)) return byHand(STATIC_KIT);
  const site = has("@sveltejs/kit") ? detectSvelteKit(ws) : undefined;
  if (site) return site;
  const nuxt = has("nuxt") ? readNuxt(ws) : undefined;
  if (nuxt?.isStatic) return byHand(STATIC_NUXT);
  if (nuxt) {
    const url = siteUrl(project, nuxt.port ?? 3000);
    return { kind: "nuxt", base: nuxt.base, siteUrl: url };
  }
  if (has("@solidjs/start")) return detectSolidStart(ws, byHand);
  const foreign = Object.entries(FOREIGN).find(([name]) => has(name));
  if (foreign) return byHand(foreign[1]);
  if (has("vite") && has("react"))
    return detectVite(ws) ?? byHand(foreignVite("Vite without a script in index.html", "react"));
  if (has("vite")) return byHand(foreignVite("Vite without React", "client"));
  return { kind: "none", found: undefined, siteUrl: siteUrl(project, 3000) };
}

// --- internal ---

const SITES = ["sveltekit", "nuxt", "solidstart"] as const;

const MODULE = /\.[jt]sx?$/;

function other(ws: Workspace, found: ForeignFrontEnd): Shell {
  const port = configuredPort(ws) ?? found.port;
  return { kind: "none", found, siteUrl: siteUrl(ws.project, port) };
}

/** Of `app` and `src/app`, Next sees the first. */
function detectNext(ws: Workspace, byHand: (found: ForeignFrontEnd) => Shell): Shell {
  const { project } = ws;
  const bases = [project.root, join(project.root, "src")];
  const base = bases.find((one) => hasFolder(ws, join(one, "app")));
  const appDir = join(base ?? project.root, "app");
  const layouts = rootLayouts(ws, appDir);
  if (base === undefined || layouts.length === 0) {
    const hasPages = bases.some((one) => hasFolder(ws, join(one, "pages")));
    const router = hasPages ? "Next's Pages Router" : "Next";
    const where = `an App Router layout in ${shortPath(project, appDir)}/`;
    return byHand(foreignServer(`${router} without ${where}`));
  }
  return { kind: "next", base, appDir, layouts, siteUrl: siteUrl(project, 3000) };
}

/** app/layout.tsx; without it, the layout of each route group. */
function rootLayouts(ws: Workspace, appDir: string): string[] {
  const own = findModule(ws, join(appDir, "layout"));
  if (own !== undefined) return [own];
  const groups = ws.entries(appDir).filter(({ name }) => /^\(.*\)$/.test(name));
  return groups.flatMap(({ path }) => findModule(ws, join(path, "layout")) ?? []);
}

function hasFolder({ entries }: Workspace, path: string): boolean {
  return entries(dirname(path)).some((entry) => entry.path === path);
}

function detectStart(ws: Workspace): Shell | undefined {
  const { project } = ws;
  for (const base of ["src", "app"].map((name) => join(project.root, name))) {
    const routesDir = join(base, "routes");
    const root = findModule(ws, join(routesDir, "__root"));
    if (root === undefined) continue;
    const router = findModule(ws, join(base, "router"));
    const url = siteUrl(project, configuredPort(ws) ?? 3000);
    return { kind: "start", base, routesDir, root, router, siteUrl: url };
  }
  return undefined;
}

/** Of `app` and `src/app`, expo-router sees the first. Without it, Expo starts with App. */
function detectExpo(ws: Workspace): Shell | undefined {
  const { project } = ws;
  const bases = [project.root, join(project.root, "src")];
  const hasRouter = declaredSpec(project, "expo-router") !== undefined;
  for (const base of bases) {
    const routesDir = hasRouter ? join(base, "app") : undefined;
    const root = findModule(
      ws,
      routesDir === undefined ? join(base, "App") : join(routesDir, "_layout"),
    );
    if (root !== undefined)
      return { kind: "expo", base, root, routesDir, siteUrl: siteUrl(project, 8081) };
  }
  return undefined;
}

function detectSolidStart(ws: Workspace, byHand: (found: ForeignFrontEnd) => Shell): Shell {
  const form = solidStartForm(ws);
  if (!("app" in form)) return byHand(form);
  const { port, ...parts } = form;
  const url = siteUrl(ws.project, configuredPort(ws) ?? port);
  return { kind: "solidstart", ...parts, siteUrl: url };
}

/** Runes and `$app/state` are Svelte 5's. */
function detectSvelteKit(ws: Workspace): Site | undefined {
  const { project } = ws;
  const base = join(project.root, "src");
  const routesDir = join(base, "routes");
  if (!hasFolder(ws, routesDir) || isSvelte4(project)) return undefined;
  const url = siteUrl(project, configuredPort(ws) ?? 5173);
  return { kind: "sveltekit", base, routesDir, siteUrl: url };
}

function isSvelte4(project: Project): boolean {
  const version = installedIn(project, "svelte") ?? declaredSpec(project, "svelte") ?? "";
  return /^[\^~]?[34]\b/.test(version);
}

function detectVite(ws: Workspace): Shell | undefined {
  const { project } = ws;
  const entry = entryScripts(ws.read(join(project.root, "index.html")) ?? "")
    .map((source) => resolve(project.root, `./${source}`))
    .find((path) => ws.has(path));
  if (entry === undefined) return undefined;
  const url = siteUrl(project, configuredPort(ws) ?? 5173);
  return { kind: "vite", base: dirname(entry), entry, siteUrl: url };
}

/** Scripts of the app in the order of the page, modules before others: `/config.js` may be loaded ahead of the entry. */
function entryScripts(html: string): string[] {
  const tags = html.replace(/<!--[^]*?-->/g, "").match(/<script\b[^>]*>/gi) ?? [];
  const isModule = (tag: string) => /\btype\s*=\s*["']?module\b/i.test(tag);
  return [...tags.filter(isModule), ...tags.filter((tag) => !isModule(tag))]
    .map((tag) => /\ssrc\s*=\s*["']?([^"'\s>]+)/i.exec(tag)?.[1]?.replace(/[?#].*$/, "") ?? "")
    .filter((source) => MODULE.test(source) && !/^([a-z][a-z\d+.-]*:|\/\/)/i.test(source));
}

/** A port named in the script that starts the app wins over `fallback`. */
function siteUrl(project: Project, fallback: number): string {
  const port = /(?:--port|-p)[ =](\d+)/.exec(scriptOf(project, "dev") ?? "")?.[1];
  return `http://localhost:${port ?? fallback}`;
}

/** `server: { port: 3000 }` of vite.config. */
function configuredPort(ws: Workspace): number | undefined {
  const path = findModule(ws, join(ws.project.root, "vite.config"));
  const module = path === undefined ? undefined : ws.module(path);
  if (!module) return undefined;
  let port: number | undefined;
  walk(module.program, (node) => {
    if (node.type !== "ObjectProperty" || node.value.type !== "ObjectExpression") return;
    if (node.key.type !== "Identifier" || node.key.name !== "server") return;
    for (const member of node.value.properties) {
      if (member.type !== "ObjectProperty" || member.value.type !== "NumericLiteral") continue;
      if (member.key.type === "Identifier" && member.key.name === "port") port = member.value.value;
    }
  });
  return port;
}
