// Uninstalls packages that an app needs no more, once the files are written.
// Decides nothing about which packages those are.
import type { InstallPlan } from "./commands/install.js";
import { homeOf } from "./disk/project.js";
import { uninstallFailed, uninstallRefused } from "./errors/packages.js";
import { printCommand } from "./packages/overrides.js";
import { forcedCommand } from "./packages/package-manager.js";
import { run } from "./terminal/run.js";
import { timed } from "./terminal/timing.js";
import type { Project } from "./types.js";

/**
 * Uninstalls what nothing imports any more, once the files are written.
 *
 * @throws CodegenError `INSTALL_FAILED`
 */
export async function runUninstall(
  project: Pick<Project, "root" | "home">,
  commands: InstallPlan["commands"],
): Promise<void> {
  const failed = await runCommands(homeOf(project), commands);
  if (!failed) return;
  const { command, forced } = failed;
  throw forced === undefined ? uninstallFailed({ command }) : uninstallRefused({ command, forced });
}

/** A command that failed, as text; and the one after which npm does what it refused, if it did. */
export type FailedCommand = { readonly command: string; readonly forced: string | undefined };

/** Runs commands of a package manager one after the other, up to the first that fails, which is given. */
export async function runCommands(
  root: string,
  commands: InstallPlan["commands"],
): Promise<FailedCommand | undefined> {
  for (const whole of commands) {
    const [command = "", ...args] = whole;
    const { code, stderr } = await timed("package manager", () =>
      run({ command, args, cwd: root }),
    );
    if (code === 0) continue;
    return { command: printCommand(whole), forced: forcedCommand(whole, stderr) };
  }
  return undefined;
}
