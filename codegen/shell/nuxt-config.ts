// What the configuration of a Nuxt app says about its folders, its port, and whether it has a server. Reads only.
import { join, resolve } from "node:path";
import { declaredSpec, installedIn, scriptOf } from "../disk/project.js";
import {
  findDefaultExport,
  findProperty,
  resolveExpression,
  unwrap,
  type Module,
} from "../edit/index.js";
import { findModule } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";
import { FOREIGN, type ForeignFrontEnd } from "./foreign.js";
import { isStaticPreset } from "./nitro.js";

/** A Nuxt 4 app. */
export type NuxtApp = {
  /** Absolute path of the folder with pages, plugins and composables. */
  readonly base: string;
  /** Its port in development, if the configuration names one. */
  readonly port: number | undefined;
  /** True for an app that is built to files alone, or whose pages no server renders. */
  readonly isStatic: boolean;
};

/** A Nuxt app whose pages no server renders. */
export const STATIC_NUXT: ForeignFrontEnd = {
  name: "Nuxt without a server for its pages (ssr: false, a static preset, or nuxt generate)",
  client: "vue",
  siteUrl: FOREIGN.nuxt?.siteUrl,
  port: 3000,
};

/**
 * Reads the configuration of a Nuxt app.
 *
 * @returns undefined for Nuxt 2 and 3, and for folders that the configuration names in a form that kitcn does not know
 * @example
 * readNuxt(ws)?.base; // "/app/app" for an app as the creator makes it
 */
export function readNuxt(ws: Workspace): NuxtApp | undefined {
  const { project } = ws;
  const version = installedIn(project, "nuxt") ?? declaredSpec(project, "nuxt") ?? "";
  if (/^[\^~]?[23]\b/.test(version)) return undefined;
  const path = findModule(ws, join(project.root, "nuxt.config"));
  const config = path === undefined ? undefined : objectIn(ws.module(path));
  const at = (...names: string[]) => (config ? valueAt(config, names) : undefined);
  if (at("serverDir") || at("dir")) return undefined;
  const named = at("srcDir");
  if (named && named.type !== "StringLiteral") return undefined;
  const base = named ? resolve(project.root, named.value) : usualBase(ws);
  const port = at("devServer", "port");
  const ssr = at("ssr");
  const preset = at("nitro", "preset");
  const isFiles = at("nitro", "static");
  return {
    base,
    port: port?.type === "NumericLiteral" ? port.value : undefined,
    isStatic:
      (ssr?.type === "BooleanLiteral" && !ssr.value) ||
      (isFiles?.type === "BooleanLiteral" && isFiles.value) ||
      (preset?.type === "StringLiteral" && isStaticPreset(preset.value)) ||
      STATIC_BUILD.test(scriptOf(ws.project, "build") ?? ""),
  };
}

// --- internal ---

const STATIC_BUILD = /\bnux(t|i) generate\b|\bnux(t|i) build\b.*--prerender\b/;

type Value = ReturnType<typeof unwrap>;

/** The object that defineNuxtConfig() is given, or that the module exports. */
function objectIn(module: Module | undefined): Value | undefined {
  if (!module) return undefined;
  const found = findDefaultExport(module);
  if (found?.kind !== "expression") return undefined;
  const value = resolveExpression(module, found.node);
  const [given] = value.type === "CallExpression" ? value.arguments : [];
  return given ? resolveExpression(module, given) : value;
}

/** The value of a property, as `nitro.preset`. */
function valueAt(config: Value, names: readonly string[]): Value | undefined {
  let value: Value = config;
  for (const name of names) {
    const member = value.type === "ObjectExpression" ? findProperty(value, name) : undefined;
    if (member?.type !== "ObjectProperty") return undefined;
    value = unwrap(member.value);
  }
  return value;
}

/** `app`; the root for an app that has its files there, as Nuxt itself decides. */
function usualBase(ws: Workspace): string {
  const { root } = ws.project;
  const app = join(root, "app");
  const inApp = ws.entries(app).filter(({ name }) => !AUXILIARY.test(name));
  if (inApp.length > 0) return app;
  const isInRoot = ws
    .entries(root)
    .some(({ name, isFolder }) => (isFolder ? FOLDERS : FILES).test(name));
  return isInRoot ? root : app;
}

/** Files in `app` that do not make it the folder of the app. */
const AUXILIARY = /^(router\.options\b.*|spa-loading-template\.html)$/;

const FOLDERS = /^(assets|components|composables|layouts|middleware|pages|plugins|utils)$/;

const FILES = /^(app|error)\.vue$/i;
