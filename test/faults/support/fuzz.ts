// Requests drawn by a seeded generator: paths, methods, headers, cookies and bodies that a client might send, and that
// none should. Knows an endpoint only by its method, its path and the names of its fields.
import type { Random } from "../../support/random.js";

export type FuzzEndpoint = {
  readonly endpoint: string;
  /** Names of the members of its body and its query. */
  readonly fields: readonly string[];
};

export type FuzzRequest = { readonly path: string; readonly init: RequestInit };

type Api = Readonly<Record<string, { readonly path?: string; readonly options: object }>>;

/** The endpoints of an instance, with the names of their fields. */
export function fuzzEndpoints(api: object, served: readonly string[]): FuzzEndpoint[] {
  const fields = new Map<string, string[]>();
  for (const { path, options } of Object.values(api as Api)) {
    const { body, query } = options as { body?: unknown; query?: unknown }; // zod schemas, if any
    fields.set(path ?? "", [...namesIn(body), ...namesIn(query)]);
  }
  return served.map((endpoint) => ({
    endpoint,
    fields: fields.get(endpoint.split(" ")[1] ?? "") ?? [],
  }));
}

/**
 * One request.
 *
 * @example
 * const { path, init } = drawRequest(random(7), endpoints);
 */
export function drawRequest(draw: Random, endpoints: readonly FuzzEndpoint[]): FuzzRequest {
  const { endpoint, fields } = draw.pick(endpoints);
  const [own = "GET", pattern = "/"] = endpoint.split(" ");
  const method = draw.below(10) < 8 ? own : draw.pick(METHODS);
  const path = drawPath(draw, pattern);
  const query = draw.below(3) === 0 ? `?${drawForm(draw, fields)}` : "";
  const hasBody = method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
  const [type, body] = drawBody(draw, fields);
  return {
    path: path + query,
    init: {
      method,
      redirect: "manual",
      headers: {
        ...draw.maybe({ origin: draw.pick(ORIGINS) }),
        ...draw.maybe({ authorization: draw.pick(CREDENTIALS) }),
        ...draw.maybe({ cookie: draw.pick(COOKIES) }),
        ...draw.maybe({ "x-forwarded-for": `10.0.${draw.below(256)}.${draw.below(256)}` }),
        ...draw.maybe({ accept: draw.pick(["application/json", "text/html", "*/*", "x"]) }),
        ...(hasBody && { "content-type": type }),
      },
      ...(hasBody && { body }),
    },
  };
}

// --- internal ---

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const ORIGINS = ["http://localhost:3000", "https://evil.example.com", "null", "not an origin"];
const CREDENTIALS = [
  "Bearer nothing",
  "Bearer a.b.c",
  `Bearer ${"x".repeat(4000)}`,
  "Basic bm9ib2R5Om5vdGhpbmc=",
  "Basic !!!",
  "DPoP nothing",
  "Nothing",
];
const COOKIES = [
  "better-auth.session_token=forged.c2lnbmF0dXJl",
  "better-auth.session_token=%E0%A4%A",
  "better-auth.session_data=e30=",
  "better-auth.two_factor=forged.c2lnbmF0dXJl; better-auth.admin_session=x",
  "=; ;;; a=b=c; __proto__=1",
  `long=${"y".repeat(3000)}`,
];
const TEXTS = [
  ...[
    "",
    " ",
    "a",
    "person@example.com",
    "not an address",
    "http://localhost:3000/x",
    "//evil.com",
  ],
  ...["javascript:alert(1)", "../../etc/passwd", "\u0000", "😀\ud800", "%00%zz", "{}", "null"],
  ...["k57a8d2e4f6g8h0j2k4m6n8p0q2r4s6t", "+15550100", "S256", "openid", "true", "-1", "1e309"],
  "z".repeat(3000),
];
const VALUES: readonly unknown[] = [
  ...[0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER, true, false, null],
  ...[[], {}, [[]], [null], { $eq: 1 }, { constructor: { prototype: {} } }],
];
const NAMES = ["email", "id", "token", "__proto__", "$where", "a.b", "", "constructor", "_id"];

function drawPath(draw: Random, pattern: string): string {
  const path = pattern.replace(/:\w+/g, () =>
    encodeURIComponent(wellFormed(draw.pick(TEXTS)) || "x"),
  );
  switch (draw.below(12)) {
    case 0:
      return `${path}/${encodeURIComponent(wellFormed(draw.pick(TEXTS)))}`;
    case 1:
      return path.replace("/", "//");
    case 2:
      return path.toUpperCase();
    case 3:
      return `${path}/`;
    default:
      return path;
  }
}

function drawValue(draw: Random, depth = 0): unknown {
  const kind = draw.below(10);
  if (kind < 6) return draw.pick(TEXTS);
  if (kind < 9 || depth > 2) return draw.pick(VALUES);
  const inner = () => drawValue(draw, depth + 1);
  return draw.below(2) === 0 ? [inner(), inner()] : { [draw.pick(NAMES)]: inner() };
}

function drawObject(draw: Random, fields: readonly string[]): object {
  const names = [
    ...fields.filter(() => draw.below(5) > 0),
    ...(draw.below(4) ? [] : [draw.pick(NAMES)]),
  ];
  return Object.fromEntries(names.map((name) => [name, drawValue(draw)]));
}

function drawForm(draw: Random, fields: readonly string[]): string {
  const entries = Object.entries(drawObject(draw, fields));
  return new URLSearchParams(
    entries.map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ).toString();
}

/** A content type and a body, which mostly fit each other. */
function drawBody(draw: Random, fields: readonly string[]): [string, string] {
  switch (draw.below(12)) {
    case 0:
      return ["application/json", draw.pick(["", "{", "[]", "null", "7", '"text"', "{'a':1}"])];
    case 1:
      return ["application/x-www-form-urlencoded", drawForm(draw, fields)];
    case 2:
      return [draw.pick(["text/plain", "multipart/form-data; boundary=x", "x"]), "--x\r\n\r\n"];
    case 3:
      return ["application/json", "[".repeat(2000)];
    default:
      return ["application/json", JSON.stringify(drawObject(draw, fields))];
  }
}

/** A text that can be a part of a URL. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])/g, "").slice(0, 200);
}

/** The members of a zod object, through what wraps it. */
function namesIn(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { shape, def } = schema as {
    shape?: object;
    def?: { innerType?: unknown; in?: unknown; options?: unknown[] };
  };
  if (shape) return Object.keys(shape);
  return [def?.innerType, def?.in, ...(def?.options ?? [])].flatMap(namesIn);
}
