// What a request leaves behind when it fails: after an answer of 5xx nothing, after a refusal what Better Auth wrote.
import type { BetterAuthPlugin } from "better-auth";
import { runWithTransaction } from "@better-auth/core/context";
import { APIError, createAuthEndpoint, createAuthMiddleware } from "better-auth/api";
import { admin, organization } from "better-auth/plugins";
import { afterEach, expect, test, vi } from "vitest";
import { convex } from "../../../src/auth/index.js";
import { createHttpApp, credentials, provider, SITE, type HttpApp } from "./support/http-app.js";

afterEach(() => vi.restoreAllMocks());

const post = (app: HttpApp, path: string, body: object, cookie = "") =>
  app.fetch(`/api/auth${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE, cookie },
    body: JSON.stringify(body),
  });

const cookiesOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");

/** An app where nobody can become a member, for this reason. */
const withoutMembers = (reason: () => Error) => {
  const beforeAddMember = () => Promise.reject(reason());
  const plugins = [
    convex({ authConfig: { providers: [provider] } }),
    organization({ organizationHooks: { beforeAddMember } }),
  ];
  return createHttpApp({ options: { plugins } });
};

const countOf = (app: HttpApp, table: string) =>
  app.t.run(async ({ db }) => (await db.query(table).collect()).length);

test.each([
  ["fails", () => new Error("boom"), 500, 0],
  ["answers 503", () => new APIError("SERVICE_UNAVAILABLE"), 503, 0],
  ["refuses", () => new APIError("FORBIDDEN"), 403, 1],
])("a hook that %s after a write", async (_what, reason, status, organizations) => {
  const app = withoutMembers(reason);
  const cookie = cookiesOf(await post(app, "/sign-up/email", credentials));
  const made = { name: "Acme", slug: "acme" };
  expect((await post(app, "/organization/create", made, cookie)).status).toBe(status);
  expect(await countOf(app, "organization")).toBe(organizations);
});

test("a request that fails counts for its rate limit", async () => {
  const app = createHttpApp({
    options: {
      rateLimit: { enabled: true, storage: "database" },
      databaseHooks: { user: { create: { after: () => Promise.reject(new Error("boom")) } } },
    },
  });
  const headers = {
    "content-type": "application/json",
    origin: SITE,
    "x-forwarded-for": "1.2.3.4",
  };
  const body = JSON.stringify(credentials);
  const answer = await app.fetch("/api/auth/sign-up/email", { method: "POST", headers, body });
  expect(answer.status).toBe(500);
  expect(await countOf(app, "user")).toBe(0);
  expect(await countOf(app, "rateLimit")).toBe(1);
});

test.each([
  ["throws", () => Promise.reject(new Error("boom")), 500, "STORE_FAILED"],
  ["returns false", () => false as const, 422, "TRIGGER_CANCELLED"],
])(
  "a trigger that %s fails its request, also where a hook catches the error",
  async (_what, before, status, code) => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    type Context = {
      context: { internalAdapter: { updateUser: (id: string, data: object) => Promise<unknown> } };
    };
    const app = createHttpApp({
      options: {
        triggers: { user: { update: { before } } },
        databaseHooks: {
          user: {
            create: {
              // As the hook of stripe() does.
              after: ({ id }: { id: string }, { context }: Context) =>
                context.internalAdapter.updateUser(id, { name: "Eve" }).catch(() => {}),
            },
          },
        },
      },
    });
    const answer = await app.post("/sign-up/email", credentials);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await app.countRows()).toBe(0);
    expect(String(logged.mock.calls)).toContain(code === "STORE_FAILED" ? "boom" : code);
  },
);

test("a plugin that undoes its own transaction fails the request, whose other writes are undone as well", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const half: BetterAuthPlugin = {
    id: "half",
    endpoints: {
      half: createAuthEndpoint("/half", { method: "POST" }, async ({ context, json }) => {
        const expiresAt = new Date(Date.now() + 60_000);
        const write = (identifier: string) =>
          context.internalAdapter.createVerificationValue({ identifier, value: "", expiresAt });
        await write("kept elsewhere");
        const undone = runWithTransaction(context.adapter, async () => {
          await write("undone");
          throw new Error("no");
        });
        await undone.catch(() => {});
        return json({ ok: true });
      }),
    },
  };
  const plugins = [convex({ authConfig: { providers: [provider] } }), half];
  const app = createHttpApp({ options: { plugins } });
  const answer = await post(app, "/half", {});
  expect(await answer.json()).toMatchObject({ code: "STORE_FAILED" });
  expect(logged.mock.calls.flat().join()).toContain("Error: no");
  expect(await countOf(app, "verification")).toBe(0);
});

test("a value that must be unique and is taken is refused by name, where Better Auth has no answer of its own", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const twice: BetterAuthPlugin = {
    id: "twice",
    endpoints: {
      twice: createAuthEndpoint("/twice", { method: "POST" }, async ({ context, json }) => {
        const expiresAt = new Date(Date.now() + 60_000);
        const once = { identifier: "kept elsewhere", value: "", expiresAt };
        await context.internalAdapter.createVerificationValue(once);
        const times = { createdAt: new Date(), updatedAt: new Date() };
        const data = { name: "Ada", email: credentials.email, emailVerified: false, ...times };
        return json(await context.adapter.create({ model: "user", data }));
      }),
    },
  };
  const plugins = [convex({ authConfig: { providers: [provider] } }), twice];
  const app = createHttpApp({ options: { plugins } });
  expect((await post(app, "/sign-up/email", credentials)).status).toBe(200);
  const answer = await post(app, "/twice", {});
  expect(answer.status).toBe(409);
  expect(await answer.json()).toMatchObject({ code: "UNIQUE_VIOLATION" });
  expect(await countOf(app, "user")).toBe(1);
  expect(await countOf(app, "verification")).toBe(0);
  // Where it has one, that is the answer.
  expect((await post(app, "/sign-up/email", credentials)).status).toBe(422);
});

test.each(["/admin/list-users?", "/organization/list-members?organizationSlug=acme&"])(
  "%s, sorted by what is no field, is refused by name",
  async (path) => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const app = createHttpApp({
      options: {
        plugins: [
          convex({ authConfig: { providers: [provider] } }),
          admin({ defaultRole: "admin" }),
          organization(),
        ],
      },
    });
    const cookie = cookiesOf(await post(app, "/sign-up/email", credentials));
    await post(app, "/organization/create", { name: "Acme", slug: "acme" }, cookie);
    const list = (field: string) =>
      app.fetch(`/api/auth${path}sortBy=${field}`, { headers: { cookie } });
    expect(await (await list("createdAt")).json()).toMatchObject({ total: 1 });
    const refused = await list("nothing");
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ code: "INVALID_ORDER" });
  },
);

test("a list of auth.api, sorted by what is no field, is refused as well", async () => {
  const plugins = [
    convex({ authConfig: { providers: [provider] } }),
    admin({ defaultRole: "admin" }),
  ];
  const app = createHttpApp({ options: { plugins } });
  const cookie = cookiesOf(await post(app, "/sign-up/email", credentials));
  const list = (sortBy: string) =>
    app.t.run(async (ctx) => {
      const { listUsers } = app.getAuth(ctx as never).api as {
        listUsers: (input: object) => Promise<object>;
      };
      await listUsers({ query: { sortBy }, headers: new Headers({ cookie }) });
      return null;
    });
  await list("createdAt");
  await expect(list("nothing")).rejects.toMatchObject({ code: "INVALID_ORDER" });
});

test("a hook that waits for the commit of a request is not called when the request fails", async () => {
  const sent = vi.fn(async () => Response.json({}));
  vi.stubGlobal("fetch", sent);
  const isFailing = vi.fn(() => true);
  const app = createHttpApp({
    options: {
      databaseHooks: {
        user: {
          create: {
            after: async ({ id }: { id: string }) => void (await fetch(`https://crm.test/${id}`)),
          },
        },
      },
      hooks: {
        after: createAuthMiddleware(async () => {
          if (isFailing()) throw new APIError("SERVICE_UNAVAILABLE");
        }),
      },
    },
  });
  expect((await post(app, "/sign-up/email", credentials)).status).toBe(503);
  expect([await countOf(app, "user"), sent.mock.calls.length]).toEqual([0, 0]);
  isFailing.mockReturnValue(false);
  expect((await post(app, "/sign-up/email", credentials)).status).toBe(200);
  expect([await countOf(app, "user"), sent.mock.calls.length]).toEqual([1, 1]);
  vi.unstubAllGlobals();
});
