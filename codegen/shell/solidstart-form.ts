// Which form a SolidStart app has: one that kitcn wires, or one whose lines it prints. Reads only.
import { join } from "node:path";
import { declaredSpec, installedIn, scriptOf } from "../disk/project.js";
import { keyOf, walk, type Module } from "../edit/index.js";
import { findStartOptions, optionOf } from "../patch/solid-start.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { foreignServer, type ForeignFrontEnd } from "./foreign.js";
import { isStaticPreset } from "./nitro.js";

/** Where an app that kitcn wires has its parts. */
export type SolidStartForm = {
  readonly base: string;
  readonly routesDir: string;
  /** The module whose default export is the app. */
  readonly app: string;
  /** The port of the development server, if the configuration names no other. */
  readonly port: number;
};

/**
 * Finds the parts of a SolidStart 2 app; else describes the front end for the lines to write by hand.
 *
 * @example
 * solidStartForm(ws); // { base: "/app/src", routesDir: "/app/src/routes", app: "/app/src/app.tsx", port: 3000 }
 */
export function solidStartForm(ws: Workspace): SolidStartForm | ForeignFrontEnd {
  const { project } = ws;
  const port = declaredSpec(project, "nitro") === undefined ? 5173 : 3000;
  const byHand = (what: string): ForeignFrontEnd => ({
    ...foreignServer(`SolidStart${what}`),
    client: "solid",
    port,
  });
  if (isVersionOne(ws)) return byHand(" 1");
  const config = viteConfigOf(ws);
  const options = config && findStartOptions(config);
  if (!config || !options) return byHand(" without solidStart() in vite.config");
  const is = (name: string, usual: RegExp) => {
    const option = optionOf(config, options, name);
    // What comes from elsewhere counts as usual: where that matters, the edit of vite.config is refused.
    return typeof option !== "object" || usual.test(String(option.value));
  };
  const isRendered = is("ssr", /^true$/);
  if (!isRendered || hasStaticPreset(ws))
    return {
      ...byHand(` without a server (${isRendered ? "a static preset of Nitro" : "ssr: false"})`),
      siteUrl: "import.meta.env.VITE_CONVEX_SITE_URL",
    };
  const isUsual = is("appRoot", /^(\.\/)?src\/?$/) && is("routeDir", /^(\.\/)?routes\/?$/);
  const base = join(project.root, "src");
  const app = findModule(ws, join(base, "app"), [".tsx", ".jsx"]);
  if (!isUsual || app === undefined) return byHand(" whose app is not in src/app.tsx");
  return { base, routesDir: join(base, "routes"), app, port };
}

/** The app's vite.config. */
export function viteConfigOf(ws: Workspace): Module | undefined {
  const path = findModule(ws, join(ws.project.root, "vite.config"), ENDINGS);
  return path === undefined ? undefined : ws.module(path);
}

// --- internal ---

const ENDINGS = [".ts", ".mts", ".js", ".mjs"];

/** Version 1 is another framework under this name: with Vinxi, and app.config in the place of vite.config. */
function isVersionOne({ project }: Workspace): boolean {
  const version =
    installedIn(project, "@solidjs/start") ?? declaredSpec(project, "@solidjs/start") ?? "";
  return /^[^\d]*[01](\.|$)/.test(version);
}

/** True where Nitro writes files alone: by its preset, in a configuration or in the script that builds. */
function hasStaticPreset(ws: Workspace): boolean {
  const { root } = ws.project;
  const build = scriptOf(ws.project, "build") ?? "";
  const named = /\b(?:NITRO|SERVER)_PRESET=["']?([\w-]+)/.exec(build)?.[1];
  if (named !== undefined) return isStaticPreset(named);
  const configs = ["vite.config", "nitro.config"].flatMap((name) => {
    const path = findModule(ws, join(root, name), ENDINGS);
    return path === undefined ? [] : (ws.module(path) ?? []);
  });
  return configs.some(namesStatic);
}

function namesStatic(module: Module): boolean {
  let isStatic = false;
  walk(module.program, (node) => {
    if (node.type !== "ObjectProperty") return;
    const { value } = node;
    const key = keyOf(node);
    if (key === "preset" && value.type === "StringLiteral")
      isStatic ||= isStaticPreset(value.value);
    if (key === "static" && value.type === "BooleanLiteral") isStatic ||= value.value;
  });
  return isStatic;
}
