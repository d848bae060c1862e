// The deployment's two ports: the cloud port for CLI and clients, the site port for HTTP actions.
// Binds to 127.0.0.1 only. Translates HTTP to deployment.ts and back.
import type { JSONValue } from "convex/values";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { brotliDecompressSync } from "node:zlib";
import { AuthError } from "./auth.js";
import { NOBODY, type DeploymentState, type StartPush } from "./deployment.js";
import { BadRequest } from "./environment.js";
import { Killed, type Fault } from "./faults.js";
import { ConflictError, FunctionError, type Caller, type Identity } from "./functions.js";

export type Access = {
  deployment: DeploymentState;
  adminKey: string;
  cloudUrl: string;
  siteUrl: string;
  log: (line: string) => void;
};

type Json = Record<string, unknown>;

/** The caller of an Authorization header. Throws AuthError for one that must not pass. */
export async function callerOf(
  header: string | undefined,
  { deployment, adminKey }: Access,
): Promise<Caller> {
  if (!header) return { identity: NOBODY, isAdmin: false };
  const [scheme = "", value = ""] = [
    header.slice(0, header.indexOf(" ")),
    header.slice(header.indexOf(" ") + 1),
  ];
  if (scheme === "Convex") {
    const [key, acting] = splitKey(value, adminKey);
    if (key !== adminKey)
      throw new AuthError("BadAdminKey", "The provided admin key was invalid for this instance");
    const attributes = acting
      ? (JSON.parse(Buffer.from(acting, "base64").toString("utf8")) as Record<string, unknown>)
      : null;
    return { identity: { attributes }, isAdmin: true };
  }
  return {
    identity: { attributes: await deployment.identify(value) },
    isAdmin: false,
  };
}

export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>(
    (resolve, reject) => void server.once("error", reject).listen(port, "127.0.0.1", resolve),
  );
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}

export function createCloudServer(access: () => Access): Server {
  return createServer((request, response) => {
    const work = async () => {
      const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
      response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "*");
      response.setHeader(
        "Access-Control-Allow-Headers",
        request.headers["access-control-request-headers"] ?? "*",
      );
      if (request.method === "OPTIONS") return send(response, 204, undefined);
      if (pathname.startsWith("/http/"))
        return serveHttpAction({ request, response, access: access(), prefix: "/http" });
      const body = await readBody(request);
      const result = await route(pathname, { body, request, access: access() });
      if (result === undefined) {
        access().log(`404 ${request.method} ${pathname}`);
        return send(response, 404, {
          code: "NotFound",
          message: `${pathname} is not served here.`,
        });
      }
      return send(response, result.status, result.json);
    };
    work().catch((error: unknown) => sendError(response, error, access().log));
  });
}

export function createSiteServer(access: () => Access): Server {
  return createServer((request, response) => {
    serveHttpAction({ request, response, access: access(), prefix: "" }).catch((error: unknown) =>
      sendError(response, error, access().log),
    );
  });
}

// --- internal ---

type Reply = { status: number; json: unknown };
const ok = (json: unknown): Reply => ({ status: 200, json });

async function route(
  path: string,
  { body, request, access }: { body: Json; request: IncomingMessage; access: Access },
): Promise<Reply | undefined> {
  const { deployment } = access;
  const header =
    request.headers.authorization ??
    (typeof body?.["adminKey"] === "string" ? `Convex ${String(body["adminKey"])}` : undefined);
  const admin = async () => {
    if (!(await callerOf(header, access)).isAdmin)
      throw new AuthError("BadAdminKey", "An admin key is needed.");
  };
  switch (path) {
    case "/version":
      return ok("1.48.0");
    case "/instance_name":
      return ok("local");
    case "/api/check_admin_key":
      await admin();
      return ok({ success: true });
    case "/api/v1/get_canonical_urls":
      return ok({ convexCloudUrl: access.cloudUrl, convexSiteUrl: access.siteUrl });
    case "/api/update_environment_variables":
      await admin();
      await deployment.setEnv(body["changes"] as never);
      return ok(null);
    case "/api/get_config_hashes":
      await admin();
      return ok(deployment.configHashes());
    case "/api/deploy2/start_push":
      await admin();
      return ok(await deployment.startPush(body as unknown as StartPush));
    case "/api/deploy2/evaluate_push":
      await admin();
      return ok({
        schemaChange: (await deployment.startPush(body as unknown as StartPush)).schemaChange,
      });
    case "/api/deploy2/evaluate_schema":
      await admin();
      return ok(await deployment.evaluateSchema(body as unknown as StartPush));
    case "/api/deploy2/wait_for_schema":
      return ok(deployment.waitForSchema((body["schemaChange"] as { token: string }).token));
    case "/api/deploy2/finish_push": {
      const { schemaChange } = body["startPush"] as { schemaChange: { token: string } };
      return ok(deployment.finishPush(schemaChange.token));
    }
    case "/api/deploy2/report_push_completed":
      return ok(null);
    case "/__standin/counters":
      await admin();
      return ok(deployment.counters);
    case "/__standin/reset":
      await admin();
      deployment.resetCounters();
      return ok(null);
    case "/__standin/rows":
      await admin();
      return ok(deployment.rows());
    case "/__standin/arm":
      await admin();
      deployment.faults.arm(body as unknown as Fault); // sent by index.ts
      return ok(null);
    case "/__standin/disarm":
      await admin();
      return ok(deployment.faults.disarm());
    case "/__standin/crash":
      await admin();
      deployment.crash();
      return ok(null);
    case "/api/stream_function_logs": {
      await admin();
      const { searchParams } = new URL(request.url ?? "/", access.cloudUrl);
      return ok(await deployment.executions.since(Number(searchParams.get("cursor"))));
    }
    case "/api/query_ts":
      return ok({ ts: "AAAAAAAAAAA=" });
    case "/api/query":
    case "/api/query_at_ts":
      return callFunction("Query", { body, header, access });
    case "/api/mutation":
      return callFunction("Mutation", { body, header, access });
    case "/api/action":
      return callFunction("Action", { body, header, access });
    case "/api/function":
      await admin();
      return callFunction(undefined, { body, header, access });
    default:
      return undefined;
  }
}

