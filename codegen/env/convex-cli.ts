// The one place that runs the app's own convex CLI. Secrets travel over stdin, never through files or
// arguments, and are taken out of whatever it prints.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { packageFolder } from "../disk/project.js";
import { answerNotJson, convexNotInstalled } from "../errors/env.js";
import { assertNode } from "../packages/node-engine.js";
import { isBefore } from "../packages/supported.js";
import { run, type RunInput } from "../terminal/run.js";
import { timed } from "../terminal/timing.js";
import type { Project } from "../types.js";
import { explainFailure, isOffline } from "./cli-failures.js";
import { convexProgram } from "./convex-program.js";
import { parseEnvFile, printEnvFile } from "./env-file.js";
import { createRedactor } from "./redact.js";

/** The deployment's CLI, for one app and one target. Each call is one process. */
export type ConvexCli = {
  /** Every variable of the deployment. */
  readonly listEnv: () => Promise<Record<string, string>>;
  /** Sets all of them at once, or none. */
  readonly setEnv: (values: Readonly<Record<string, string>>) => Promise<void>;
  /** Pushes the app's functions once, without type-checking them. */
  readonly push: () => Promise<void>;
  /** Runs a function of the app, or of a component mounted in it; internal ones included. */
  readonly run: (
    name: string,
    args: Readonly<Record<string, unknown>>,
    where?: { readonly component: string },
  ) => Promise<unknown>;
};

/**
 * Opens the convex CLI of an app.
 *
 * @param target flags that choose a deployment, as the convex CLI spells them
 * @throws CodegenError `CONVEX_NOT_INSTALLED`, `NODE_TOO_OLD`; its functions throw what explainFailure makes
 * @example
 * const cli = openConvexCli(project);
 * await cli.setEnv({ SITE_URL: "http://localhost:3000" });
 */
export function openConvexCli(project: Project, target: readonly string[] = []): ConvexCli {
  assertNode(project);
  const { main, version } = findCli(project);
  const secrets = createRedactor(deploymentSecrets());
  const convex = async (args: readonly string[], stdin?: string) => {
    const input: RunInput = {
      command: process.execPath,
      args: [main, ...args],
      cwd: project.root,
      env: { NO_COLOR: "1", FORCE_COLOR: "0" },
      stdin,
      isHopeless: isOffline,
    };
    const { code, stdout, stderr } = await timed("convex CLI", () => run(input));
    if (code === 0) return stdout;
    const text = secrets.redact(readable(stderr) || readable(stdout));
    throw explainFailure({ args, text, isOffline: isOffline(stdout + stderr) });
  };
  return {
    async listEnv() {
      // Before 1.47 values are always printed, and the flag is unknown.
      const flags = isBefore(version, "1.47.0") ? [] : ["--include-values"];
      const values = parseEnvFile(await convex(["env", ...target, "list", ...flags]));
      secrets.add(values);
      return values;
    },
    async setEnv(values) {
      secrets.add(values);
      await convex(["env", ...target, "set", "--force"], printEnvFile(values));
    },
    async push() {
      await convex([
        "dev",
        "--once",
        "--typecheck",
        "disable",
        "--tail-logs",
        "disable",
        ...target,
      ]);
    },
    async run(name, args, where) {
      const component = where ? ["--component", where.component] : [];
      const text = await convex(["run", ...target, ...component, name, JSON.stringify(args)]);
      return parseResult(name, text);
    },
  };
}

/**
 * The script of the app's own convex CLI, to be run by Node.
 *
 * @throws CodegenError `CONVEX_NOT_INSTALLED`
 */
export function convexMain(project: Project): string {
  return findCli(project).main;
}

// --- internal ---

function findCli(project: Project): { main: string; version: string } {
  const folder = packageFolder(project, "convex");
  const main = folder && join(folder, "bin", "main.js");
  if (folder === undefined || main === undefined || !existsSync(main))
    throw convexNotInstalled({ root: project.root });
  // convex's own package.json.
  const json = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    version: string;
  };
  return { main: convexProgram(main), version: json.version };
}

/** What chooses and opens a deployment must never be shown. */
function deploymentSecrets(): Record<string, string | undefined> {
  const { CONVEX_SELF_HOSTED_ADMIN_KEY, CONVEX_DEPLOY_KEY, CONVEX_DEPLOYMENT_TOKEN } = process.env;
  const { CONVEX_OVERRIDE_ACCESS_TOKEN } = process.env;
  return {
    CONVEX_SELF_HOSTED_ADMIN_KEY,
    CONVEX_DEPLOY_KEY,
    CONVEX_DEPLOYMENT_TOKEN,
    CONVEX_OVERRIDE_ACCESS_TOKEN,
  };
}

function readable(text: string): string {
  return stripVTControlCharacters(text).trim();
}

function parseResult(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // The parser's message would quote the text, and with it key material.
    throw answerNotJson({ name });
  }
}
