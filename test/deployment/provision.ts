// A project of two deployments, dev and prod, and the provisioning service through which the unmodified
// convex CLI finds them: for `--prod` with an access token, and for deploy keys. Binds to 127.0.0.1 only.
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { listen } from "./http-server.js";
import { startEmbedded, type Deployment, type DeploymentOptions } from "./index.js";

export type Project = {
  readonly dev: Deployment;
  readonly prod: Deployment;
  /** The environment of a developer who is logged in: commands act on dev, with `--prod` on prod. */
  readonly developerEnv: Readonly<Record<string, string>>;
  /** The environment of a CI job that has prod's deploy key and nothing else. */
  readonly ciEnv: Readonly<Record<string, string>>;
  /** The environment of a CI job that has the project's preview deploy key and nothing else. */
  readonly previewEnv: Readonly<Record<string, string>>;
  /** The preview deployments that `deploy` has made, by name. */
  readonly previews: () => ReadonlyMap<string, Deployment>;
  readonly stop: () => Promise<void>;
};

type DeploymentType = "dev" | "prod" | "preview";
type ProjectOptions = Partial<Record<DeploymentType, DeploymentOptions>>;

/**
 * A project with a running dev and prod deployment. Always embedded: there is no Convex cloud to test with.
 *
 * @example
 * const project = await startProject();
 * await app.run(["convex", "deploy", "--yes"], project.ciEnv); // pushes to project.prod
 * await app.run(["convex", "env", "list", "--prod"], project.developerEnv);
 * await project.stop();
 */
export async function startProject(options: ProjectOptions = {}): Promise<Project> {
  const start = async (type: DeploymentType): Promise<Provisioned> => {
    const name = `stand-in-${Math.floor(Math.random() * 900) + 100}`;
    const adminKey = `${type}:${name}|${randomBytes(16).toString("hex")}`;
    return { type, name, deployment: await startEmbedded({ ...options[type], adminKey }) };
  };
  const [dev, prod] = await Promise.all([start("dev"), start("prod")]);
  const accessToken = randomBytes(16).toString("hex");
  const previewKey = `preview:${TEAM.slug}:${PROJECT.slug}|${randomBytes(16).toString("hex")}`;
  const previews = new Map<string, Provisioned>();
  /** Claims the preview of a name: the one that is there, or a new one in its place. */
  const claim: Service["claim"] = async (name, { reuse }) => {
    const before = previews.get(name);
    if (before && reuse) return { found: before, isNew: false };
    await before?.deployment.stop();
    const found = await start("preview");
    previews.set(name, found);
    return { found, isNew: true };
  };
  const server = createServer((request, response) => {
    const work = async () => {
      const service = { deployments: [dev, prod], previews, claim, accessToken, previewKey };
      const reply = await answer(await readRequest(request), service);
      response.writeHead(reply.status, { "content-type": "application/json" });
      response.end(JSON.stringify(reply.json));
    };
    work().catch((error: Error) => response.writeHead(500).end(error.message));
  });
  const host = `http://127.0.0.1:${await listen(server, 0)}`;
  // Empty counts as unset: variables of the machine that runs the tests must not choose the deployment.
  const common = {
    CONVEX_PROVISION_HOST: host,
    CONVEX_SELF_HOSTED_URL: "",
    CONVEX_SELF_HOSTED_ADMIN_KEY: "",
    CONVEX_AGENT_MODE: "",
    CI: "1",
    NO_COLOR: "1",
  };
  return {
    dev: dev.deployment,
    prod: prod.deployment,
    developerEnv: {
      ...common,
      CONVEX_DEPLOYMENT: `dev:${dev.name}`,
      CONVEX_OVERRIDE_ACCESS_TOKEN: accessToken,
      CONVEX_DEPLOY_KEY: "",
    },
    ciEnv: {
      ...common,
      CONVEX_DEPLOYMENT: "",
      CONVEX_OVERRIDE_ACCESS_TOKEN: "",
      CONVEX_DEPLOY_KEY: prod.deployment.adminKey,
    },
    previewEnv: {
      ...common,
      CONVEX_DEPLOYMENT: "",
      CONVEX_OVERRIDE_ACCESS_TOKEN: "",
      CONVEX_DEPLOY_KEY: previewKey,
    },
    previews: () => new Map([...previews].map(([name, { deployment }]) => [name, deployment])),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      const all = [dev, prod, ...previews.values()];
      await Promise.all(all.map(({ deployment }) => deployment.stop()));
    },
  };
}

// --- internal ---

type Provisioned = { type: DeploymentType; name: string; deployment: Deployment };
type Service = {
  deployments: readonly Provisioned[];
  previews: ReadonlyMap<string, Provisioned>;
  claim: (
    name: string,
    options: { reuse: boolean },
  ) => Promise<{ found: Provisioned; isNew: boolean }>;
  accessToken: string;
  previewKey: string;
};
type Call = { path: string; query: URLSearchParams; bearer: string; body: Record<string, unknown> };
type Reply = { status: number; json: unknown };

