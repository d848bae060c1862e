// What a caller over HTTP is told of a refused write: a value of the wrong type, a trigger that says no, a value that
// another document has.
import { deviceAuthorization, organization } from "better-auth/plugins";
import type { GenericDataModel } from "convex/server";
import { describe, expect, test, vi } from "vitest";
import { getHeaders } from "../../../src/auth/index.js";
import type { AuthCtx, AuthOptions } from "../../../src/auth/runtime.js";
import { createHttpApp, credentials, SITE, type HttpApp } from "./support/http-app.js";

async function post(app: HttpApp, path: string, body: unknown, cookie = "") {
  const response = await app.fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE, ...(cookie && { cookie }) },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  const answer = (text ? JSON.parse(text) : undefined) as Record<string, unknown> | undefined;
  const lines = response.headers.getSetCookie().map((line) => line.split(";")[0]);
  return { status: response.status, answer, cookie: lines.join("; ") };
}

describe("a value that does not fit its column answers 400", () => {
  test.each([
    ["name", ["a"]],
    ["name", {}],
    ["name", 5],
    ["name", true],
    ["name", null],
    ["image", ["a"]],
    ["image", { a: 1 }],
    ["image", 5],
  ])("%s: %j", async (field, value) => {
    const app = createHttpApp();
    const { cookie } = await post(app, "/sign-up/email", credentials);
    const before = await app.countRows();
    const { status, answer } = await post(app, "/update-user", { [field]: value }, cookie);
    expect(status).toBe(400);
    expect(answer).toMatchObject({ code: "INVALID_VALUE", field, table: "user" });
    expect(answer?.message).toContain(`"${field}"`);
    expect(await app.countRows()).toBe(before);
  });

  const fields: AuthOptions = {
    user: {
      additionalFields: {
        age: { type: "number", required: false },
        born: { type: "date", required: false },
        likes: { type: "string[]", required: false },
        plan: { type: ["free", "paid"], required: false },
        isOld: { type: "boolean", required: false },
      },
    },
  };
  test.each([
    ["age", "old"],
    ["born", "no date"],
    ["likes", "tea"],
    ["likes", [1]],
    ["isOld", "yes"],
  ])("%s: %j", async (field, value) => {
    const app = createHttpApp({ options: fields });
    const { cookie } = await post(app, "/sign-up/email", credentials);
    const { status, answer } = await post(app, "/update-user", { [field]: value }, cookie);
    expect({ status, answer }).toMatchObject({ status: 400, answer: { field, table: "user" } });
  });

  test("and one that fits is written", async () => {
    const app = createHttpApp({ options: fields });
    const { cookie } = await post(app, "/sign-up/email", credentials);
    const values = { age: 36, born: "1815-12-10", likes: ["engines"], plan: "paid", isOld: true };
    const { status } = await post(app, "/update-user", { ...values, image: null }, cookie);
    expect(status).toBe(200);
  });
});

describe("a trigger that returns false answers 422 with its name", () => {
  const refusing = (triggers: AuthOptions["triggers"]) => createHttpApp({ options: { triggers } });

  test("where Better Auth would answer for itself", async () => {
    const app = refusing({ user: { create: { before: () => false } } });
    const { status, answer } = await post(app, "/sign-up/email", credentials);
    expect({ status, answer }).toMatchObject({
      status: 422,
      answer: { code: "TRIGGER_CANCELLED", hint: expect.any(String) as string },
    });
    expect(answer?.message).toContain("user.create.before");
    expect(await app.countRows()).toBe(0);
  });

  test("where the answer would be an empty 500", async () => {
    const app = refusing({ user: { update: { before: () => false } } });
    const { cookie } = await post(app, "/sign-up/email", credentials);
    const { status, answer } = await post(app, "/update-user", { name: "Eve" }, cookie);
    expect({ status, answer }).toMatchObject({
      status: 422,
      answer: { code: "TRIGGER_CANCELLED" },
    });
    expect(answer?.message).toContain("user.update.before");
  });

  test("and fails a call of auth.api, also where Better Auth catches the error", async () => {
    const app = refusing({ session: { delete: { before: () => false } } });
    const { answer } = await post(app, "/sign-up/email", credentials);
    const { id: subject } = answer?.user as { id: string };
    const sessionId = await app.t.run(
      async ({ db }) => (await db.query("session").first())?._id ?? "",
    );
    const own = app.t.withIdentity({ subject, sessionId });
    // convex-test runs functions that are given in place, with complete contexts.
    const mutation = own.mutation as (
      work: (ctx: AuthCtx<GenericDataModel>) => Promise<unknown>,
    ) => Promise<unknown>;
    const signedOut = mutation(async (ctx) => {
      const signOut = app.getAuth(ctx).api["signOut"] as (input: object) => Promise<unknown>;
      return signOut({ headers: await getHeaders(ctx) });
    });
    await expect(signedOut).rejects.toMatchObject({ code: "TRIGGER_CANCELLED" });
  });

  test("and the next request is answered as ever", async () => {
    let isRefused = true;
    const app = refusing({ user: { create: { before: () => (isRefused ? false : undefined) } } });
    await post(app, "/sign-up/email", credentials);
    isRefused = false;
    expect((await post(app, "/sign-up/email", credentials)).status).toBe(200);
    const wrong = { ...credentials, password: "wrong password" };
    expect((await post(app, "/sign-in/email", wrong)).answer).toMatchObject({
      code: "INVALID_EMAIL_OR_PASSWORD",
    });
  });
});

