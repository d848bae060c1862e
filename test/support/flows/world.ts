// What a flow of Better Auth is: calls that must succeed, whatever serves them.
import type { BetterAuthOptions } from "better-auth";

type Body = Record<string, unknown>;

export type Answer = {
  readonly body: Body;
  /** Of the session that the call made, if any. */
  readonly token: string;
  readonly headers: Headers;
};

export type Call = {
  readonly body?: Body;
  /** Sent as a form. */
  readonly form?: Record<string, string>;
  /** A session's token. */
  readonly as?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
};

/** What a flow has: calls that must succeed, as one user or another, and the texts that were sent. */
export type World = {
  readonly call: (path: string, input?: Call) => Promise<Answer>;
  readonly signUp: (name: string) => Promise<{ token: string; id: string }>;
  /** The last text that was sent to a user. */
  readonly lastSent: () => Promise<string>;
};

export type Flow = {
  readonly name: string;
  readonly options: (sent: string[]) => BetterAuthOptions;
  readonly run: (world: World) => Promise<void>;
  /** Models that the flow must have queried, so that it cannot pass by doing nothing. */
  readonly queries: readonly string[];
};

export const ORIGIN = "http://localhost:3000";
export const PASSWORD = "correct horse battery";

/** The calls of a flow over what serves requests. */
export function openWorld(input: {
  readonly base: string;
  readonly serve: (request: Request) => Promise<Response>;
  readonly lastSent: World["lastSent"];
}): World {
  const { base, serve, lastSent } = input;
  const call: World["call"] = async (path, given = {}) => {
    const request = requestOf(base, path, given);
    const { method } = request;
    const response = await serve(request);
    const text = await response.text();
    if (response.status >= 400)
      throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    const parsed: unknown = /^[{[]/.test(text) ? JSON.parse(text) : {};
    const token = response.headers.get("set-auth-token") ?? "";
    return { body: parsed as Body, token, headers: response.headers }; // what each path answers
  };
  const signUp: World["signUp"] = async (name) => {
    const body = { name, email: `${name}@example.com`, password: PASSWORD };
    const answer = await call("/sign-up/email", { body });
    return { token: answer.token, id: (answer.body.user as { id: string }).id };
  };
  return { call, signUp, lastSent };
}

// --- internal ---

function requestOf(base: string, path: string, { body, form, as, method, headers }: Call): Request {
  const sent = form ? new URLSearchParams(form) : body && JSON.stringify(body);
  const type = form ? "application/x-www-form-urlencoded" : "application/json";
  return new Request(`${base}/api/auth${path}`, {
    method: method ?? (sent ? "POST" : "GET"),
    headers: {
      origin: ORIGIN,
      "content-type": type,
      ...(as !== undefined && { authorization: `Bearer ${as}` }),
      ...headers,
    },
    ...(sent && { body: sent }),
  });
}
