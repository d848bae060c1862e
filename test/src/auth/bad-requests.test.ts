// Whatever a stranger sends to the auth routes is answered: never with 500, never by an error that escapes, never
// by a row. A refusal says what it is.
import { beforeAll, describe, expect, test } from "vitest";
import { createHttpApp, credentials, type HttpApp, type RouterKind } from "./support/http-app.js";

type Case = [title: string, path: string, init?: RequestInit];

const JSON_TYPE = { "content-type": "application/json" };
const post = (body: BodyInit | null, headers: HeadersInit = JSON_TYPE): RequestInit => ({
  method: "POST",
  headers,
  body,
});
const cookie = (value: string): RequestInit => ({ headers: { cookie: value } });
const bearer = (value: string): RequestInit => ({ headers: { authorization: value } });
const signIn = "/api/auth/sign-in/email";
const signUp = "/api/auth/sign-up/email";
const session = "/api/auth/get-session";
const token = "better-auth.session_token";

const bodies: [string, BodyInit | null][] = [
  ["nothing", null],
  ["an empty text", ""],
  ["half a JSON", '{"email":'],
  ["a JSON text", '"ada"'],
  ["a JSON number", "1"],
  ["null", "null"],
  ["a list", "[]"],
  ["other types", '{"email":1,"password":[],"name":{}}'],
  ["no e-mail", '{"email":"nobody","password":"correct horse"}'],
  ["a prototype", '{"__proto__":{"email":"a@b.c"},"constructor":1}'],
  ["deep nesting", `${"[".repeat(5000)}${"]".repeat(5000)}`],
  ["lone surrogates", '{"email":"\\ud800@b.c","password":"\\udfff\\ud800 password"}'],
  ["a null byte", '{"email":"a\\u0000@b.c","password":"correct\\u0000horse"}'],
  ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x00, 0xc3, 0x28])],
  ["a long password", JSON.stringify({ ...credentials, password: "x".repeat(100_000) })],
  ["a million letters", JSON.stringify({ ...credentials, name: "x".repeat(1_000_000) })],
];