test("Better Auth knows a unique violation: it draws another device code", async () => {
  const codes = ["AAAABBBB", "AAAABBBB", "CCCCDDDD"];
  const app = createHttpApp({
    options: {
      plugins: [
        deviceAuthorization({
          generateUserCode: () => codes.shift() ?? "",
          verificationUri: "/device",
        }),
      ],
    },
  });
  const ask = () => post(app, "/device/code", { client_id: "tv" });
  expect((await ask()).answer).toMatchObject({ user_code: "AAAABBBB" });
  expect((await ask()).answer).toMatchObject({ user_code: "CCCCDDDD" });
});

describe("a trigger that adds a column nobody declared is told how to declare it", () => {
  type Api = { signUpEmail: (input: { body: object }) => Promise<unknown> };

  test.each([
    ["plan", "free", "string"],
    ["age", 36, "number"],
    ["isOld", true, "boolean"],
  ])("%s: %j", async (column, value, type) => {
    const triggers = { user: { create: { before: () => ({ data: { [column]: value } }) } } };
    const errors: unknown[] = [];
    const options: Partial<AuthOptions> = {
      triggers,
      logger: { log: (_level, _message, ...args) => void errors.push(...args) },
    };
    const app = createHttpApp({ options });
    const failure = app.t.run(async (ctx) => {
      const api = app.getAuth(ctx as never).api as unknown as Api; // no types here
      await api.signUpEmail({ body: credentials });
    });
    await expect(failure).rejects.toThrow();
    const [told] = errors.filter((one) => one instanceof Error);
    expect(told).toMatchObject({ code: "UNKNOWN_COLUMN" });
    const { message } = told as Error;
    expect(message).toContain(`"${column}"`);
    expect(message).toContain('table "user"');
    expect(message).toContain(
      `user: { additionalFields: { ${column}: { type: "${type}", required: false, input: false } } }`,
    );
  });
});

test("a column of a plugin's table is declared in the plugin's options", async () => {
  const errors: unknown[] = [];
  const app = createHttpApp({
    options: {
      plugins: [organization()],
      triggers: { organization: { create: { before: () => ({ data: { plan: "free" } }) } } },
      onAPIError: { onError: (error) => void errors.push(error) },
    },
  });
  const { cookie } = await post(app, "/sign-up/email", credentials);
  await post(app, "/organization/create", { name: "Org", slug: "org" }, cookie);
  expect(errors.map(String).join()).toContain(
    "schema: { organization: { additionalFields: { plan:",
  );
});

describe("triggers that could never run are named in the answer, and in the log", () => {
  const triggers = { posts: { change: () => undefined } };
  const cases: [string, Parameters<typeof createHttpApp>[0]][] = [
    ["of defineTriggers", { schemaTriggers: triggers }],
    ["of auth.ts", { options: { triggers } }],
  ];
  const places = cases.flatMap(([from, input]) =>
    (["registerRoutes", "authMiddleware"] as const).flatMap((kind) =>
      (["getAuth", "authRoutes"] as const).map((handler) => ({ from, kind, handler, input })),
    ),
  );

  test.each(places)("$from, behind $kind of $handler", async ({ kind, handler, input }) => {
    const logged = vi.spyOn(console, "error").mockReturnValue();
    const cors = { allowedOrigins: ["https://app.example.com"] };
    const app = createHttpApp({ ...input, kind, handler, routes: { cors } });
    for (const path of ["/get-session", "/sign-up/email"]) {
      const isRead = path === "/get-session";
      const response = await app.fetch(`/api/auth${path}`, {
        headers: { "content-type": "application/json", origin: "https://app.example.com" },
        ...(!isRead && { method: "POST", body: JSON.stringify(credentials) }),
      });
      expect(response.status).toBe(500);
      const answer: unknown = await response.json();
      expect(answer).toMatchObject({
        code: "UNKNOWN_TRIGGER_TABLE",
        message: expect.stringContaining('"posts"') as string,
        hint: expect.stringMatching(/schema\.ts|The tables are/) as string,
      });
      // Else a browser would not show it to the app.
      expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example.com");
    }
    expect(logged).toHaveBeenCalled();
    logged.mockRestore();
  });
});
