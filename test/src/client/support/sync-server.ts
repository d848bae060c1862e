// A Convex sync server in a WebSocket's clothes, enough for Convex's real clients: identities from
// unsigned tokens, queries that answer with the identity they ran as.
import { ConvexClient } from "convex/browser";
import { ConvexReactClient, type ConvexReactClientOptions } from "convex/react";
import type { Value } from "convex/values";
import { readClaims } from "../../../../src/client/claims.js";

export type SyncServer<Client = ConvexReactClient> = {
  readonly client: Client;
  /** Every identity that was set, in order; null for none. */
  readonly identities: (string | null)[];
  /** Answers are held back while true. */
  setPaused(isPaused: boolean): void;
  /** What queries throw from now on: the data of a ConvexError, or undefined for none. Runs all of them again. */
  setFailure(data: Value | undefined): void;
  /** The same, but only for queries that run for nobody. */
  setFailureForVisitors(data: Value | undefined): void;
};

type Options = Pick<ConvexReactClientOptions, "expectAuth" | "initialAuthTokenReuse">;

/** For React's client. */
export function createSyncServer(options: Options = {}): SyncServer {
  return serve((socket) => new ConvexReactClient(ADDRESS, { ...socket, ...options }));
}

/** For the client that needs no React. */
export function createPlainSyncServer(): SyncServer<ConvexClient> {
  return serve((socket) => new ConvexClient(ADDRESS, socket));
}

// --- internal ---

const ADDRESS = "http://127.0.0.1:3210";

type SocketOptions = {
  webSocketConstructor: typeof WebSocket;
  unsavedChangesWarning: false;
  logger: false;
};

function serve<Client>(connect: (socket: SocketOptions) => Client): SyncServer<Client> {
  const identities: (string | null)[] = [];
  const waiting: (() => void)[] = [];
  const failing: Failing = { data: undefined, forVisitors: undefined, rerun: new Set() };
  let isPaused = false;
  const after = (run: () => void) => {
    if (isPaused) waiting.push(run);
    else setTimeout(run, 5);
  };
  const client = connect({
    webSocketConstructor: socketClass({ identities, after, failing }),
    unsavedChangesWarning: false,
    logger: false,
  });
  return {
    client,
    identities,
    setPaused(value) {
      isPaused = value;
      if (!value) for (const run of waiting.splice(0)) run();
    },
    setFailure(data) {
      failing.data = data;
      after(() => failing.rerun.forEach((run) => run()));
    },
    setFailureForVisitors: (data) => void (failing.forVisitors = data),
  };
}

/** What queries throw, and how the sockets run them again. */
type Failing = {
  data: Value | undefined;
  forVisitors: Value | undefined;
  readonly rerun: Set<() => void>;
};

type ClientMessage =
  | { type: "Connect" | "Event" }
  | { type: "Authenticate"; tokenType: "User" | "None"; value?: string; baseVersion: number }
  | {
      type: "ModifyQuerySet";
      newVersion: number;
      modifications: { type: "Add" | "Remove"; queryId: number }[];
    };

function socketClass({
  identities,
  after,
  failing,
}: {
  identities: (string | null)[];
  after: (run: () => void) => void;
  failing: Failing;
}): typeof WebSocket {
  class Socket {
    readyState = 0;
    onopen?: () => void;
    onmessage?: (event: { data: string }) => void;
    onclose?: (event: { code: number; reason: string }) => void;
    private version = { querySet: 0, identity: 0, ts: 0 };
    private identity: string | null = null;
    private readonly queries = new Set<number>();

    constructor() {
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.();
      }, 1);
      failing.rerun.add(this.rerun);
    }

    private readonly rerun = () => this.transition({}, [...this.queries]);

    close(): void {
      this.readyState = 3;
      failing.rerun.delete(this.rerun);
      setTimeout(() => this.onclose?.({ code: 1000, reason: "closed" }), 1);
    }

    send(text: string): void {
      const message = JSON.parse(text) as ClientMessage;
      if (message.type === "Authenticate") {
        const { value, baseVersion } = message;
        after(() => {
          this.identity = value ? (readClaims(value)?.sub ?? null) : null;
          identities.push(this.identity);
          this.transition({ identity: baseVersion + 1 }, [...this.queries]);
        });
      }
      if (message.type === "ModifyQuerySet") {
        const { modifications, newVersion } = message;
        after(() => {
          for (const { type, queryId } of modifications)
            if (type === "Add") this.queries.add(queryId);
            else this.queries.delete(queryId);
          const added = modifications.filter(({ type }) => type === "Add");
          this.transition(
            { querySet: newVersion },
            added.map(({ queryId }) => queryId),
          );
        });
      }
    }

    private transition(change: Partial<typeof this.version>, queryIds: number[]): void {
      const startVersion = this.version;
      this.version = { ...startVersion, ...change, ts: startVersion.ts + 1 };
      const failure = failing.data ?? (this.identity === null ? failing.forVisitors : undefined);
      const data = {
        type: "Transition",
        startVersion: wire(startVersion),
        endVersion: wire(this.version),
        clientClockSkew: 0,
        modifications: queryIds.map((queryId) => ({
          ...(failure === undefined
            ? { type: "QueryUpdated", value: this.identity }
            : { type: "QueryFailed", errorMessage: "failed", errorData: failure }),
          queryId,
          logLines: [],
          journal: null,
        })),
      };
      if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(data) });
    }
  }
  // Only the members above are used by Convex's client.
  return Socket as unknown as typeof WebSocket;
}

/** Timestamps travel as base64 of a little-endian u64. */
function wire({ querySet, identity, ts }: { querySet: number; identity: number; ts: number }) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(ts));
  return { querySet, identity, ts: bytes.toString("base64") };
}
