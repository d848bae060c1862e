// The sync WebSocket: query subscriptions, mutations, actions and auth of one client after the other.
// Every message is handled in order; a query is run again whenever something it read was written.
import type { Server } from "node:http";
import type { JSONValue } from "convex/values";
import { WebSocketServer, type WebSocket } from "ws";
import { AuthError } from "./auth-error.js";
import { NOBODY } from "./deployment.js";
import { adminOf, userOf, type Access } from "./callers.js";
import { FunctionError, serverError } from "./function-error.js";
import type { Caller, Journal, Result } from "./functions.js";
import { isTouched, type Change } from "./history.js";
import { systemQuery } from "./system-queries.js";
import { encodeTs } from "./timestamps.js";

type Query = {
  udfPath: string;
  args: JSONValue[];
  componentPath?: string;
  /** What the run before left, also one on an earlier connection: a page ends where it did at first. */
  journal?: string | null;
  last?: string;
  reads: Result["reads"];
  /** What was committed since its run began; "everything" after a push. */
  missed?: Change[] | "everything" | undefined;
};
type Version = { querySet: number; identity: number; ts: bigint };
type ClientMessage = {
  type: string;
  requestId: number;
  udfPath: string;
  componentPath?: string;
  args: JSONValue[];
  tokenType: string;
  value: string;
  /** The user that an admin acts as. */
  actingAs?: unknown;
  impersonating?: unknown;
  baseVersion: number;
  newVersion: number;
  modifications: (
    ({ type: "Add"; queryId: number } & Query) | { type: "Remove"; queryId: number }
  )[];
};

/** Serves /api/<version>/sync on the cloud port. */
export function attachSync(server: Server, access: () => Access): { close: () => void } {
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request, socket, head) => {
    if (!/^\/api\/.*sync$/.test(request.url ?? "")) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (client) => serveClient(client, access()));
  });
  return { close: () => sockets.clients.forEach((client) => client.terminate()) };
}

// --- internal ---

function callerOfMessage(message: ClientMessage, access: Access): Promise<Caller> | Caller {
  const { tokenType, value, actingAs = message.impersonating } = message;
  if (tokenType === "Admin") return adminOf({ key: value, acting: actingAs }, access);
  return tokenType === "User" ? userOf(value, access) : { identity: NOBODY, isAdmin: false };
}

/** The close code of an error that is the server's own. */
const INTERNAL_ERROR = 1011;

let clock = 1n;

