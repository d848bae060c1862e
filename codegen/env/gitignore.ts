// Keeps convex/.env out of git, where git would track it. Asks git; decides; writes nothing.
import { join } from "node:path";
import { shortPath } from "../disk/project.js";
import { detectEol } from "../edit/index.js";
import { run } from "../terminal/run.js";
import type { Project } from "../types.js";
import type { Workspace } from "../workspace/stage.js";

/**
 * Stages the app's .gitignore with the env file in it. Nothing when git ignores it already, when it is tracked on
 * purpose, or when the app is in no repository and has no .gitignore.
 */
export async function planGitignore(ws: Workspace, envFile: string): Promise<void> {
  const { project } = ws;
  const path = join(project.root, ".gitignore");
  const before = ws.read(path);
  const entry = shortPath({ root: project.root }, envFile);
  const isIgnored = await askGit(project, envFile);
  if (isIgnored === "yes" || isIgnored === "tracked") return;
  if (isIgnored === "no-repository" && (before === undefined || matches(before, entry))) return;
  const eol = detectEol(before ?? "");
  const gap = before === undefined || before === "" || before.endsWith("\n") ? "" : eol;
  ws.stage(path, `${before ?? ""}${gap}${entry}${eol}`);
}

// --- internal ---

type Answer = "yes" | "no" | "tracked" | "no-repository";

async function askGit({ root }: Project, file: string): Promise<Answer> {
  const git = async (args: readonly string[]) =>
    (await run({ command: "git", args: [...args, "--", file], cwd: root })).code;
  switch (await git(["check-ignore", "--quiet"])) {
    case 0:
      return "yes";
    case 1:
      return (await git(["ls-files", "--error-unmatch"])) === 0 ? "tracked" : "no";
    default:
      // No repository, or no git on this machine.
      return "no-repository";
  }
}

/** The usual spellings; git itself is asked wherever there is a repository. */
function matches(text: string, entry: string): boolean {
  const patterns = [entry, `/${entry}`, ".env", ".env*", "**/.env", "**/.env*", "*.env"];
  return text.split(/\r?\n/).some((line) => patterns.includes(line.trim()));
}
