// `kitcn env push`: sends convex/.env to a deployment, with its secret and its signing keys.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { openConvexCli } from "../env/convex-cli.js";
import { siteOfBuild } from "../env/build-host.js";
import { findDeployment } from "../env/deployment.js";
import { loadDevelopment, loadDevelopmentFile } from "../env/development.js";
import { loadSigner } from "../env/load-signer.js";
import { loadVariables } from "../env/load-variables.js";
import { pushEnv, type Rotation } from "../env/push-env.js";
import { planTarget } from "../env/target.js";
import { noEnvFile } from "../errors/env.js";
import { rotationNeedsYes } from "../errors/keys.js";
import { loadApp } from "../monorepo/load-app.js";
import { assertNode } from "../packages/node-engine.js";
import { envFileOf, shortPath } from "../disk/project.js";
import { withRepository } from "./report-packages.js";
import { EMPTY_REPORT, type Report } from "./report.js";
import type { Project } from "../types.js";
import type { Ui } from "../terminal/ui.js";

export type EnvPushOptions = {
  readonly cwd: string;
  readonly prod: boolean;
  /** The preview deployment of this name, as Convex's CLI knows it. */
  readonly previewName?: string | undefined;
  readonly rotate: boolean;
  readonly grace: boolean;
  /** With `rotate`: sessions stay, and only tokens become invalid. */
  readonly keepSessions: boolean;
  readonly yes: boolean;
  readonly dryRun: boolean;
  /** In production and in a preview, replaces values that are set there. */
  readonly overwrite: boolean;
  readonly fromFile?: string | undefined;
};

/**
 * Pushes variables to the deployment that the convex CLI would choose.
 *
 * @throws CodegenError `NODE_TOO_OLD`, `NO_ENV_FILE`, `ENV_FILE_INVALID`, `NEEDS_YES`, and those of planTarget and of pushEnv
 */
export async function runEnvPush(options: EnvPushOptions, ui: Ui): Promise<Report> {
  const project = await loadApp(options.cwd);
  return withRepository(project, () => push(project, options, ui));
}

// --- internal ---

async function push(project: Project, options: EnvPushOptions, ui: Ui): Promise<Report> {
  // Before the deployment is looked for: `convex dev`, which makes one, needs that Node as well.
  assertNode(project);
  const deployment = findDeployment(project);
  const target = planTarget(options, deployment, process.env);
  const source = readSource(project, options);
  if (options.rotate && !(await mayRotate(options, ui)))
    return { ...EMPTY_REPORT, command: COMMAND, status: "declined" };
  // A rotation sets no secret.
  const development =
    target.kind === "production" && !options.rotate
      ? await loadDevelopment(project, deployment)
      : undefined;
  const report = await pushEnv({
    mode: target.kind === "development" ? "sync" : target.kind,
    file: source.values,
    fileName: source.name,
    ...(target.kind === "preview" &&
      !options.rotate && {
        derived: derivedOf(process.env),
        development: [loadDevelopmentFile(project)],
      }),
    ...(development && { development: development.known }),
    overwrite: options.overwrite,
    cli: openConvexCli(project, target.flags),
    signer: (env) => loadSigner(project, env),
    rotate: options.rotate ? rotationOf(options) : undefined,
    dryRun: options.dryRun,
    onStep: ui.progress,
    onChange: () => ui.ifInterrupted(PARTLY),
  });
  ui.done();
  const isKept = report.jwks === "unchanged" || report.jwks === "unneeded";
  const isChange = report.set.length > 0 || !isKept || options.rotate;
  const status = !isChange ? "in-sync" : options.dryRun ? "planned" : "written";
  const notes = [
    ...(source.isWithoutVariables ? [`${source.name} has no variables.`] : []),
    ...report.shared.map(sharedSecret),
    ...notCompared(development?.unread),
    ...(options.rotate && report.jwks === "unneeded" ? [KEYLESS] : []),
    ...(report.sessions?.elsewhere ? [STORED_ELSEWHERE] : []),
  ];
  return { ...EMPTY_REPORT, command: COMMAND, status, deployment: report, notes };
}

const COMMAND = "env push";

const PARTLY = {
  message: "The deployment works with the values it had, or with the new ones.",
  hint: "Run the command again to finish.",
};

type Source = {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  /** The file is there. */
  readonly isWithoutVariables: boolean;
};

/** A rotation sends no variables, so it reads none. */
function readSource(project: Project, { cwd, fromFile, rotate }: EnvPushOptions): Source {
  const home = envFileOf(project);
  const path = fromFile === undefined ? home : resolve(cwd, fromFile);
  if (fromFile !== undefined && !existsSync(path)) throw noEnvFile({ path });
  const name = fromFile ?? shortPath(project, home);
  if (rotate || !existsSync(path)) return { name, values: {}, isWithoutVariables: false };
  const values = loadVariables(path, name);
  return { name, values, isWithoutVariables: Object.keys(values).length === 0 };
}

function sharedSecret(name: string): string {
  return `${name} of production is also that of development. It stays, since nothing set is replaced: \`npx kitcn doctor --prod\` says how to part them.`;
}

function notCompared(unread: string | undefined): string[] {
  if (unread === undefined) return [];
  return [`Secrets were not compared with those of the development deployment. ${unread}`];
}

const STORED_ELSEWHERE =
  "auth.ts keeps sessions in secondaryStorage: those are not ended. Their old tokens are invalid; empty the storage to end them.";

/** A preview is where its build says; whoever opens it elsewhere needs a trusted origin. */
function derivedOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const site = siteOfBuild(env);
  return site === undefined ? {} : { SITE_URL: site };
}

const KEYLESS =
  "Tokens are signed by the deployment, whose key the app cannot replace. Those issued so far stay valid until they expire: after `expirationSeconds` of convex(), 900 by default.";

/** With grace nobody is logged out, so no session ends. */
function rotationOf({ grace, keepSessions }: EnvPushOptions): Rotation {
  return { grace, endSessions: !grace && !keepSessions };
}

async function mayRotate(options: EnvPushOptions, ui: Ui): Promise<boolean> {
  if (options.yes || options.dryRun) return true;
  if (ui.isInteractive) return ui.confirm(questionOf(rotationOf(options)));
  throw rotationNeedsYes();
}

function questionOf({ grace, endSessions }: Rotation): string {
  if (endSessions)
    return "Make a new signing key and end every session? Everybody has to sign in again.";
  return grace
    ? "Make a new signing key? The old one stays valid for one token lifetime."
    : "Make a new signing key? Every token issued so far becomes invalid at once; sessions stay.";
}