function serveClient(client: WebSocket, access: Access): void {
  const { deployment } = access;
  const queries = new Map<number, Query>();
  let caller: Caller = { identity: NOBODY, isAdmin: false };
  let version: Version = { querySet: 0, identity: 0, ts: 0n };
  let tail: Promise<unknown> = Promise.resolve();
  const fail = (error: Error) => {
    access.log(`sync ${error.message}`);
    if (error instanceof FatalError) client.close(INTERNAL_ERROR, "InternalServerError");
  };
  const inOrder = (work: () => Promise<void>) => (tail = tail.then(work).catch(fail));
  const say = (message: object) =>
    client.readyState === client.OPEN && client.send(JSON.stringify(message));

  const transition = async (
    next: Partial<Version>,
    ids: Iterable<number>,
    removed: number[] = [],
  ) => {
    const modifications: object[] = removed.map((queryId) => ({ type: "QueryRemoved", queryId }));
    for (const queryId of ids) {
      const query = queries.get(queryId);
      const updated = query && (await refresh(queryId, query));
      if (updated) modifications.push(updated);
    }
    const end: Version = { ...version, ...next, ts: ++clock };
    say({
      type: "Transition",
      startVersion: encode(version),
      endVersion: encode(end),
      modifications,
    });
    version = end;
  };

  const refresh = async (queryId: number, query: Query): Promise<object | undefined> => {
    let message: object;
    try {
      let result: Result;
      do {
        query.missed = [];
        const journal: Journal = { endCursor: query.journal ?? undefined };
        result = await run("Query", query, journal);
        query.journal = journal.endCursor ?? null;
        query.reads = result.reads;
      } while (isStale(query));
      message = { type: "QueryUpdated", value: result.value, ...commonOf(queryId, query) };
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      query.reads = [];
      message = {
        type: "QueryFailed",
        errorMessage: serverError(error),
        ...(error.data !== undefined && { errorData: error.data }),
        ...commonOf(queryId, query),
      };
    }
    const text = JSON.stringify(message).replace(/\[Request ID: \w+\]/, "");
    if (text === query.last) return undefined;
    query.last = text;
    return message;
  };

  const run = (
    type: "Query" | "Mutation" | "Action",
    { udfPath, args, componentPath }: Pick<Query, "udfPath" | "args" | "componentPath">,
    journal?: Journal,
  ): Promise<Result> => {
    if (componentPath && !(caller.isAdmin && !caller.identity.attributes))
      throw new FatalError(
        "Only admin or system users can call functions on non-root components directly",
      );
    const instance = deployment.runner.instanceAt(componentPath ?? "");
    // The CLI reads environment variables through system queries.
    if (udfPath.startsWith("_system/") && caller.isAdmin)
      return Promise.resolve({
        value: systemQuery(udfPath, {
          args: args[0] as object | undefined, // functions take one object
          system: { instance, env: deployment.env(), cloudUrl: access.cloudUrl },
        }),
        logs: [],
        reads: [],
      });
    return deployment.runner.run(
      { instance, path: udfPath.replace(/\.js(?=:|$)/, "") },
      {
        ...{ type, args: args[0] ?? {}, caller },
        visibility: caller.isAdmin ? "any" : "public",
        ...(journal && { journal }),
      },
    );
  };

  const respond = async (type: "Mutation" | "Action", message: ClientMessage) => {
    const response = { type: `${type}Response`, requestId: message.requestId };
    try {
      const { value, logs } = await run(type, message);
      const ts = ++clock;
      say({
        ...response,
        success: true,
        result: value,
        logLines: logs,
        ...(type === "Mutation" && { ts: encodeTs(ts) }),
      });
      if (type === "Mutation") await transition({}, queries.keys());
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      say({
        ...response,
        success: false,
        result: serverError(error),
        logLines: error.logs,
        ...(error.data !== undefined && { errorData: error.data }),
      });
    }
  };

  /** Actions wait for nothing, but for who calls. */
  const startAction = (message: ClientMessage) => {
    let started: Promise<void> | undefined;
    void inOrder(async () => void (started = respond("Action", message)));
    void tail.then(() => started).catch(fail);
  };

  const authenticate = async (message: ClientMessage) => {
    try {
      caller = await callerOfMessage(message, access);
      await transition({ identity: message.baseVersion + 1 }, queries.keys());
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      say({
        type: "AuthError",
        error: error.message,
        baseVersion: message.baseVersion,
        authUpdateAttempted: true,
      });
    }
  };

  const stopListening = deployment.onCommit((changes) => {
    const ids = [...queries].flatMap(([id, query]) => {
      if (!changes) query.missed = "everything";
      else if (query.missed !== "everything") query.missed?.push(...changes);
      return !changes || isTouched(query.reads, changes) ? [id] : [];
    });
    if (ids.length > 0) void inOrder(() => transition({}, ids));
  });

  client.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString("utf8")) as ClientMessage;
    if (message.type === "Action") return void startAction(message);
    void inOrder(async () => {
      if (message.type === "Authenticate") return authenticate(message);
      if (message.type === "Mutation") return respond("Mutation", message);
      if (message.type !== "ModifyQuerySet") return;
      const added: number[] = [];
      const removed: number[] = [];
      for (const change of message.modifications) {
        if (change.type === "Remove") {
          removed.push(change.queryId);
          queries.delete(change.queryId);
        } else {
          added.push(change.queryId);
          queries.set(change.queryId, { ...change, reads: [] });
        }
      }
      await transition({ querySet: message.newVersion }, added, removed);
    });
  });
  client.on("close", stopListening);
}

/** Ends the connection. */
class FatalError extends Error {}

/** Whether a commit that came during its run may change what it said. */
function isStale({ reads, missed = [] }: Query): boolean {
  return missed === "everything" || isTouched(reads, missed);
}

/** What every answer to a query has. */
function commonOf(queryId: number, { journal = null }: Query) {
  return { queryId, logLines: [], journal };
}

function encode({ querySet, identity, ts }: Version) {
  return { querySet, identity, ts: encodeTs(ts) };
}