async function callFunction(
  type: "Query" | "Mutation" | "Action" | undefined,
  { body, header, access }: { body: Json; header: string | undefined; access: Access },
): Promise<Reply> {
  const { runner } = access.deployment;
  const caller = await callerOf(header, access);
  const instance = runner.instanceAt((body["componentPath"] as string | undefined) ?? "");
  const target = { instance, path: String(body["path"]).replace(/\.js(?=:|$)/, "") };
  const args = (Array.isArray(body["args"]) ? body["args"][0] : body["args"]) as JSONValue;
  try {
    const found = type ?? runner.analyzed(target)?.fn.udfType ?? "Query";
    const visibility = caller.isAdmin ? "any" : "public";
    const { value, logs } = await runner.run(target, {
      type: found,
      args: args ?? {},
      caller,
      visibility,
    });
    return ok({ status: "success", value, logLines: logs });
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    access.log(`${target.path} ${error.message}`);
    if (error instanceof ConflictError)
      return { status: 503, json: { code: error.code, message: error.message } };
    return {
      status: 560,
      json: {
        status: "error",
        errorMessage: serverError(error),
        ...(error.data !== undefined && { errorData: error.data }),
        logLines: error.logs,
      },
    };
  }
}

export function serverError(error: FunctionError): string {
  return `[Request ID: ${Math.floor(performance.now()).toString(16)}] Server Error\n${error.message}`;
}

async function serveHttpAction({
  request,
  response,
  access,
  prefix,
}: {
  request: IncomingMessage;
  response: ServerResponse;
  access: Access;
  prefix: string;
}): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers: [string, string][] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    headers.push([request.rawHeaders[at]!, request.rawHeaders[at + 1]!]);
  const { faults, runner } = access.deployment;
  const path = (request.url ?? "/").slice(prefix.length);
  const origin = faults.begin(path);
  try {
    const identity = await httpIdentity(request.headers.authorization, access);
    const method = request.method ?? "GET";
    const hasBody = method !== "GET" && method !== "HEAD" && chunks.length > 0;
    const body = hasBody ? new Uint8Array(Buffer.concat(chunks)) : null;
    const answer = await runner.runHttp(
      { url: access.siteUrl + path, method, headers, body },
      { identity, isAdmin: false, origin },
    );
    response.statusCode = answer.status;
    for (const [name, value] of answer.headers) response.appendHeader(name, value);
    response.end(answer.body);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    request.socket.destroy();
  } finally {
    faults.end(origin);
  }
}

/** A bearer that is no valid token does not stop an HTTP action; asking who it is does. */
async function httpIdentity(header: string | undefined, access: Access): Promise<Identity> {
  try {
    return (await callerOf(header, access)).identity;
  } catch (error) {
    return { attributes: null, broken: (error as Error).message };
  }
}

async function readBody(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const text = (
    request.headers["content-encoding"] === "br" ? brotliDecompressSync(bytes) : bytes
  ).toString("utf8");
  return (text ? JSON.parse(text) : {}) as Json;
}

function splitKey(value: string, adminKey: string): [string, string | undefined] {
  if (value === adminKey) return [value, undefined];
  const at = value.lastIndexOf(":");
  return at < 0 ? [value, undefined] : [value.slice(0, at), value.slice(at + 1)];
}

function send(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(json === undefined ? "" : JSON.stringify(json));
}

function sendError(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AuthError) return send(response, 401, { code: error.code, message });
  if (error instanceof BadRequest) return send(response, 400, { code: error.code, message });
  log(error instanceof Error ? (error.stack ?? message) : message);
  send(response, 400, { code: "BadRequest", message });
}
