// One examination of an app by `kitcn doctor`: what is known before any check, and what the checks add.
// Loads; must not judge.
import { isDeepStrictEqual } from "node:util";
import { openConvexCli, type ConvexCli } from "../env/convex-cli.js";
import { findDeployment, readEnvironment, type Deployment } from "../env/deployment.js";
import { planTarget, type Target } from "../env/target.js";
import { CodegenError } from "../errors.js";
import { openModules, type ModuleReader } from "../modules/resolve.js";
import { loadApp } from "../monorepo/load-app.js";
import type { Ui } from "../terminal/ui.js";
import type { Project } from "../types.js";
import { openWorkspace, type Workspace } from "../workspace/stage.js";
import { fixOf } from "./fix-of.js";
import type { Finding, Unchecked, Variables } from "./types.js";

export type DoctorOptions = {
  readonly cwd: string;
  /** The production deployment. */
  readonly prod: boolean;
  /** The preview deployment of this name, as Convex's CLI knows it. */
  readonly previewName?: string | undefined;
};

/** One examination: what is known, and what was found so far. */
export type Visit = {
  readonly project: Project;
  /** The app's files as they are. */
  readonly ws: Workspace;
  readonly deployment: Deployment;
  readonly isProduction: boolean;
  /** True where flags choose another deployment than the one that the environment names. */
  readonly isElsewhere: boolean;
  /** The shell's variables and those of .env files: which deployment, and where it is. */
  readonly environment: Variables;
  /** Those of them that may tell the address of the deployment that is examined. */
  readonly addresses: Variables;
  readonly cli: ConvexCli | undefined;
  /** The modules behind the imports of http.ts. */
  readonly readModule: ModuleReader;
  readonly ui: Ui;
  readonly findings: Finding[];
  readonly unchecked: Unchecked[];
  /** Once for each that two checks run into. */
  readonly add: (findings: readonly Finding[]) => void;
  /** The answer, or undefined with the reason among the unchecked. */
  readonly ask: <T>(what: string, question: () => Promise<T>) => Promise<T | undefined>;
};

/**
 * Begins one.
 *
 * @throws CodegenError `NOT_AN_APP` and the like
 */
export async function openVisit(options: DoctorOptions, ui: Ui): Promise<Visit> {
  const { cwd } = options;
  const project = await loadApp(cwd);
  const ws = openWorkspace(project);
  const deployment = findDeployment(project);
  const findings: Finding[] = [];
  const unchecked: Unchecked[] = [];
  const ask: Visit["ask"] = async (what, question) => {
    ui.progress(what);
    try {
      return await question();
    } catch (error) {
      if (!(error instanceof CodegenError)) throw error;
      unchecked.push({ what, why: `${error.message} ${fixOf(error)}`.replaceAll("\n", " ") });
      return undefined;
    }
  };
  const target = targetOf(options, deployment);
  const isElsewhere = target !== undefined && target.flags.length > 0;
  const environment = definedOnly(readEnvironment(project));
  // Convex writes the addresses of the development deployment into .env.local.
  const isOfFiles = !isElsewhere && isOfKey(deployment, environment);
  return {
    project,
    ws,
    deployment,
    isProduction: target?.kind === "production",
    isElsewhere,
    environment,
    addresses: isOfFiles ? environment : definedOnly(process.env),
    cli: await ask("the convex CLI", async () =>
      target ? openConvexCli(project, target.flags) : undefined,
    ),
    readModule: openModules(ws),
    ui,
    findings,
    unchecked,
    add: (more) => {
      for (const one of more) {
        const finding = aimed(shortened(one, project), target);
        if (!findings.some((other) => isDeepStrictEqual(other, finding))) findings.push(finding);
      }
    },
    ask,
  };
}

// --- internal ---

/** False where a deploy key names another deployment than the addresses in the environment. */
function isOfKey(deployment: Deployment, environment: Variables): boolean {
  if (deployment.kind !== "cloud" || !deployment.byDeployKey) return true;
  const key = environment.CONVEX_DEPLOY_KEY || environment.CONVEX_DEPLOYMENT_TOKEN || "";
  const name = /^(?:\w+:)?([\w-]+)\|/.exec(key)?.[1];
  return Object.entries(environment).some(
    ([variable, value]) =>
      /(^|_)CONVEX_(SITE_)?URL$/.test(variable) && value.includes(`//${name}.`),
  );
}

/** Undefined where none is configured: what needs no deployment is looked at all the same. */
function targetOf(options: DoctorOptions, deployment: Deployment): Target | undefined {
  const isAsked = options.prod || options.previewName !== undefined;
  if (deployment.kind === "none" && !isAsked) return undefined;
  return planTarget(options, deployment, process.env);
}

/** With paths as the user knows them: a check may have passed on what an error says. */
function shortened(finding: Finding, { root }: Project): Finding {
  return { ...finding, message: finding.message.replaceAll(`${root}/`, "") };
}

/** Checks know development and production: a command for a preview has to name it. */
function aimed(finding: Finding, target: Target | undefined): Finding {
  if (target?.kind !== "preview" || target.flags.length === 0) return finding;
  const flags = target.flags.join(" ");
  const fix = finding.fix.replace(/npx (kitcn env push|convex env (set|remove))/g, `$& ${flags}`);
  return { ...finding, fix };
}

function definedOnly(values: Readonly<Record<string, string | undefined>>): Variables {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
