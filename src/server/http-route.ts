// HTTP procedures: a method, a path, and the same input, middleware and errors as Convex functions have.
// Must not import Hono: what mounts a route hands over the request and its path parameters.
import type { z } from "zod";
import { CRPCError, errorResponse, jsonResponse } from "./error.js";
import type { HandlerReturn } from "./functions.js";
import {
  parseOutput,
  runProcedure,
  type Handler,
  type Middleware,
  type NoFields,
  type Overwrite,
  type Simplify,
  type Step,
} from "./procedure.js";

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A finished route, as a router holds it. */
export type HttpRoute = {
  readonly isHttpRoute: true;
  readonly method: HttpMethod;
  readonly path: string;
  /** Answers a request; errors become responses too. */
  readonly handle: (options: {
    ctx: object;
    request: Request;
    params: Readonly<Record<string, string>>;
  }) => Promise<Response>;
};

/** A route before its path: middleware here is shared by every route that starts from it. */
export type RouteStart<Ctx extends object> = {
  use<Added extends object>(middleware: Middleware<Ctx, Added>): RouteStart<Overwrite<Ctx, Added>>;
} & {
  /** `path` in Hono's syntax: `/api/notes/:id`. */
  [Method in Lowercase<HttpMethod>]: (path: string) => RouteProcedure<Ctx, NoFields, null>;
};

/** A route under construction; `action` ends it. */
export type RouteProcedure<
  Ctx extends object,
  Input extends object,
  Out extends z.ZodType | null,
> = {
  /**
   * Declares the input: path parameters over the JSON body (POST, PUT, PATCH) or the query string (GET,
   * DELETE). Parameters and query values are strings; numbers take `z.coerce.number()`.
   */
  input<S extends z.ZodObject>(schema: S): RouteProcedure<Ctx, Input & z.output<S>, Out>;
  /** Checks and strips what the handler returns. */
  output<S extends z.ZodType>(schema: S): RouteProcedure<Ctx, Input, S>;
  use<Added extends object>(
    middleware: Middleware<Ctx, Added, Simplify<Input>>,
  ): RouteProcedure<Overwrite<Ctx, Added>, Input, Out>;
  /** Answers with JSON; a returned Response goes out as it is, undefined as 204. */
  action<R extends HandlerReturn<Out>>(
    handler: (options: {
      ctx: Ctx;
      input: Simplify<Input>;
      request: Request;
    }) => R | Response | Promise<R | Response>,
  ): HttpRoute;
};

/** Where every route of an app starts; `initCRPC` states its types. */
export function createRouteStart(steps: readonly Step[] = []): object {
  const start = (method: HttpMethod) => (path: string) =>
    createRoute({ method, path, steps, output: null });
  return {
    use: (middleware: Middleware<object, object>) =>
      createRouteStart([...steps, { kind: "use", middleware }]),
    get: start("GET"),
    post: start("POST"),
    put: start("PUT"),
    patch: start("PATCH"),
    delete: start("DELETE"),
  };
}

// --- internal ---

type RouteState = {
  readonly method: HttpMethod;
  readonly path: string;
  readonly steps: readonly Step[];
  readonly output: z.ZodType | null;
};

type RouteHandler = (options: { ctx: object; input: object; request: Request }) => unknown;

function createRoute(state: RouteState): object {
  const addStep = (step: Step) => createRoute({ ...state, steps: [...state.steps, step] });
  return {
    input: (schema: z.ZodObject) => addStep({ kind: "input", schema }),
    output: (schema: z.ZodType) => createRoute({ ...state, output: schema }),
    use: (middleware: Middleware<object, object>) => addStep({ kind: "use", middleware }),
    action: (handler: RouteHandler) => finishRoute(state, handler),
  };
}

function finishRoute(
  { method, path, steps, output }: RouteState,
  handler: RouteHandler,
): HttpRoute {
  return {
    isHttpRoute: true,
    method,
    path,
    async handle({ ctx, request, params }) {
      let raw: Promise<object> | undefined;
      const loadInput = () => (raw ??= loadRouteInput(method, request, params));
      // A ready Response passes by the output schema, which speaks of values.
      const run: Handler = async (options) => {
        const value = await handler({ ...options, request });
        return value instanceof Response ? value : parseOutput(output, value);
      };
      try {
        const value = await runProcedure({ steps, output: null, ctx, loadInput, handler: run });
        if (value instanceof Response) return value;
        return value === undefined ? new Response(null, { status: 204 }) : jsonResponse(value);
      } catch (error) {
        return errorResponse(error);
      }
    },
  };
}

async function loadRouteInput(
  method: HttpMethod,
  request: Request,
  params: Readonly<Record<string, string>>,
): Promise<object> {
  const hasBody = method === "POST" || method === "PUT" || method === "PATCH";
  const values = hasBody ? await loadBody(request) : queryValues(new URL(request.url));
  return { ...values, ...params };
}

/** A parameter given several times is an array. */
function queryValues({ searchParams }: URL): object {
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const all = searchParams.getAll(name);
      return [name, all.length > 1 ? all : all[0]];
    }),
  );
}

/** Only declared JSON: a browser sends other types across origins without asking first. */
async function loadBody(request: Request): Promise<object> {
  const text = await request.text();
  if (text === "") return {};
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new CRPCError({
      code: "UNSUPPORTED_MEDIA_TYPE",
      message: "Send the body as application/json.",
    });
  const body = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new CRPCError({ code: "BAD_REQUEST", message: "The body must be a JSON object." });
  return body;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CRPCError({ code: "BAD_REQUEST", message: "The body is not valid JSON.", cause });
  }
}
