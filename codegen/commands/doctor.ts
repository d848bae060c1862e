// `kitcn doctor`: says what is wrong with an app's auth, on disk and on its deployment, and what fixes it.
// Writes nothing, there or here. What it could not look at is listed with the reason, never passed over.
import { join } from "node:path";
import { checkConfig } from "../doctor/check-config.js";
import { checkCors } from "../doctor/check-cors.js";
import { checkEnv, withoutEffects } from "../doctor/check-env.js";
import { checkComponent, checkConflicts, checkDrift, checkHttp } from "../doctor/check-files.js";
import { checkFrontEnv } from "../doctor/check-front-env.js";
import { checkKeys } from "../doctor/check-keys.js";
import { checkOrigins } from "../doctor/check-origins.js";
import { checkProxy } from "../doctor/check-proxy.js";
import { checkPackages } from "../doctor/check-packages.js";
import { checkSchemes, type SchemeFacts } from "../doctor/check-scheme.js";
import { checkSigner } from "../doctor/check-signer.js";
import { sourceFile } from "../doctor/check-wiring.js";
import { findingOf } from "../doctor/fix-of.js";
import { checkTodos, checkVariables } from "../doctor/check-unfinished.js";
import { findHttpBasePath } from "../doctor/http-base-path.js";
import { loadAuthFacts } from "../load/auth-facts.js";
import {
  loadCloudUrl,
  loadPublishedKids,
  loadServed,
  loadSiteUrl,
  loadStoredKids,
} from "../doctor/load-deployment.js";
import { loadBackend, loadFrontEnv } from "../doctor/load-front-env.js";
import { loadKeyFacts } from "../doctor/load-keys.js";
import { loadPackages } from "../doctor/load-packages.js";
import type { Finding } from "../errors/finding-codes.js";
import type { AuthFacts, Variables } from "../doctor/types.js";
import { UNKNOWN_ADDRESSES } from "../load/unknown-addresses.js";
import { openVisit, type DoctorOptions, type Visit } from "../doctor/visit.js";
import { loadEnvFile } from "../env/deployment.js";
import { loadDevelopment } from "../env/development.js";
import { readJwks } from "../env/jwks.js";
import { JWKS_NAME } from "../env/plan-env.js";
import type { Development } from "../env/secret.js";
import { CodegenError } from "../errors.js";
import { openClients } from "../grow/client-half.js";
import { findMailReads } from "../grow/mail-reads.js";
import { findVariableReads } from "../grow/reads.js";
import { openServer } from "../grow/server-half.js";
import { envFileOf, shortPath } from "../disk/project.js";
import { placeIn } from "../packages/satellites.js";
import { foundScheme } from "../shell/expo-config.js";
import { frontsOf } from "../shell/fronts.js";
import { inRepository } from "./report-packages.js";
import { EMPTY_REPORT, type Report } from "./report.js";
import type { Ui } from "../terminal/ui.js";
import { planSchema, type SchemaOutcome } from "./schema.js";

/**
 * Examines the app.
 *
 * @throws CodegenError `NOT_AN_APP` and the like; what a check runs into becomes a finding instead
 */
export async function runDoctor(options: DoctorOptions, ui: Ui): Promise<Report> {
  const visit = await openVisit(options, ui);
  const packages = loadPackages(visit.project);
  visit.add(checkPackages(packages));
  const schema = await examineFiles(visit);
  examineFronts(visit);
  await examineDeployment(visit, schema, packages.versions.convex);
  ui.done();
  const isWell = visit.findings.every(({ level }) => level === "warning");
  const { findings, unchecked } = visit;
  const status = isWell ? "healthy" : "unhealthy";
  const report = { ...EMPTY_REPORT, command: "doctor", status, findings, unchecked } as const;
  return inRepository(report, visit.project);
}

// --- internal ---

const NO_ADDRESS =
  "No variable has the address of this deployment. To check them, run the command with CONVEX_SITE_URL set to its HTTP actions URL, which the dashboard shows in its settings.";

