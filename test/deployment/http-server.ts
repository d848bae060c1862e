// The deployment's two ports: the cloud port for CLI and clients, the site port for HTTP actions.
// Binds to 127.0.0.1 only. Translates HTTP to deployment.ts and back.
import type { JSONValue } from "convex/values";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { brotliDecompressSync } from "node:zlib";
import { AuthError } from "./auth-error.js";
import { assertAdmin, callerOf, type Access } from "./callers.js";
import type { StartPush } from "./deployment.js";
import { BadRequest } from "./environment.js";
import type { Fault } from "./faults.js";
import { ConflictError, FunctionError, serverError } from "./function-error.js";
import { serveHttpAction } from "./http-actions.js";
import { JWKS_PATH } from "./issuer.js";
import type { LoadedColumns } from "./load.js";
import { decodeTs, encodeTs } from "./timestamps.js";

export type { Access } from "./callers.js";

type Json = Record<string, unknown>;
/** What `Deployment.load` of index.ts sends. */
type Load = { component: string; table: string; documents: LoadedColumns[] };

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
  const admin = async () => void (await assertAdmin(header, access));
  switch (path) {
    case "/version":
      return ok("1.48.0");
    case "/instance_name":
      return ok("local");
    case JWKS_PATH:
      return ok(await deployment.issuer.jwks());
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
    case "/__standin/digests":
      await admin();
      return ok(deployment.digests(body["except"] as string[])); // sent by index.ts
    case "/__standin/load": {
      await admin();
      const { component, table, documents } = body as unknown as Load;
      return ok(deployment.load(component, table, documents));
    }
    case "/__standin/watch":
      await admin();
      deployment.footprints.watch();
      return ok(null);
    case "/__standin/overlaps":
      await admin();
      return ok(deployment.footprints.overlaps());
    case "/__standin/scheduled":
      await admin();
      return ok(deployment.scheduled());
    case "/__standin/settled":
      await admin();
      await deployment.settled();
      return ok(null);
    case "/__standin/executions":
      await admin();
      return ok(deployment.executions.all());
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
      return ok({ ts: encodeTs(BigInt(deployment.snapshot())) });
    case "/api/query":
      return callFunction("Query", { body, header, access });
    case "/api/query_at_ts":
      return callFunction("Query", { body, header, access, at: timeOf(body["ts"]) });
    case "/api/mutation":
      return callFunction("Mutation", { body, header, access });
    case "/api/action":
      return callFunction("Action", { body, header, access });
    case "/api/function":
      await admin();
      return callFunction(undefined, {
        ...{ body, header, access },
        componentPath: body["componentPath"] as string | undefined,
      });
    default:
      return undefined;
  }
}

/** Functions of components are reached through /api/function alone, which takes an admin key. */
async function callFunction(
  type: "Query" | "Mutation" | "Action" | undefined,
  {
    body,
    header,
    access,
    componentPath = "",
    at,
  }: {
    body: Json;
    header: string | undefined;
    access: Access;
    componentPath?: string | undefined;
    at?: number;
  },
): Promise<Reply> {
  const { runner } = access.deployment;
  const caller = await callerOf(header, access);
  const instance = runner.instanceAt(componentPath);
  const target = { instance, path: String(body["path"]).replace(/\.js(?=:|$)/, "") };
  const args = (Array.isArray(body["args"]) ? body["args"][0] : body["args"]) as JSONValue;
  try {
    const found = type ?? runner.analyzed(target)?.fn.udfType ?? "Query";
    const visibility = caller.isAdmin ? "any" : "public";
    const { value, logs } = await runner.run(target, {
      ...{ type: found, args: args ?? {}, caller, visibility },
      ...(at !== undefined && { at }),
    });
    return ok({ status: "success", value, ...logLinesOf(logs) });
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error;
    if (error instanceof ConflictError)
      return { status: 503, json: { code: error.code, message: error.message } };
    return {
      status: UDF_FAILED,
      json: {
        status: "error",
        errorMessage: serverError(error),
        ...(error.data !== undefined && { errorData: error.data }),
        ...logLinesOf(error.logs),
      },
    };
  }
}

/** What the hosted service answers; a client takes 200 as well, which the open-source backend answers. */
const UDF_FAILED = 560;

const logLinesOf = (logLines: string[]) => (logLines.length > 0 ? { logLines } : {});

function timeOf(ts: unknown): number {
  try {
    return Number(decodeTs(String(ts)));
  } catch {
    throw new BadRequest("BadTimestamp", "Wrong number of bytes for SerializedTs.");
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

function send(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(json === undefined ? "" : JSON.stringify(json));
}

function sendError(response: ServerResponse, error: unknown, log: (line: string) => void): void {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AuthError)
    return send(response, error.status, { code: error.code, message });
  if (error instanceof BadRequest) return send(response, 400, { code: error.code, message });
  log(error instanceof Error ? (error.stack ?? message) : message);
  send(response, 400, { code: "BadRequest", message });
}
