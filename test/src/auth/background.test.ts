// What plugins and callbacks start and do not wait for: a Convex function that returns takes it along, so it is waited
// for. In a request it is part of the transaction.
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { createAuthEndpoint } from "better-auth/api";
import type { GenericDataModel } from "convex/server";
import { afterEach, describe, expect, test, vi } from "vitest";
import { callDeferred } from "../../../src/auth/outbox.js";
import type { AuthCtx, AuthOptions } from "../../../src/auth/runtime.js";
import { createHttpApp, credentials, SITE, type HttpApp } from "./support/http-app.js";

afterEach(() => void vi.unstubAllGlobals());

/** Everything that is sent outside, by the end of its path; each answer takes a moment. */
function outside(): string[] {
  const arrived: string[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    arrived.push(String(input instanceof Request ? input.url : input).replace(/.*\//, ""));
    return Response.json({});
  });
  return arrived;
}

const send = (name: string) => fetch(`https://outside.example/${name}`, { method: "POST" });

type Work = (ctx: GenericEndpointContext) => Promise<unknown>;

/** `POST /tell` starts work, and answers at once. */
const telling = (work: Work) =>
  ({
    id: "telling",
    endpoints: {
      tell: createAuthEndpoint("/tell", { method: "POST" }, async (ctx) => {
        ctx.context.runInBackground(work(ctx));
        return ctx.json({ told: true });
      }),
    },
  }) satisfies BetterAuthPlugin;

const rename: Work = async ({ context: { adapter } }) => {
  const where = [{ field: "email", value: credentials.email }];
  await adapter.findOne({ model: "user", where });
  await adapter.update({ model: "user", where, update: { name: "Renamed" } });
};

const namesOf = (app: HttpApp) =>
  app.t.run(async ({ db }) => (await db.query("user").collect()).map(({ name }) => String(name)));

async function signedUp(options: Partial<AuthOptions>): Promise<HttpApp> {
  const app = createHttpApp({ options });
  expect((await app.post("/sign-up/email", credentials)).status).toBe(200);
  return app;
}

describe("runInBackground", () => {
  const handlers: [string, Partial<AuthOptions>][] = [
    ["without a handler", {}],
    ["with a handler", { advanced: { backgroundTasks: { handler: () => {} } } }],
  ];

  test.each(handlers)("writes with the request, %s", async (_title, options) => {
    const app = await signedUp({ ...options, plugins: [telling(rename)] });
    expect((await app.post("/tell", {})).status).toBe(200);
    expect(await namesOf(app)).toEqual(["Renamed"]);
  });

  test("calls the outside once, before the answer", async () => {
    const arrived = outside();
    const app = createHttpApp({
      options: {
        plugins: [
          telling(async (ctx) => {
            for (let at = 0; at < 5; at++) await ctx.context.adapter.findMany({ model: "user" });
            await send("told");
          }),
        ],
      },
    });
    expect((await app.post("/tell", {})).status).toBe(200);
    expect(arrived).toEqual(["told"]);
  });

  test("is waited for by auth.api, also what its work starts", async () => {
    const work: Work = async (ctx) => {
      await ctx.context.adapter.findMany({ model: "user" });
      ctx.context.runInBackground(rename(ctx));
    };
    const app = await signedUp({ plugins: [telling(work)] });
    await app.t.run(async (ctx) => {
      const { api } = app.getAuth(ctx as unknown as AuthCtx<GenericDataModel>); // a mutation's
      await (api["tell"] as () => Promise<unknown>)();
    });
    expect(await namesOf(app)).toEqual(["Renamed"]);
  });

  test("that fails changes no answer", async () => {
    const failing = telling(() => Promise.reject(new Error("no")));
    expect(
      await (await createHttpApp({ options: { plugins: [failing] } }).post("/tell", {})).json(),
    ).toEqual({ told: true });
  });
});

describe("a callback that does not wait", () => {
  test("for its mail has sent it when its action ends", async () => {
    const arrived = outside();
    await createHttpApp().t.action(() =>
      callDeferred({
        callback: { path: ["sendMail"], args: JSON.stringify(["ada"]) },
        find: () => (name) => void send("first").then(() => send(String(name))),
        context: async () => ({}),
      }),
    );
    expect(arrived).toEqual(["first", "ada"]);
  });

  test("in an after-hook that waits for the commit has called before the answer, and knows who is signed in", async () => {
    const arrived = outside();
    await signedUp({
      databaseHooks: {
        session: {
          create: {
            after: async ({ id }: { id: string }, ctx: GenericEndpointContext | null) => {
              void send(
                `${id}-${ctx?.context.newSession?.user.name}-${ctx?.context.session?.user.name}`,
              );
            },
          },
        },
      },
    });
    expect(arrived).toEqual([expect.stringMatching(/-Ada-undefined$/)]);
  });

  test("in such a hook has the whole context of the endpoint", async () => {
    const arrived = outside();
    const app = createHttpApp({
      options: {
        databaseHooks: {
          user: {
            create: {
              after: async ({ id }: { id: string }, ctx: GenericEndpointContext | null) => {
                const { email } = ctx?.body as { email: string };
                await send([id, ctx?.getCookie("ref"), ctx?.path.slice(1, 8), email].join("-"));
                ctx?.setCookie("ref", "");
              },
            },
          },
        },
      },
    });
    const headers = { "content-type": "application/json", origin: SITE, cookie: "ref=dub" };
    const body = JSON.stringify(credentials);
    const init = { method: "POST", headers, body };
    expect((await app.fetch("/api/auth/sign-up/email", init)).status).toBe(200);
    expect(arrived).toEqual([expect.stringMatching(/^\w+-dub-sign-up-ada@example\.com$/)]);
  });
});