/** Everything that needs no deployment. */
async function examineFiles(visit: Visit): Promise<SchemaOutcome | undefined> {
  const { project, ws, add } = visit;
  const shorten = (path: string) => shortPath(project, path);
  visit.ui.progress("reading the app");
  add(checkHttp(sourceFile(ws, "http"), visit.readModule));
  try {
    // What a refresh would write is looked at, and is not part of the app that the other checks read.
    const outcome = await planSchema({ ws: ws.fork() });
    const isGenerated = (path: string) => path.startsWith(join(project.functionsDir, "generated"));
    const isSchema = (path: string) => !isGenerated(path) && !path.endsWith(".json");
    add(
      checkDrift({
        schema: outcome.changes.filter(({ path }) => isSchema(path)),
        generated: outcome.changes.filter(({ path }) => isGenerated(path)),
        missingExport: outcome.missingExport,
        shorten,
      }),
    );
    add(checkConflicts(outcome.conflicts));
    const { usesComponent, componentSource } = outcome;
    if (usesComponent) add(checkComponent(sourceFile(ws, "convex.config"), componentSource));
    add(outcome.silent);
    const clients = openClients(ws).flatMap(({ module }) => module?.path ?? []);
    const paths = new Set([...outcome.watch, ...clients]);
    const texts = [...paths].map((path) => ({ file: shorten(path), text: ws.read(path) ?? "" }));
    add(checkTodos(texts, visit.isProduction));
    return outcome;
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    add([findingOf(error)]);
    return undefined;
  }
}

/** The addresses that the front ends have, of the deployment that they should call in development. */
function examineFronts({ project, ws, deployment, isElsewhere, isProduction, add }: Visit): void {
  const backend = loadBackend(project, deployment);
  if (backend && !isElsewhere && !isProduction) add(checkFrontEnv(loadFrontEnv(ws), backend));
}

/** What the deployment has, and whether the app's files agree with it. */
async function examineDeployment(
  visit: Visit,
  schema: SchemaOutcome | undefined,
  convexVersion: string | undefined,
): Promise<void> {
  const { ws, isProduction, cli, add, ask } = visit;
  const env = await loadEnv(visit);
  const siteUrl = await loadSiteUrl(visit.deployment, visit.addresses);
  const jwks = env?.[JWKS_NAME] ? readable(env[JWKS_NAME]) : undefined;
  const cloudUrl = visit.isElsewhere
    ? undefined
    : await loadCloudUrl(visit.deployment, visit.addresses);
  const known = {
    ...UNKNOWN_ADDRESSES,
    ...env,
    ...(siteUrl !== undefined && { CONVEX_SITE_URL: siteUrl }),
    ...(cloudUrl !== undefined && { CONVEX_CLOUD_URL: cloudUrl }),
  };
  // convex() refuses a JWKS it cannot read, and the rest would stay unknown.
  if (jwks?.why !== undefined) Reflect.deleteProperty(known, JWKS_NAME);
  // What is wrong with auth.ts itself was found with the schema.
  const auth = schema && (await ask("auth.ts", () => loadAuthFacts({ ws, env: known })));
  const served = auth && cli ? await askServed(visit, siteUrl, auth) : undefined;
  const http = sourceFile(ws, "http");
  const read = visit.readModule;
  const causes = env && cli ? await examineVariables(visit, { env, auth, schema }) : [];
  if (auth) {
    const basePath = whereParsed(visit, () => findHttpBasePath(http, read));
    add(withoutEffects(checkConfig({ auth, http: basePath, served }), { causes, served }));
    add(whereParsed(visit, () => checkCors(http, { read, basePath: auth.basePath })) ?? []);
    add(checkOrigins({ origins: auth.trustedOrigins, env: env ?? {}, isProduction }));
    const variables = env ?? loadEnvFile(envFileOf(visit.project));
    add(checkSchemes({ schemes: schemesOf(visit), auth, env: variables }));
    add(checkProxy(auth.proxy, isProduction));
    const isKeyless = auth.plugin?.signer === "deployment";
    const published = isKeyless && cloudUrl ? await loadPublishedKids(cloudUrl) : undefined;
    const publishesKeys = isKeyless && cloudUrl ? published !== undefined : undefined;
    const hasJwks = Boolean(env?.[JWKS_NAME]);
    const place = placeIn(visit.project.root);
    add(
      checkSigner({ auth, isProduction, convexVersion, place, cloudUrl, publishesKeys, hasJwks }),
    );
  }
  if (!env && schema && isDevelopment(visit)) add(missingVariables(visit, undefined));
  if (!env || !cli) return;
  add(causes);
  if (auth?.plugin?.signer === "deployment") return;
  const keys =
    jwks?.keys &&
    (await ask("the keys in JWKS", () =>
      loadKeyFacts({ keys: jwks.keys, env, secret: auth?.secret, from: http.path }),
    ));
  if (jwks?.keys && !keys) return;
  const inComponent = schema?.usesComponent === true && schema.placement !== "app";
  const stored =
    keys && (await ask("the keys in the database", () => loadStoredKids(cli, { inComponent })));
  add(
    checkKeys({
      isProduction,
      nowMs: Date.now(),
      keys,
      unreadable: jwks?.why,
      stored,
      plugin: auth?.plugin,
      providers: auth?.providers ?? [],
      served,
    }),
  );
}