const cases: Case[] = [
  ...bodies.map(([title, body]): Case => [`sign-in with ${title}`, signIn, post(body)]),
  ...bodies
    .slice(0, 14)
    .map(([title, body]): Case => [`sign-up with ${title}`, signUp, post(body)]),
  ["sign-up with too long a name", signUp, post(bodies[15]![1])],
  [
    "JSON sent as text",
    signIn,
    post(JSON.stringify(credentials), { "content-type": "text/plain" }),
  ],
  ["no content type", signIn, post(new Uint8Array([123, 125]), {})],
  ["an unknown content type", signIn, post("x", { "content-type": "application/x-nothing" })],
  ["a broken content type", signIn, post("{}", { "content-type": ";;;=" })],
  [
    "a form",
    signIn,
    post("email=a%40b.c&password=%ZZ", { "content-type": "application/x-www-form-urlencoded" }),
  ],
  [
    "a broken multipart form",
    signIn,
    post("--x\r\nnothing", { "content-type": "multipart/form-data; boundary=y" }),
  ],
  [
    "a multipart form without a boundary",
    signIn,
    post("x", { "content-type": "multipart/form-data" }),
  ],
  ["a body of 5 MiB", signIn, post(JSON.stringify({ email: "x".repeat(5 * 1024 * 1024) }))],
  ["no route", "/api/auth/nothing/here"],
  ["the base path alone", "/api/auth"],
  ["the base path with a slash", "/api/auth/"],
  ["double slashes", "/api/auth//get-session"],
  ["an encoded slash", "/api/auth%2Fget-session"],
  ["an encoded slash within", "/api/auth/get%2Dsession%2F"],
  ["a broken escape", "/api/auth/%"],
  ["a broken escape in a parameter", "/api/auth/reset-password/%E0%A4%A"],
  ["half a UTF-8 letter", "/api/auth/%C3"],
  ["dots", "/api/auth/../auth/get-session"],
  ["encoded dots", "/api/auth/%2e%2e/secret"],
  ["a null byte in the path", "/api/auth/get-session%00"],
  ["a long path", `/api/auth/${"a/".repeat(2000)}`],
  ["a broken query", `${session}?a=%&=&&x[y]=%E0%A4%A&__proto__=1`],
  ["a query of arrays", `${session}?disableCookieCache[]=1&disableCookieCache[]=2`],
  ["a wrong method", signIn],
  ["another wrong method", session, { method: "DELETE" }],
  ["PUT with a broken body", signIn, { method: "PUT", headers: JSON_TYPE, body: "{" }],
  ["a broken cookie", session, cookie("=;;=;%;=%E0%A4%A")],
  ["a session cookie that is no escape", session, cookie(`${token}=%E0%A4%A`)],
  ["a session cookie without signature", session, cookie(`${token}=abc`)],
  ["a session cookie with a wrong one", session, cookie(`${token}=abc.def`)],
  ["a session cookie of dots", session, cookie(`${token}=....`)],
  ["an empty session cookie", session, cookie(`${token}=`)],
  ["a long cookie", session, cookie(`${token}=${"x".repeat(60_000)}`)],
  ["many cookies", session, cookie(Array.from({ length: 500 }, (_, n) => `c${n}=${n}`).join("; "))],
  ["a broken cookie cache", session, cookie("better-auth.session_data=%7Bx; a=1")],
  ["cookie cache that is no base64", session, cookie("better-auth.session_data=!!!!.~~~~")],
  ["latin-1 bytes in a cookie", session, cookie(`${token}=\xe9\xff`)],
  ["an empty bearer", session, bearer("Bearer ")],
  ["a bearer that is no token", session, bearer("Bearer %%%")],
  ["a bearer of dots", session, bearer("Bearer ...")],
  ["a bearer of latin-1 bytes", session, bearer("Bearer \xe9\xff\x80")],
  ["another scheme", session, bearer("Basic %%%")],
  ["no scheme", session, bearer("x")],
  ["a token without a session", "/api/auth/convex/token"],
  ["a token with a broken bearer", "/api/auth/convex/token", bearer("Bearer a.b.c")],
  ["openid-configuration by POST", "/api/auth/convex/.well-known/openid-configuration", post("{}")],
  ["a server-only endpoint", "/api/auth/convex/rotate-keys", post("{}")],
  [
    "a hostile origin",
    signIn,
    post(JSON.stringify(credentials), { ...JSON_TYPE, origin: "https://evil.example" }),
  ],
  [
    "an origin that is no URL",
    signIn,
    post(JSON.stringify(credentials), { ...JSON_TYPE, origin: "%%%", cookie: "a=b" }),
  ],
  [
    "a hostile callback",
    "/api/auth/sign-in/social",
    post('{"provider":"nobody","callbackURL":"javascript:alert(1)"}'),
  ],
  ["a hostile redirect", "/api/auth/reset-password/x?callbackURL=https://evil.example"],
  ["an error code that is a script", "/api/auth/error?error=<script>"],
  ["a callback of nobody", "/api/auth/callback/nobody?code=1&state=%E0%A4%A"],
  [
    "forwarded nonsense",
    session,
    {
      headers: {
        "x-forwarded-host": "::::",
        "x-forwarded-proto": "%",
        "x-forwarded-for": "not, an, ip",
      },
    },
  ],
  ["an organization of nobody", "/api/auth/organization/get-full-organization?organizationId=%00"],
  [
    "an invitation of nobody",
    "/api/auth/organization/accept-invitation",
    post('{"invitationId":null}'),
  ],
];

describe.each<RouterKind>(["registerRoutes", "authMiddleware"])("behind %s", (kind) => {
  let app: HttpApp;
  beforeAll(() => {
    app = createHttpApp({ kind });
  });

  test.each(cases)("%s", async (_title, path, init) => {
    const response = await app.fetch(path, init);
    const text = await response.text();
    expect(response.status, text).toBeLessThan(500);
    const isRefusal = response.status >= 400 && response.status !== 404;
    if (isRefusal) expect(text).toMatch(/"(code|message)":"[^"]{4,}"|^[\w ]{8,}$/);
    expect(await app.countRows()).toBe(0);
  });

  const exact: [string, number, RequestInit?][] = [
    [signIn, 400, post('{"email":')],
    [signIn, 413, post(JSON.stringify({ email: "x".repeat(1_000_000) }))],
    [signIn, 401, post(JSON.stringify({ email: "nobody@example.com", password: "x" }))],
    ["/api/auth/convex/token", 401],
    ["/api/auth/nothing", 404],
    ["/api/auth/convex/rotate-keys", 404, post("{}")],
  ];
  test.each(exact)("%s: %d", async (path, status, init) => {
    expect((await app.fetch(path, init)).status).toBe(status);
  });

  test("a body that is too large: the answer says how large it may be, and where files go", async () => {
    const response = await app.fetch(signIn, post("x".repeat(1_000_001)));
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      code: "PAYLOAD_TOO_LARGE",
      message: "The request's body has more than 1000000 bytes.",
      hint: expect.stringContaining("file storage"),
    });
  });

  test("and afterwards an honest request is served", async () => {
    const email = "honest@example.com";
    const created = await app.fetch(signUp, post(JSON.stringify({ ...credentials, email })));
    expect(created.status).toBe(200);
    const [line = ""] = created.headers.getSetCookie();
    const found = await app.fetch(session, cookie(line.split(";")[0] ?? ""));
    expect(await found.json()).toMatchObject({ user: { email } });
  });
});
