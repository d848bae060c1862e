// Endpoints of a Better Auth instance by method and path, and inputs that are wrong made of one that was right.
// Must not know any endpoint by name.
import { betterAuth, type BetterAuthOptions } from "better-auth";
import { convex } from "../../src/auth/plugin.js";
import { MATRIX } from "./plugin-matrix.js";

export type Recorded = {
  readonly request: Request;
  readonly body: string;
  readonly status: number;
};

type Api = Readonly<Record<string, unknown>>;
type Endpoint = {
  readonly path?: string;
  readonly options: { readonly method?: string | string[]; readonly metadata?: object };
};

/** The endpoints of an instance with every plugin that runs on Convex. */
export function everyEndpoint() {
  const { api } = betterAuth(everyPlugin());
  return { api, ...endpointsOf(api) };
}

/** The options of such an instance. */
export function everyPlugin(): BetterAuthOptions {
  return {
    ...MATRIX.all,
    plugins: [
      ...(MATRIX.all?.plugins ?? []).filter(({ id }) => id !== "sso"), // SSO imports Node modules
      convex({ authConfig: { providers: [] } }),
    ],
    baseURL: "http://localhost:3000",
    secret: "f2b1c0e64d5a4f0e9b7c8d3a2e1f0a9b8c7d6e5f",
  } as BetterAuthOptions; // the plugins of many packages have no common type
}

/** "POST /sign-in/email" for each endpoint that HTTP reaches, and the names of those that it does not. */
export function endpointsOf(api: object): { served: string[]; serverOnly: string[] } {
  const served = new Set<string>();
  const serverOnly: string[] = [];
  for (const [name, value] of Object.entries(api as Api)) {
    const { path, options } = value as Endpoint; // what Better Auth makes
    const isServerOnly = (options.metadata as { SERVER_ONLY?: boolean } | undefined)?.SERVER_ONLY;
    if (path === undefined || isServerOnly) serverOnly.push(name);
    else for (const method of [options.method ?? "GET"].flat()) served.add(`${method} ${path}`);
  }
  return { served: [...served].sort(), serverOnly: serverOnly.sort() };
}

/** The endpoint that a request is for; one without parameters comes first. */
export function endpointOf(
  { method, url }: Request,
  endpoints: readonly string[],
): string | undefined {
  const path = new URL(url).pathname.replace(/^\/api\/auth/, "");
  const exact = `${method} ${path}`;
  if (endpoints.includes(exact)) return exact;
  return endpoints.find((one) => {
    const pattern = one.replace(/[.*+?^$()[\]\\|]/g, "\\$&").replace(/:\w+/g, "[^/]+");
    return one.includes(":") && new RegExp(`^${pattern}$`).test(exact);
  });
}

/** Requests that an endpoint has to refuse: without an input, with wrong types, and for what is somebody else's. */
export function wrongInputsOf(
  endpoint: string,
  right: Recorded | undefined,
  { base, token }: { base: string; token: string },
): { name: string; request: Request }[] {
  const [method = "", path = ""] = endpoint.split(" ");
  const url = new URL(right?.request.url ?? base + path.replace(/:\w+/g, "nothing"));
  const bare = new URL(base + path.replace(/:\w+/g, "nothing"));
  const own = ownCredentials(right) ?? { authorization: `Bearer ${token}` };
  const make = (at: URL, headers: Record<string, string>, body?: string) =>
    new Request(at, {
      method,
      headers: { origin: "http://localhost:3000", "content-type": typeOf(right), ...headers },
      ...(method !== "GET" && { body: body ?? "" }),
    });
  const queried = new URL(url);
  for (const name of [...queried.searchParams.keys()]) {
    queried.searchParams.delete(name);
    queried.searchParams.append(`${name}[wrong]`, "\u0000");
    queried.searchParams.append(name, "nothing-of-this-name");
  }
  queried.pathname = bare.pathname;
  const body = right?.body ?? "";
  const signedOut = { name: "signed out", request: make(url, {}, body) };
  const hasInput = url.search !== "" || path.includes(":") || !["", "{}"].includes(body);
  // What takes no input can only be refused to who is nobody.
  if (right && !hasInput) return [signedOut];
  return [
    { name: "nothing", request: make(bare, own, isForm(right) ? "" : "{}") },
    { name: "wrong types", request: make(queried, own, withWrongTypes(body, isForm(right))) },
    {
      name: "somebody else's",
      request: make(url, { authorization: `Bearer ${token}` }, body),
    },
  ];
}

// --- internal ---

function isForm(right: Recorded | undefined): boolean {
  return typeOf(right).includes("form");
}

function typeOf(right: Recorded | undefined): string {
  return right?.request.headers.get("content-type") ?? "application/json";
}

/** Of a client or a directory, which is no user. */
function ownCredentials(right: Recorded | undefined): Record<string, string> | undefined {
  const authorization = right?.request.headers.get("authorization") ?? "";
  return /^Basic|only-the-directory/.test(authorization) ? { authorization } : undefined;
}

function withWrongTypes(body: string, asForm: boolean): string {
  if (asForm)
    return new URLSearchParams(
      [...new URLSearchParams(body).keys()].map((key) => [key, "\u0000"]),
    ).toString();
  if (!body.startsWith("{")) return JSON.stringify({ nothing: [{}] });
  const members = JSON.parse(body) as Record<string, unknown>; // an object, as it begins with a brace
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(members).map(([key, value]) => [key, Array.isArray(value) ? 7 : [{}]]),
    ),
  );
}
