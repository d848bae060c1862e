// Finds packages that plugins brought into an app and that no file of it imports any more. Reads the files as they are
// staged; uninstalls nothing, since the app's author may have installed them, too.
import { join } from "node:path";
import type { PluginEntry } from "../catalog/types.js";
import { declaredSpec, homeOf } from "../disk/project.js";
import { printCommand } from "../packages/overrides.js";
import { nameOf } from "../packages/helpers.js";
import { uninstallCommands } from "../packages/package-manager.js";
import { PNPM_WORKSPACE } from "../disk/pnpm-file.js";
import { packagesOf } from "../shell/fronts.js";
import { listOwnFiles } from "../workspace/find.js";
import type { Workspace } from "../workspace/stage.js";

/** Sentences about the packages that removed plugins leave behind, with the commands that uninstall them. */
export async function leftPackages(
  ws: Workspace,
  removed: readonly PluginEntry[],
): Promise<string[]> {
  const specs = removed.flatMap(({ packages = [], onPages = [] }) => [...packages, ...onPages]);
  const names = [...new Set(specs.map(nameOf))];
  const left = packagesOf(ws).map((one) => ({ project: one.project, names: unusedIn(one, names) }));
  const unused = [...new Set(left.flatMap((one) => one.names))];
  if (unused.length === 0) return [];
  const commands = (await uninstallCommands(left)).map(printCommand).join(" && ");
  const places = overridePlaces(ws, unused);
  const then = places.length > 0 ? `, then delete their lines in ${places.join(" and ")}` : "";
  return [
    `No file imports ${unused.join(" and ")} any more. If you do not need ${unused.length === 1 ? "it" : "them"}, run ${commands}${then}.`,
  ];
}

// --- internal ---

const SOURCE = /\.([cm]?[jt]sx?|mdx|vue|svelte|astro)$/;

/** A name in quotes counts as a use, whatever the line is. */
function unusedIn(ws: Workspace, names: readonly string[]): string[] {
  const declared = names.filter((name) => declaredSpec(ws.project, name) !== undefined);
  if (declared.length === 0) return [];
  const files = listOwnFiles(ws, ws.project.root);
  const texts = files.filter((path) => SOURCE.test(path)).flatMap((path) => ws.read(path) ?? []);
  return declared.filter((name) => {
    const quoted = new RegExp(`["'\`]${name}(/[^"'\`]*)?["'\`]`);
    return !texts.some((text) => quoted.test(text));
  });
}

/** The places that override what these packages depend on. */
function overridePlaces(ws: Workspace, names: readonly string[]): string[] {
  const home = homeOf(ws.project);
  const manifest = ws.read(join(home, "package.json")) ?? "";
  const overrides = /"(overrides|resolutions)"\s*:\s*\{[\s\S]*$/.exec(manifest)?.[0] ?? "";
  const inManifest = names.some((name) =>
    new RegExp(`"${name}(>|/|"\\s*:\\s*\\{)`).test(overrides),
  );
  const workspace = ws.read(join(home, PNPM_WORKSPACE)) ?? "";
  const inWorkspace = names.some((name) => workspace.includes(`${name}>`));
  return [
    ...(inManifest ? ["overrides of package.json"] : []),
    ...(inWorkspace ? [`overrides of ${PNPM_WORKSPACE}`] : []),
  ];
}
