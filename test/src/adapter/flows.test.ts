// Better Auth itself over the adapter: whole flows of the core and its plugins, what they read and leave behind.
import { betterAuth } from "better-auth";
import { admin, organization, twoFactor } from "better-auth/plugins";
import { describe, expect, it } from "vitest";
import { authAdapter } from "../../../src/adapter/adapter.js";
import { authDb } from "../../support/auth-db.js";

const ORIGIN = "http://127.0.0.1:3000";

function createApp() {
  const options = {
    baseURL: ORIGIN,
    secret: "a secret for tests only, long enough",
    emailAndPassword: {
      enabled: true,
      // scrypt is not what is tested here.
      password: {
        hash: async (password: string) => `hash of ${password}`,
        verify: async ({ hash, password }: { hash: string; password: string }) =>
          hash === `hash of ${password}`,
      },
    },
    user: { deleteUser: { enabled: true } },
    rateLimit: { enabled: false },
    plugins: [organization(), admin(), twoFactor()],
    advanced: { database: { joins: true } },
  };
  const db = authDb(options);
  const { store, tables } = db;
  const database = authAdapter({ tables, stores: { app: store, component: store } });
  return { ...db, auth: betterAuth({ ...options, database }) };
}

type App = ReturnType<typeof createApp>;

/** One browser: keeps its session cookie. */
function createBrowser({ auth }: App) {
  let cookie = "";
  return async (path: string, body?: object): Promise<{ status: number; data: unknown }> => {
    const response = await auth.handler(
      new Request(`${ORIGIN}/api/auth${path}`, {
        method: body ? "POST" : "GET",
        headers: { "content-type": "application/json", origin: ORIGIN, cookie },
        ...(body && { body: JSON.stringify(body) }),
      }),
    );
    const session = response.headers.getSetCookie().find((line) => line.includes("session_token="));
    if (session) cookie = session.split(";")[0] ?? "";
    const text = await response.text();
    return { status: response.status, data: text === "" ? null : JSON.parse(text) };
  };
}

async function signUp(app: App, name: string) {
  const send = createBrowser(app);
  const email = `${name.toLowerCase()}@example.com`;
  const { status } = await send("/sign-up/email", { name, email, password: "password 1" });
  expect(status).toBe(200);
  return { send, email };
}

describe("flows over the adapter", () => {
  it("sign-up, sign-in and get-session read no more than they need", async () => {
    const app = createApp();
    const { send, email } = await signUp(app, "Ada");
    const cost = async (path: string, body?: object) => {
      app.reset();
      expect((await send(path, body)).status).toBe(200);
      return app.counts.documents;
    };
    app.reset();
    await signUp(app, "Bob");
    // The user that the admin plugin looks up for each new session.
    expect(app.counts).toMatchObject({ documents: 1, writes: 3 });
    expect(await cost("/sign-in/email", { email, password: "password 1" })).toBe(3);
    expect(await cost("/get-session")).toBe(2);
  });

  it("an invitation is sent, found and accepted", async () => {
    const app = createApp();
    const owner = await signUp(app, "Ada");
    const guest = await signUp(app, "Bob");
    const created = await owner.send("/organization/create", { name: "Acme", slug: "acme" });
    expect(created.status).toBe(200);
    const invited = await owner.send("/organization/invite-member", {
      email: guest.email,
      role: "member",
    });
    expect(invited).toMatchObject({ status: 200, data: { status: "pending" } });
    const invitationId = app.documents("invitation")[0]?._id;
    expect(invited.data).toMatchObject({ id: invitationId });
    const accepted = await guest.send("/organization/accept-invitation", { invitationId });
    expect(accepted).toMatchObject({ status: 200, data: { invitation: { status: "accepted" } } });
    const again = await guest.send("/organization/accept-invitation", { invitationId });
    expect(again.status).toBe(400);
    const full = await guest.send("/organization/get-full-organization");
    expect(full.data).toMatchObject({
      slug: "acme",
      members: [
        { role: "owner", user: { name: "Ada" } },
        { role: "member", user: { name: "Bob" } },
      ],
    });
  });

  it("a deleted user leaves nothing behind", async () => {
    const app = createApp();
    const { send } = await signUp(app, "Ada");
    await signUp(app, "Bob");
    await send("/organization/create", { name: "Acme", slug: "acme" });
    expect((await send("/two-factor/enable", { password: "password 1" })).status).toBe(200);
    expect((await send("/delete-user", { password: "password 1" })).status).toBe(200);
    const left = ["user", "session", "account", "member", "twoFactor"].map((table) => [
      table,
      app.documents(table).length,
    ]);
    expect(Object.fromEntries(left)).toEqual({
      user: 1,
      session: 1,
      account: 1,
      member: 0,
      twoFactor: 0,
    });
  });

  it("an admin pages, sorts and searches users", async () => {
    const app = createApp();
    const boss = await signUp(app, "Boss");
    for (const name of ["Zoe", "Max", "Ann", "Ben", "Kim"]) await signUp(app, name);
    await app.store.updateMany({
      model: "user",
      where: [{ column: "name", value: "Boss" }],
      data: { role: "admin" },
    });
    const list = async (query: string) => {
      const { data } = await boss.send(`/admin/list-users?${query}`);
      const { users, total } = data as { users: { name: string }[]; total: number };
      return { names: users.map((user) => user.name), total };
    };
    expect(await list("limit=2&offset=2&sortBy=name&sortDirection=asc")).toEqual({
      names: ["Boss", "Kim"],
      total: 6,
    });
    expect(await list("searchValue=n&searchField=name&searchOperator=ends_with")).toEqual({
      names: ["Ann", "Ben"],
      total: 2,
    });
    expect(await list("filterField=role&filterValue=user&filterOperator=ne")).toEqual({
      names: ["Boss"],
      total: 1,
    });
  });
});
