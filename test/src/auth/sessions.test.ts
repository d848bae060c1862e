// getSession has one shape in every context, wherever sessions are and whatever their tables and columns are called.
import { getAuthTables } from "better-auth/db";
import { organization } from "better-auth/plugins";
import type { SecondaryStorage } from "better-auth";
import { componentsGeneric, type GenericDataModel } from "convex/server";
import { convexTest } from "convex-test";
import { describe, expect, test } from "vitest";
import { planTables } from "../../../codegen/plan/plan-tables.js";
import type { Placement } from "../../../codegen/types.js";
import {
  createAuthRuntime,
  type AuthComponent,
  type AuthCtx,
  type AuthOptions,
} from "../../../src/auth/runtime.js";
import { getSession } from "../../../src/auth/session/session.js";
import { createAuthStore } from "../../../src/auth/store-functions.js";
import { componentFunctions } from "../../../src/component/functions.js";
import { createApp } from "../../../src/orm/app.js";
import type { AnyRelations } from "../../../src/orm/relations.js";
import { schemaOf } from "../../support/convex-schema.js";

type Ctx = AuthCtx<GenericDataModel>;
type Session = Record<string, unknown>;

const contexts = ["query", "mutation", "action"] as const;
const SECRET = "k3Jd8sLq0ZpX7vTn2RbY5wMc9GhF4aUe6";

/** An app with these options, and what getSession answers for a session that Better Auth made. */
function createSessionApp(
  optionsOf: (ctx: Ctx) => Partial<AuthOptions>,
  placement: Placement = "app",
) {
  const definition = (ctx: Ctx): AuthOptions => ({
    baseURL: "https://happy.convex.site",
    secret: SECRET,
    logger: { disabled: true },
    ...optionsOf(ctx),
  });
  const options = definition({} as Ctx); // nothing is asked of it while tables are planned
  const plan = planTables(getAuthTables(options), { placement, options, ownComponent: true });
  const schema = schemaOf(plan.app);
  const components = componentsGeneric() as unknown as { auth: AuthComponent }; // as in generated/auth.ts
  const shared = {
    tables: plan.tables,
    ...(plan.component.length > 0 && { component: components.auth }),
    app: () =>
      createApp<GenericDataModel, AnyRelations>({ schema: () => schema, relations: () => ({}) }),
  };
  const { getAuth, functions } = createAuthRuntime<GenericDataModel, typeof definition>({
    definition: () => definition,
    ...shared,
  });
  const t = convexTest({
    schema,
    modules: {
      "./_generated/api.js": async () => ({}),
      "./generated/auth.js": async () => functions,
      "./generated/store.js": async () => createAuthStore<GenericDataModel>(shared),
    },
  });
  t.registerComponent("auth", schemaOf(plan.component), {
    "./_generated/api.js": async () => ({}),
    "./store.js": async () => componentFunctions(plan.tables),
  });
  type Made = { userId: string; sessionId: string; expires: number };
  // convex-test runs functions that are given in place, with complete contexts.
  const inAction = t.action as unknown as (work: (ctx: Ctx) => Promise<Made>) => Promise<Made>;
  return {
    signUp: (columns: object = {}) =>
      inAction(async (ctx) => {
        const { internalAdapter } = await getAuth(ctx).$context;
        const email = `${Math.random()}@example.com`;
        const user = await internalAdapter.createUser(
          { name: "Ada", email, emailVerified: true },
          { method: "email-password" },
        );
        const session = await internalAdapter.createSession(user.id, false, columns);
        return { userId: user.id, sessionId: session.id, expires: session.expiresAt.getTime() };
      }),
    ask: (context: (typeof contexts)[number], ids: { userId: string; sessionId: string }) => {
      const own = t.withIdentity({ subject: ids.userId, sessionId: ids.sessionId });
      const run = own[context] as (work: (ctx: Ctx) => Promise<unknown>) => Promise<unknown>; // as above
      return run(getSession) as Promise<Session | null>;
    },
  };
}

