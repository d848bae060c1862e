// What an app lacks for the pages of Better Auth UI: npm packages, and the views that shadcn's CLI copies into it.
// Reads, and plans commands; runs none.
import { relative, sep } from "node:path";
import { homeOf } from "../disk/project.js";
import { pluginsWithViews, UI_PACKAGES } from "../page/better-auth-ui.js";
import { installCommands, packageManager, type Wants } from "../packages/package-manager.js";
import { hasReact } from "../shell/detect.js";
import { frontsOf, type FrontPackage } from "../shell/fronts.js";
import { missingItems, openUiFront } from "../shell/shadcn.js";
import type { Workspace } from "../workspace/stage.js";
import { clientsOf, wantsUi } from "./auth-page.js";
import type { InstallPlan } from "./install.js";
import { lackedOf } from "./lacks.js";

/**
 * The same installation with what the pages of Better Auth UI need. The views come last: they bring packages, too.
 *
 * @param asked what the command line says; undefined: the front ends that show the views already
 * @throws CodegenError `UI_UNSUPPORTED`, `UI_NEEDS_SHADCN`
 */
export async function withUi(
  ws: Workspace,
  install: InstallPlan,
  asked: boolean | undefined,
): Promise<InstallPlan> {
  const fronts = frontsToOpen(ws, asked);
  if (fronts.length === 0) return install;
  const wants: Wants[] = [];
  const views: (readonly string[])[] = [];
  const names: string[] = [];
  for (const one of fronts) {
    const { front, aliases } = await openUiFront(one);
    const { project } = front.ws;
    wants.push({ project, packages: lackedOf(project, UI_PACKAGES), devPackages: [] });
    const items = missingItems(front, aliases, pluginsWithViews(clientsOf(one)));
    if (items.length === 0) continue;
    names.push(...items.map((item) => `@better-auth-ui/${item}`));
    views.push(...(await copyCommand(one, items)));
  }
  const packages = [...new Set(wants.flatMap((one) => one.packages))];
  return {
    ...install,
    home: install.home ?? ws.project.home,
    ui: { packages, views: [...new Set(names)] },
    commands: [...install.commands, ...(await installCommands(wants)), ...views],
  };
}

// --- internal ---

/** Asked for it, the front ends that use React, or the first one, which is then refused. */
function frontsToOpen(ws: Workspace, asked: boolean | undefined): readonly FrontPackage[] {
  const fronts = frontsOf(ws);
  const fitting = fronts.filter((front) => wantsUi(front, asked));
  if (asked !== true || fitting.length > 0) return fitting;
  return [fronts.find(({ shell }) => hasReact(shell)) ?? fronts[0]];
}

/** Files that are there stay as they are: without a terminal, shadcn's CLI skips them. */
async function copyCommand({ ws }: FrontPackage, items: readonly string[]): Promise<string[][]> {
  const { project } = ws;
  const home = homeOf(project);
  const folder = relative(home, project.root).split(sep).join("/");
  const { command } = await packageManager(home);
  const names = items.map((item) => `@better-auth-ui/${item}`);
  const where = folder === "" ? [] : ["--cwd", folder];
  return command("execute", ["shadcn@latest", "add", ...names, "--yes", ...where]);
}
