// An after-hook that has to wait for the commit runs in an action, where there is no ctx.db: its write must not be lost
// without a word. What it writes through Better Auth works there, too.
import { afterEach, expect, test, vi } from "vitest";
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import type { AuthCtx } from "../../../src/auth/runtime.js";
import { createHttpApp, credentials, type HttpApp } from "./support/http-app.js";

afterEach(() => vi.unstubAllGlobals());

type CreateOrganization = (input: {
  readonly body: { readonly name: string; readonly slug: string; readonly userId: string };
}) => Promise<unknown>;

/** Signs up in an app whose hook calls `work` and then posts the new id. */
async function signUp(
  work: (ctx: AuthCtx<GenericDataModel>, id: string, app: HttpApp) => Promise<unknown>,
  { schemaTriggers, onDefine }: { schemaTriggers?: object; onDefine?: (ctx: object) => void } = {},
) {
  const posts = vi.fn(async () => Response.json({}));
  vi.stubGlobal("fetch", posts);
  vi.spyOn(console, "error").mockImplementation(() => {});
  const app = createHttpApp({
    ...(schemaTriggers && { schemaTriggers }),
    withCtx: (ctx) => {
      onDefine?.(ctx);
      return {
        databaseHooks: {
          user: {
            create: {
              after: async ({ id }: { id: string }) => {
                await work(ctx, id, app);
                await fetch("https://crm.test/", { method: "POST", body: JSON.stringify({ id }) });
              },
            },
          },
        },
      };
    },
  });
  const response = await app.post("/sign-up/email", credentials);
  const answer: unknown = await response.json();
  return { answer, app, posted: posts.mock.calls.length };
}

async function writeByDb(ctx: AuthCtx<GenericDataModel>, id: string) {
  if (!("db" in ctx && "runMutation" in ctx)) return;
  const { db } = ctx as GenericMutationCtx<GenericDataModel>; // as it has both
  await db.patch(id as never, { image: "made" }); // an id of the table
}

function createOrganization(ctx: AuthCtx<GenericDataModel>, userId: string, app: HttpApp) {
  const create = app.getAuth(ctx).api["createOrganization"] as CreateOrganization; // of organization()
  return create({ body: { name: "Acme", slug: "acme", userId } });
}

test.each([
  { name: "ctx.db", work: writeByDb },
  {
    name: "ctx.db and by Better Auth",
    work: async (ctx, id, app) => {
      await createOrganization(ctx, id, app);
      await writeByDb(ctx, id);
    },
  },
] satisfies { name: string; work: Parameters<typeof signUp>[0] }[])(
  "a hook that writes by $name, and posts the new id, is refused by name",
  async ({ work }) => {
    const { answer, app, posted } = await signUp(work);
    expect(answer).toMatchObject({ code: "HOOK_NEEDS_DB" });
    expect([posted, await app.countRows()]).toEqual([0, 0]);
  },
);

test.each([
  { name: "without triggers", triggers: undefined },
  {
    name: "in an auth.ts that takes ctx.db when it is made",
    triggers: undefined,
    onDefine: (ctx: object) => void Reflect.get(ctx, "db"),
  },
  {
    name: "with triggers that write",
    triggers: {
      organization: {
        create: {
          after: async ({ _id }: { _id: string }, { db }: GenericMutationCtx<GenericDataModel>) =>
            db.patch(_id as never, { logo: "by the trigger" }), // an id of the table
        },
      },
    },
  },
])(
  "a hook that writes by Better Auth only, and posts the new id, runs once, $name",
  async ({
    triggers,
    onDefine,
  }: {
    triggers: object | undefined;
    onDefine?: (ctx: object) => void;
  }) => {
    const { answer, app, posted } = await signUp(createOrganization, {
      ...(triggers && { schemaTriggers: triggers }),
      ...(onDefine && { onDefine }),
    });
    expect(answer).toMatchObject({ user: { email: credentials.email } });
    const [organizations, members] = await app.t.run(({ db }) =>
      Promise.all([db.query("organization").collect(), db.query("member").collect()]),
    );
    expect(organizations).toMatchObject([
      { slug: "acme", ...(triggers && { logo: "by the trigger" }) },
    ]);
    expect([posted, members.length]).toEqual([1, 1]);
  },
);

test("a hook that init of a plugin adds, and that posts the new id, runs once", async () => {
  const posts = vi.fn(async () => Response.json({}));
  vi.stubGlobal("fetch", posts);
  const after = async ({ id }: { id: string }) =>
    void (await fetch("https://crm.test/", { method: "POST", body: JSON.stringify({ id }) }));
  const crm = {
    id: "crm",
    init: () => ({ options: { databaseHooks: { user: { create: { after } } } } }),
  };
  const app = createHttpApp({ options: { plugins: [crm] } });
  expect((await app.post("/sign-up/email", credentials)).status).toBe(200);
  const [user] = await app.t.run(({ db }) => db.query("user").collect());
  expect(posts.mock.calls).toMatchObject([
    ["https://crm.test/", { body: JSON.stringify({ id: user?._id }) }],
  ]);
});