const cases: [string, Partial<AuthOptions>, Placement][] = [
  ["tables of the app", {}, "app"],
  ["tables of the component", {}, "component"],
  ["renamed tables", { user: { modelName: "people" }, session: { modelName: "logins" } }, "app"],
  [
    "renamed tables and columns",
    {
      user: { modelName: "people" },
      session: {
        modelName: "logins",
        fields: { userId: "person", expiresAt: "ends", token: "secret", createdAt: "made" },
      },
    },
    "split",
  ],
  ["renamed columns", { session: { fields: { expiresAt: "ends" } } }, "app"],
  ["ids of Better Auth", { advanced: { database: { generateId: "uuid" } } }, "app"],
];

describe.each(cases)("with %s", (_title, options, placement) => {
  const app = createSessionApp(() => ({ ...options, plugins: [organization()] }), placement);

  test("every context gives the same", async () => {
    const { expires, ...ids } = await app.signUp();
    const [first, ...others] = await Promise.all(contexts.map((context) => app.ask(context, ids)));
    expect(first).toMatchObject({
      id: ids.sessionId,
      _id: expect.any(String),
      _creationTime: expect.any(Number),
      userId: ids.userId,
      token: expect.any(String),
      expiresAt: expires,
      createdAt: expect.any(Number),
      activeOrganizationId: null,
    });
    for (const other of others) expect(other).toEqual(first);
    expect(first?._creationTime).toBeGreaterThan(0);
  });

  test("an active organization comes along, and another user's session is none", async () => {
    const [ada, bob] = [await app.signUp({ activeOrganizationId: "org" }), await app.signUp()];
    for (const context of contexts) {
      expect(await app.ask(context, ada)).toMatchObject({ activeOrganizationId: "org" });
      expect(await app.ask(context, { ...ada, sessionId: bob.sessionId })).toBeNull();
    }
  });
});

describe("sessions in secondaryStorage", () => {
  const memory = (isReachable: (ctx: Ctx) => boolean) => {
    const stored = new Map<string, string>();
    return (ctx: Ctx): Partial<AuthOptions> => {
      const reach = () => {
        if (!isReachable(ctx)) throw new Error("Can't use fetch() in queries and mutations.");
      };
      return {
        session: { additionalFields: { seenAt: { type: "date", required: false } } },
        plugins: [organization()],
        secondaryStorage: {
          get: (key: string) => (reach(), stored.get(key) ?? null),
          set: (key: string, value: string) => (reach(), void stored.set(key, value)),
          delete: (key: string) => (reach(), void stored.delete(key)),
        } as SecondaryStorage, // the methods that sessions need
      };
    };
  };

  test("are read there, in every context", async () => {
    const app = createSessionApp(memory(() => true));
    const { expires, ...ids } = await app.signUp({ seenAt: new Date(5) });
    for (const context of contexts) {
      const session = await app.ask(context, ids);
      expect(session).toMatchObject({
        id: ids.sessionId,
        _id: ids.sessionId,
        userId: ids.userId,
        expiresAt: expires,
        createdAt: expect.any(Number),
        seenAt: 5,
        activeOrganizationId: null,
      });
      expect(session?._creationTime).toBe(session?.createdAt);
      expect(await app.ask(context, { ...ids, sessionId: "other" })).toBeNull();
    }
  });

  test("over fetch are read in an action; elsewhere the error says so", async () => {
    const app = createSessionApp(memory((ctx) => !("db" in ctx)));
    const ids = await app.signUp();
    expect(await app.ask("action", ids)).toMatchObject({ id: ids.sessionId });
    for (const context of ["query", "mutation"] as const)
      await expect(app.ask(context, ids)).rejects.toMatchObject({
        data: {
          code: "SESSION_STORAGE_FAILED",
          message: expect.stringContaining("Can't use fetch()"),
          hint: expect.stringContaining("action"),
        },
      });
  });
});