const TEAM = { id: 1, team: "stand-in-team", slug: "stand-in-team", name: "Stand-in team" };
const PROJECT = { id: 2, slug: "stand-in-project", name: "Stand-in project" };
const PROJECT_PATH = `/v1/teams/${TEAM.slug}/projects/${PROJECT.slug}`;
const SLUGS = { team: TEAM.slug, project: PROJECT.slug, teamId: TEAM.id, projectId: PROJECT.id };

async function answer(call: Call, service: Service): Promise<Reply> {
  const { deployments } = service;
  const { path, body, query } = call;
  if (path.endsWith("_for_key")) return answerForKey(call, service);
  // A preview deploy key opens previews alone; whoever is logged in may look at them too.
  const isOfPreviews = call.bearer === service.previewKey;
  if (path === "/api/claim_preview_deployment" && isOfPreviews) return claimPreview(body, service);
  if (path === "/api/deployment/authorize_preview" && isOfPreviews)
    return previewOf(body.previewName, service);
  if (path === PROJECT_PATH && isOfPreviews) return ok(PROJECT);
  if (call.bearer !== service.accessToken)
    return failure(401, "Unauthenticated", "The access token is not one of this service.");
  const byName = (name: unknown) => deployments.find((one) => one.name === name);
  const byType = (type: unknown) => deployments.find((one) => one.type === type);
  const asked = /^\/api\/deployment\/([^/]+)\/team_and_project$/.exec(path)?.[1];
  if (asked !== undefined) return byName(asked) ? ok(SLUGS) : notFound(asked);
  switch (path) {
    case "/api/deployment/authorize_preview":
      return previewOf(body.previewName, service);
    case "/api/deployment/authorize_prod":
      return byName(body.deploymentName)
        ? credentials(byType("prod"))
        : notFound(body.deploymentName);
    case "/api/deployment/provision_and_authorize":
      return credentials(byType(body.deploymentType));
    case "/api/deployment/authorize_within_current_project":
      return credentials(byName(body.selectedDeploymentName), body.selectedDeploymentName);
    case "/api/authorize":
      return ok({});
    case "/api/check_opt_ins":
      return ok({ optInsToAccept: [] });
    case "/api/teams":
      return ok([TEAM]);
    case `/api/dashboard/teams/${TEAM.id}/usage/team_usage_state`:
      return ok({ usageState: "Default" });
    case `/api/dashboard/teams/${TEAM.id}/get_spending_limits`:
      return ok({ disableThresholdCents: null, state: "Running" });
    case PROJECT_PATH:
      return ok(PROJECT);
    case `/v1/teams/${TEAM.slug}/projects/${PROJECT.slug}/deployment`: {
      const found = byType(query.has("defaultDev") ? "dev" : query.get("reference"));
      return found ? ok({ name: found.name }) : notFound(query.get("reference"));
    }
    default:
      return failure(400, "NotServed", `${path} is not served by the provisioning stand-in.`);
  }
}

async function claimPreview(body: Call["body"], { claim }: Service): Promise<Reply> {
  const { identifier, reuse } = body;
  const { found, isNew } = await claim(String(identifier), { reuse: reuse !== false });
  const { adminKey, url } = found.deployment;
  return ok({
    deploymentName: found.name,
    adminKey,
    instanceUrl: url,
    isNewDeployment: isNew,
    reference: `preview/${String(identifier)}`,
  });
}

function previewOf(name: unknown, { previews }: Service): Reply {
  return credentials(previews.get(String(name)), name);
}

function answerForKey({ path, body }: Call, { deployments }: Service): Reply {
  const found = deployments.find(({ deployment }) => deployment.adminKey === body.deployKey);
  if (!found) return failure(401, "InvalidDeployKey", "The deploy key is not one of this project.");
  return path.endsWith("/url_for_key")
    ? ok(found.deployment.url)
    : ok({ ...SLUGS, reference: found.type, isDefault: true });
}

function credentials(found: Provisioned | undefined, name?: unknown): Reply {
  if (!found) return notFound(name);
  const { adminKey, url } = found.deployment;
  return ok({
    deploymentName: found.name,
    deploymentType: found.type,
    adminKey,
    url,
    reference: found.type,
    isDefault: true,
  });
}

async function readRequest(request: IncomingMessage): Promise<Call> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // http gives Buffers where no encoding is set
  const text = Buffer.concat(chunks).toString("utf8");
  return {
    path: pathname,
    query: searchParams,
    bearer: (request.headers.authorization ?? "").replace(/^Bearer /, ""),
    body: text ? (JSON.parse(text) as Record<string, unknown>) : {}, // what the CLI sends is an object
  };
}

function ok(json: unknown): Reply {
  return { status: 200, json };
}

/** Not 404, which the CLI takes for a service that is not up yet. */
function notFound(name: unknown): Reply {
  return failure(400, "DeploymentNotFound", `Deployment ${String(name)} not found.`);
}

function failure(status: number, code: string, message: string): Reply {
  return { status, json: { code, message } };
}
