// Uninstalls packages that an app needs no more: the command, and its run once the files are written.
// Decides nothing about which packages those are.
import { CodegenError } from "./errors.js";
import type { InstallPlan } from "./install.js";
import { packageManager } from "./package-manager.js";
import { NOT_FOUND, run } from "./run.js";
import { timed } from "./timing.js";
import type { Project } from "./types.js";

/** The command that uninstalls packages. */
export async function removeCommands(
  project: Project,
  names: readonly string[],
): Promise<string[][]> {
  if (names.length === 0) return [];
  const { command } = await packageManager(project.root);
  return command("uninstall", [...names]);
}

/**
 * Uninstalls what nothing imports any more, once the files are written.
 *
 * @throws CodegenError `INSTALL_FAILED`, `NO_PACKAGE_MANAGER`
 */
export async function runUninstall(
  { root }: Pick<Project, "root">,
  commands: InstallPlan["commands"],
): Promise<void> {
  for (const [command = "", ...args] of commands) {
    const { code, stdout, stderr } = await timed("package manager", () =>
      run({ command, args, cwd: root }),
    );
    if (code === 0) continue;
    const line = [command, ...args].join(" ");
    throw new CodegenError({
      code: "INSTALL_FAILED",
      message:
        code === NOT_FOUND
          ? `\`${line}\` did not run: ${command} was not found.`
          : `\`${line}\` failed:\n${`${stderr}\n${stdout}`.trim()}`,
      hint: `The files are written. Run \`${line}\` until it succeeds, then the command again.`,
    });
  }
}
