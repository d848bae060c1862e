// Cross-origin headers for the auth routes: one implementation for httpRouter and Hono.
// Own code, since convex-helpers' router replaces the exposed headers that Better Auth sets itself.
import { invalidCorsOrigin } from "../../errors/http.js";

export type CorsOptions = {
  /**
   * Origins that may call with credentials: exact (`https://app.example.com`), with wildcard subdomains
   * (`https://*.example.com`), or with any port (`http://localhost:*`). Or a function that gives them for a
   * request; what it gives that is no origin admits nobody.
   */
  allowedOrigins: readonly string[] | AllowedOrigins;
};

export type AllowedOrigins = (request: Request) => readonly string[] | Promise<readonly string[]>;

const ALLOWED_HEADERS = "Content-Type, Authorization, Better-Auth-Cookie";
const EXPOSED_HEADERS = ["Set-Better-Auth-Cookie"];
const ALLOWED_METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
const PREFLIGHT_TTL_SECONDS = 86_400;

/**
 * Checks CORS options once, when routes are registered.
 *
 * @throws KitcnError `INVALID_CORS_ORIGIN`
 */
export function assertCorsOptions({ allowedOrigins }: CorsOptions): void {
  if (typeof allowedOrigins === "function") return;
  const wrong = allowedOrigins.find((origin) => !ORIGIN_PATTERN.test(origin));
  if (wrong === undefined) return;
  throw invalidCorsOrigin({ origin: wrong });
}

/** Answers a preflight request; null for any other. */
export async function preflightResponse(
  request: Request,
  options: CorsOptions,
): Promise<Response | null> {
  if (request.method !== "OPTIONS") return null;
  const headers = new Headers({
    "Access-Control-Allow-Methods": ALLOWED_METHODS,
    "Access-Control-Allow-Headers": ALLOWED_HEADERS,
    "Access-Control-Max-Age": String(PREFLIGHT_TTL_SECONDS),
  });
  await addOriginHeaders(headers, request, options);
  return new Response(null, { status: 204, headers });
}

/** The response with the headers that let the calling origin read it. Cookies and body are kept. */
export async function withCors(
  response: Response,
  request: Request,
  options: CorsOptions,
): Promise<Response> {
  const headers = new Headers(response.headers);
  await addOriginHeaders(headers, request, options);
  const exposed = headers.get("Access-Control-Expose-Headers")?.split(",") ?? [];
  const names = new Set([
    ...exposed.map((name) => name.trim()).filter(Boolean),
    ...EXPOSED_HEADERS,
  ]);
  headers.set("Access-Control-Expose-Headers", [...names].join(", "));
  return new Response(response.body, {
    status: response.status,
    statusText: response.statusText,
    headers,
  });
}

// --- internal ---

/** scheme://host[:port], where the leftmost label may be `*` and the port may be `*`. */
const ORIGIN_PATTERN = /^[a-z][a-z0-9+.-]*:\/\/(\*\.)?[a-z0-9.[\]:-]*[a-z0-9\]](:(\d+|\*))?$/i;

async function addOriginHeaders(
  headers: Headers,
  request: Request,
  { allowedOrigins }: CorsOptions,
): Promise<void> {
  headers.append("Vary", "Origin");
  const origin = request.headers.get("Origin");
  if (!origin) return;
  const allowed =
    typeof allowedOrigins === "function" ? await allowedOrigins(request) : allowedOrigins;
  if (!allowed.some((one) => ORIGIN_PATTERN.test(one) && matchesOrigin(one, origin))) return;
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Allow-Credentials", "true");
}

function matchesOrigin(allowed: string, origin: string): boolean {
  if (!allowed.includes("*")) return allowed.toLowerCase() === origin.toLowerCase();
  const pattern = allowed
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replace("://*\\.", "://(?:[a-z0-9-]+\\.)+")
    .replace(/:\*$/, "(?::\\d+)?");
  return new RegExp(`^${pattern}$`, "i").test(origin);
}