/** Of the app's front ends for phones. */
function schemesOf({ ws, project }: Visit): SchemeFacts[] {
  return frontsOf(ws).flatMap((front) => {
    const found = front.shell.kind === "expo" ? foundScheme(front.ws) : undefined;
    if (!found) return [];
    return [{ scheme: found.scheme, file: shortPath(project, found.path), line: found.line }];
  });
}

/** Undefined where a module does not parse, which is a finding. */
function whereParsed<T>({ add }: Visit, check: () => T): T | undefined {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof CodegenError) || error.code !== "SYNTAX_ERROR") throw error;
    add([findingOf(error)]);
    return undefined;
  }
}

/** What the deployment's variables lack. */
async function examineVariables(
  visit: Visit,
  { env, auth, schema }: { env: Variables; auth: AuthFacts | undefined; schema: unknown },
): Promise<Finding[]> {
  const { project, isProduction } = visit;
  const path = envFileOf(project);
  const file = isDevelopment(visit)
    ? { name: shortPath(project, path), values: loadEnvFile(path) }
    : undefined;
  const development = await readDevelopment(visit);
  const findings = checkEnv({ env, isProduction, development, auth, file });
  return schema ? [...findings, ...missingVariables(visit, env)] : findings;
}

/** Whether `convex/.env` has the variables of this deployment. */
function isDevelopment({ isProduction, isElsewhere, deployment }: Visit): boolean {
  const isPreview = deployment.kind === "cloud" && deployment.isPreview;
  return !isProduction && !isElsewhere && !isPreview;
}

/** Without a deployment's variables, `convex/.env` says what it would get. */
function missingVariables({ ws, project, isProduction }: Visit, env: Variables | undefined) {
  const shorten = (path: string) => shortPath(project, path);
  const envFile = shorten(envFileOf(project));
  const reads = [...findVariableReads(openServer(ws)), ...findMailReads(ws)];
  const isFromFile = env === undefined;
  const known = env ?? loadEnvFile(envFileOf(project));
  return checkVariables(reads, { env: known, isFromFile, isProduction, shorten, envFile });
}

async function loadEnv({ cli, ask, unchecked }: Visit): Promise<Variables | undefined> {
  if (cli) return ask("the deployment's variables", () => cli.listEnv());
  unchecked.push({
    what: "the deployment",
    why: "None is configured: run `npx convex dev` once, or set CONVEX_DEPLOY_KEY.",
  });
  return undefined;
}

async function askServed(
  { unchecked }: Visit,
  siteUrl: string | undefined,
  { basePath }: AuthFacts,
) {
  if (siteUrl === undefined) {
    unchecked.push({ what: "the auth routes", why: NO_ADDRESS });
    return undefined;
  }
  const served = await loadServed(siteUrl, basePath);
  if (!served) unchecked.push({ what: "the auth routes", why: `${siteUrl} does not answer.` });
  return served;
}

function readable(jwks: string) {
  try {
    return { keys: readJwks(jwks), why: undefined };
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    return { keys: undefined, why: error.message.replace(/^.*?: /, "").replace(/\.$/, "") };
  }
}

async function readDevelopment(visit: Visit): Promise<readonly Development[]> {
  if (!visit.isProduction) return [];
  visit.ui.progress("the variables of development");
  const { known, unread } = await loadDevelopment(visit.project, visit.deployment);
  if (unread !== undefined)
    visit.unchecked.push({ what: "the development deployment's secrets", why: unread });
  return known;
}
