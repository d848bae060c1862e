// What shadcn/ui says about a front end in components.json, and which of Better Auth UI's views were copied into it.
// Reads files; runs and stages nothing.
import { join } from "node:path";
import { declaredSpec, homeOf, installedIn, isRecord } from "../disk/project.js";
import { uiNeedsShadcn, uiUnsupported } from "../errors/edits-front.js";
import {
  moduleOfPlugin,
  UI_ITEMS,
  UI_PEERS,
  uiSpecifier,
  type ShadcnAliases,
  type UiFramework,
  type UiModule,
} from "../page/better-auth-ui.js";
import { printCommand } from "../packages/overrides.js";
import { packageManager } from "../packages/package-manager.js";
import { isBefore } from "../packages/supported.js";
import type { Workspace } from "../workspace/stage.js";
import type { FrontEnd, ShellOf } from "./detect.js";
import { readerOf, type Front } from "./front.js";
import { packageLabel, type FrontPackage } from "./fronts.js";
import { entriesOf } from "./language.js";

/** A front end whose router can show the views. */
export type UiFront = Front<ShellOf<UiFramework>>;

/** The same front end, if its router can show the views. */
export function asUiFront({ ws, shell }: FrontPackage | Front): UiFront | undefined {
  return shell.kind === "next" || shell.kind === "start" ? { ws, shell } : undefined;
}

/** The folders that components.json names; undefined without such a file, or if it is not one of shadcn/ui. */
export function loadAliases(ws: Workspace): ShadcnAliases | undefined {
  const aliases = readComponents(ws)?.aliases;
  if (!isRecord(aliases)) return undefined;
  const { components, utils } = aliases;
  if (typeof components !== "string" || typeof utils !== "string") return undefined;
  const lib = typeof aliases.lib === "string" ? aliases.lib : utils.replace(/\/[^/]*$/, "");
  const ui = typeof aliases.ui === "string" ? aliases.ui : `${components}/ui`;
  return { components, lib, ui };
}

/** The items of the library's registry whose modules a front end lacks. */
export function missingItems(
  front: UiFront,
  aliases: ShadcnAliases,
  plugins: readonly string[],
): string[] {
  const items = [...UI_ITEMS, ...plugins.map((id) => ({ item: id, module: moduleOfPlugin(id) }))];
  return items.filter(({ module }) => !hasUiModule(front, aliases, module)).map(({ item }) => item);
}

/** True for a module that shadcn's CLI has written. */
export function hasUiModule({ ws, shell }: UiFront, aliases: ShadcnAliases, module: UiModule) {
  const [entry = ""] = entriesOf(shell);
  const from = ws.module(entry);
  return from !== undefined && readerOf(ws)(uiSpecifier(aliases, module), from) !== undefined;
}

/**
 * Refuses a front end that the views do not fit in, with every command that changes that.
 *
 * @throws CodegenError `UI_UNSUPPORTED`, `UI_NEEDS_SHADCN`
 */
export async function openUiFront(
  front: FrontPackage,
): Promise<{ readonly front: UiFront; readonly aliases: ShadcnAliases }> {
  const fits = asUiFront(front);
  if (!fits) throw uiUnsupported({ app: packageName(front) });
  const { project } = front.ws;
  const aliases = loadAliases(front.ws);
  const old = UI_PEERS.filter(({ name, min }) => isTooOld(front.ws, name, min));
  const hasTailwind = isThere(front.ws, "tailwindcss");
  if (aliases && hasTailwind && old.length === 0) return { front: fits, aliases };
  const { command } = await packageManager(homeOf(project));
  const lines = (all: readonly (readonly string[])[]) => all.map(printCommand);
  const news = old.flatMap(({ name, min }) =>
    name === "react" ? [`react@^${min}`, `react-dom@^${min}`] : [`${name}@^${min}`],
  );
  const lacks = [
    ...(hasTailwind ? [] : ["Tailwind CSS is not in its package.json"]),
    ...old.map(
      ({ name, min }) =>
        `it has ${name} ${installedIn(project, name)}, and ${min} or later is needed`,
    ),
    ...(aliases ? [] : ["it has no components.json of shadcn/ui"]),
  ];
  const commands = [
    ...(hasTailwind ? [] : lines(command("add", tailwindPackages(fits.shell)))),
    ...(news.length > 0 ? lines(command("add", news)) : []),
    ...(aliases ? [] : lines(command("execute", initArguments(fits.shell)))),
  ];
  throw uiNeedsShadcn({
    app: packageName(front),
    folder: project.root === homeOf(project) ? "the app's folder" : packageLabel(front.ws),
    lacks,
    commands,
    setUp: hasTailwind ? undefined : TAILWIND_DOCS[fits.shell.kind],
  });
}

// --- internal ---

const TAILWIND_DOCS: Record<UiFramework, string> = {
  next: "https://tailwindcss.com/docs/installation/framework-guides/nextjs",
  start: "https://tailwindcss.com/docs/installation/framework-guides/tanstack-start",
};

/** Without these flags, it asks, and writes nothing where nobody can answer. */
function initArguments({ kind }: FrontEnd): string[] {
  return ["shadcn@latest", "init", "--defaults", "--template", kind];
}

function tailwindPackages({ kind }: FrontEnd): string[] {
  return ["tailwindcss", kind === "next" ? "@tailwindcss/postcss" : "@tailwindcss/vite"];
}

/** A repository may declare a package at its root. */
function isThere({ project }: Workspace, name: string): boolean {
  return declaredSpec(project, name) !== undefined || installedIn(project, name) !== undefined;
}

/** A package that is not installed is as new as its installation will make it. */
function isTooOld({ project }: Workspace, name: string, min: string): boolean {
  const installed = installedIn(project, name);
  return installed !== undefined && isBefore(installed, min);
}

function readComponents(ws: Workspace): Record<string, unknown> | undefined {
  const text = ws.read(join(ws.project.root, "components.json"));
  if (text === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(text);
    return isRecord(json) ? json : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function packageName({ ws }: FrontPackage): string {
  return ws.project.home === undefined ? "this app" : packageLabel(ws);
}
