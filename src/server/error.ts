// CRPCError: the one error that procedures and HTTP routes show to a client, and how it becomes HTTP.
// Browsers import this file too: no zod, no server code.
import { ConvexError } from "convex/values";
import { errorText } from "../error-text.js";
import { isKitcnError, type KitcnErrorCode } from "../errors/error.js";

/** Every code a CRPCError may carry, with the HTTP status it answers with. */
export const CRPC_ERROR_STATUS = {
  BAD_REQUEST: 400,
  UNAUTHORIZED: 401,
  PAYMENT_REQUIRED: 402,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  TIMEOUT: 408,
  CONFLICT: 409,
  GONE: 410,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNPROCESSABLE_CONTENT: 422,
  LOCKED: 423,
  PRECONDITION_REQUIRED: 428,
  TOO_MANY_REQUESTS: 429,
  CLIENT_CLOSED_REQUEST: 499,
  INTERNAL_SERVER_ERROR: 500,
  NOT_IMPLEMENTED: 501,
  BAD_GATEWAY: 502,
  SERVICE_UNAVAILABLE: 503,
  GATEWAY_TIMEOUT: 504,
} as const;

export type CRPCErrorCode = keyof typeof CRPC_ERROR_STATUS;

/** One complaint about the input; `path` leads to the field. */
export type CRPCIssue = { path: (string | number)[]; message: string };

/** What of a CRPCError reaches the client. */
export type CRPCErrorData = {
  crpc: true;
  code: CRPCErrorCode;
  message: string;
  /** Only on `BAD_REQUEST` from input validation. */
  issues?: CRPCIssue[];
};

/**
 * An error meant for the caller. Convex carries its data to the client; HTTP routes answer with its status.
 * `cause` stays on the server.
 *
 * @example
 * import { v } from "convex/values";
 * import { CRPCError } from "kitcn/server";
 * import { query } from "./_generated/server";
 *
 * export const read = query({
 *   args: { id: v.id("notes") },
 *   handler: async (ctx, { id }) => {
 *     const note = await ctx.db.get(id);
 *     if (!note) throw new CRPCError({ code: "NOT_FOUND", message: "No such note." });
 *     return note;
 *   },
 * });
 */
export class CRPCError extends ConvexError<CRPCErrorData> {
  readonly code: CRPCErrorCode;
  readonly status: number;
  readonly issues: CRPCIssue[] | undefined;

  constructor({ code, message = code, issues, cause }: CRPCErrorOptions) {
    super({ crpc: true, code, message, ...(issues && { issues }) });
    this.name = "CRPCError";
    this.message = message;
    this.code = code;
    this.status = CRPC_ERROR_STATUS[code];
    this.issues = issues;
    if (cause !== undefined) this.cause = cause;
  }
}

export type CRPCErrorOptions = {
  code: CRPCErrorCode;
  /** Shown to the caller. Default: the code. */
  message?: string;
  issues?: CRPCIssue[];
  cause?: unknown;
};

/**
 * True for a CRPCError, also one that crossed Convex and lost its class, as every error a client catches.
 *
 * @example
 * import { isCRPCError } from "kitcn/server/errors";
 *
 * export async function isTaken(create: () => Promise<unknown>): Promise<boolean> {
 *   try {
 *     await create();
 *     return false;
 *   } catch (error) {
 *     if (isCRPCError(error) && error.data.code === "CONFLICT") return true;
 *     throw error;
 *   }
 * }
 */
export function isCRPCError(error: unknown): error is Error & { data: CRPCErrorData } {
  if (!(error instanceof Error) || !("data" in error)) return false;
  const { data } = error;
  return (
    typeof data === "object" &&
    data !== null &&
    "crpc" in data &&
    data.crpc === true &&
    "code" in data &&
    typeof data.code === "string" &&
    Object.hasOwn(CRPC_ERROR_STATUS, data.code)
  );
}

/** The code of a CRPCError, or null for any other error. */
export function crpcErrorCode(error: unknown): CRPCErrorCode | null {
  return isCRPCError(error) ? error.data.code : null;
}

/**
 * What the caller should get for an error: a CRPCError also for Better Auth's APIError, which Convex would
 * hide behind "Server Error" in production, and for what requireRole and requireOrganization refuse. Any other
 * error comes back as it is.
 */
export function toClientError(error: unknown): unknown {
  const refused = isKitcnError(error) && REFUSALS[error.data.code];
  if (refused) return new CRPCError({ code: refused, message: error.data.message, cause: error });
  if (isCRPCError(error) || !isApiError(error)) return error;
  return new CRPCError({
    code: codeOfStatus(error.statusCode),
    message: error.body?.message ?? error.message,
    cause: error,
  });
}

/**
 * The JSON response for an error: `{ code, message, issues? }`. An error not meant for the caller is logged
 * and answered as `INTERNAL_SERVER_ERROR`, its text withheld.
 *
 * @example
 * import { Hono } from "hono";
 * import { errorResponse } from "kitcn/server";
 *
 * const app = new Hono();
 * app.onError((error) => errorResponse(error));
 *
 * export default app;
 */
export function errorResponse(error: unknown): Response {
  if (hasResponse(error)) return error.getResponse();
  const shown = toClientError(error);
  if (!isCRPCError(shown)) {
    console.error(errorText(error));
    return errorResponse(
      new CRPCError({ code: "INTERNAL_SERVER_ERROR", message: "Internal server error." }),
    );
  }
  const { code, message, issues } = shown.data;
  return jsonResponse({ code, message, ...(issues && { issues }) }, CRPC_ERROR_STATUS[code]);
}

/** A JSON response. Spelled out, since `Response.json` is not certain in every runtime. */
export function jsonResponse(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json" },
  });
}

// --- internal ---

/** What requireRole and requireOrganization of kitcn/auth throw. */
const REFUSALS: Partial<Record<KitcnErrorCode, CRPCErrorCode>> = {
  NOT_SIGNED_IN: "UNAUTHORIZED",
  ROLE_REQUIRED: "FORBIDDEN",
  NOT_A_MEMBER: "FORBIDDEN",
  NO_ACTIVE_ORGANIZATION: "FORBIDDEN",
};

type ApiErrorLike = Error & {
  statusCode: number;
  body?: { message?: string | undefined } | undefined;
};

/** By shape: the class would bring better-auth into apps that use only procedures. Redirects are no errors. */
function isApiError(error: unknown): error is ApiErrorLike {
  return (
    error instanceof Error &&
    error.name === "APIError" &&
    "statusCode" in error &&
    typeof error.statusCode === "number" &&
    error.statusCode >= 400
  );
}

/** Hono's HTTPException, by the shape that Hono itself goes by. */
function hasResponse(error: unknown): error is { getResponse: () => Response } {
  return error instanceof Error && "getResponse" in error;
}

function codeOfStatus(status: number): CRPCErrorCode {
  for (const code of Object.keys(CRPC_ERROR_STATUS) as CRPCErrorCode[])
    // keys of a const table
    if (CRPC_ERROR_STATUS[code] === status) return code;
  return status < 500 ? "BAD_REQUEST" : "INTERNAL_SERVER_ERROR";
}
