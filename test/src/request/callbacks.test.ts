import { describe, expect, test } from "vitest";
import { callDeferred } from "../../../src/auth/outbox.js";
import { wrapCallbacks } from "../../../src/request/callbacks.js";
import { withinRun } from "../../../src/request/effects.js";
import { runHandler, type DeferredCallback, type RequestRun } from "../../../src/request/run.js";

type Sent = unknown[];

function optionsWith(sent: Sent[]) {
  return {
    emailAndPassword: { sendResetPassword: async (...args: unknown[]) => void sent.push(args) },
    databaseHooks: {
      user: {
        create: {
          before: async () => void sent.push(["before"]),
          after: async (...args: unknown[]) => void sent.push(["after", ...args]),
        },
      },
    },
    plugins: [
      {
        id: "organization",
        options: { sendInvitationEmail: async (...args: unknown[]) => void sent.push(args) },
      },
      {
        id: "stripe",
        init: () => ({
          options: {
            databaseHooks: {
              user: { create: { after: async () => void sent.push(["customer made"]) } },
            },
          },
        }),
      },
    ],
  };
}

async function inRun(work: (run: RequestRun) => Promise<void>, putOff: string[] = []) {
  const { outcome, outbox } = await runHandler({
    context: "mutation",
    journal: [],
    putOff,
    handler: (run) =>
      withinRun(run, async () => {
        await work(run);
        return { status: 200, headers: [], body: null };
      }),
  });
  return { outcome, outbox };
}

/** Calls what was deferred as the scheduled action does: over options that were made anew. */
async function callLater(callbacks: readonly DeferredCallback[], sent: Sent[]): Promise<void> {
  const { find } = wrapCallbacks(optionsWith(sent), undefined);
  const context = async () => ({ baseURL: "https://x.test" });
  for (const callback of callbacks) await callDeferred({ callback, find, context });
}

describe("what sends something", () => {
  test("waits inside a run, and is called with equal arguments afterwards", async () => {
    const sent: Sent[] = [];
    const given = optionsWith(sent);
    const { options } = wrapCallbacks(given, undefined);
    const user = {
      ...{ email: "a@b.c", createdAt: new Date(5), image: null, phone: undefined, tags: ["x"] },
      ...{ count: Infinity, big: 5n, link: new URL("https://x.test/a") },
    };
    const request = new Request("https://x.test/reset", { headers: { "user-agent": "t" } });
    const { outbox } = await inRun(() =>
      options.emailAndPassword.sendResetPassword({ user }, request),
    );
    expect(sent).toEqual([]);
    expect(outbox.map(({ path }) => path)).toEqual([["emailAndPassword", "sendResetPassword"]]);

    await callLater(outbox, sent);
    expect(sent).toHaveLength(1);
    expect(sent[0]?.[0]).toEqual({ user });
    const given2 = sent[0]?.[1] as Request;
    expect([given2.url, given2.headers.get("user-agent")]).toEqual([request.url, "t"]);
  });

  test("waits in plugins, too", async () => {
    const sent: Sent[] = [];
    const { options } = wrapCallbacks(optionsWith(sent), undefined);
    const { outbox } = await inRun(() =>
      options.plugins[0]!.options!.sendInvitationEmail({ id: "i1" }),
    );
    expect(outbox.map(({ path }) => path)).toEqual([
      ["plugins", "organization", "sendInvitationEmail"],
    ]);
    expect(sent).toEqual([]);
    await callLater(outbox, sent);
    expect(sent).toEqual([[{ id: "i1" }]]);
  });

  test("gets an endpoint context that is rebuilt around the action's own", async () => {
    const sent: Sent[] = [];
    const { options } = wrapCallbacks(optionsWith(sent), undefined);
    const endpoint = {
      ...{ path: "/otp", body: { a: 1 }, context: { adapter: () => 1 } },
      headers: new Headers({ "user-agent": "t" }),
    };
    const { outbox } = await inRun(() => options.emailAndPassword.sendResetPassword("x", endpoint));
    await callLater(outbox, sent);
    const [, later] = sent[0] as [string, { headers: Headers; context: object }];
    expect(later).toMatchObject({
      ...{ path: "/otp", body: { a: 1 }, context: { baseURL: "https://x.test" } },
    });
    expect(later.headers.get("user-agent")).toBe("t");
  });

  test("is called at once outside of a run, if there is no outbox", async () => {
    const sent: Sent[] = [];
    await wrapCallbacks(optionsWith(sent), undefined).options.emailAndPassword.sendResetPassword(
      "now",
    );
    expect(sent).toEqual([["now"]]);
  });

  test("goes into the outbox of an action or of a user's own mutation", async () => {
    const sent: Sent[] = [];
    const queued: DeferredCallback[] = [];
    const { options } = wrapCallbacks(optionsWith(sent), async (one) => void queued.push(one));
    await options.emailAndPassword.sendResetPassword("later");
    expect(sent).toEqual([]);
    await callLater(queued, sent);
    expect(sent).toEqual([["later"]]);
  });

  test("is called in place if its arguments cannot travel", async () => {
    const sent: Sent[] = [];
    const { options } = wrapCallbacks(optionsWith(sent), undefined);
    const { outbox } = await inRun(() => options.emailAndPassword.sendResetPassword(() => {}));
    expect(outbox).toEqual([]);
    expect(sent).toHaveLength(1);
  });

  test("moves a request from a query to a mutation", async () => {
    const { options } = wrapCallbacks(optionsWith([]), undefined);
    const { outcome } = await runHandler({
      context: "query",
      journal: [],
      handler: (run) =>
        withinRun(run, async () => {
          await options.emailAndPassword.sendResetPassword("x");
          return { status: 200, headers: [], body: null };
        }),
    });
    expect(outcome).toMatchObject({ kind: "escalate", to: "mutation" });
  });
});

describe("hooks", () => {
  test("run in the transaction, and the user's options stay as they were", async () => {
    const sent: Sent[] = [];
    const given = optionsWith(sent);
    const { after } = given.databaseHooks.user.create;
    const { options } = wrapCallbacks(given, undefined);
    expect(given.databaseHooks.user.create.after).toBe(after);
    await inRun(async () => {
      await options.databaseHooks.user.create.before();
      await options.databaseHooks.user.create.after("u1");
    });
    expect(sent).toEqual([["before"], ["after", "u1"]]);
  });

  test("only the call that is put off waits for the commit", async () => {
    const sent: Sent[] = [];
    const { options } = wrapCallbacks(optionsWith(sent), undefined);
    const { outcome } = await inRun(async () => {
      await options.databaseHooks.user.create.after("u1");
      await options.databaseHooks.user.create.after("u2");
    }, ["databaseHooks.user.create.after#1"]);
    expect(sent).toEqual([["after", "u1"]]);
    if (outcome.kind !== "response") throw new Error(outcome.kind);
    await callLater(outcome.hooks, sent);
    expect(sent).toEqual([
      ["after", "u1"],
      ["after", "u2"],
    ]);
  });

  test("one that cannot wait moves the request to the action", async () => {
    const { options } = wrapCallbacks(optionsWith([]), undefined);
    const { outcome } = await inRun(
      () => options.databaseHooks.user.create.after(() => {}),
      ["databaseHooks.user.create.after#0"],
    );
    expect(outcome).toMatchObject({ kind: "escalate", to: "action" });
  });

  test("those that a plugin's init adds are known by their path", async () => {
    const sent: Sent[] = [];
    const { options, find } = wrapCallbacks(optionsWith(sent), undefined);
    const path = ["plugins", "stripe", "databaseHooks", "user", "create", "after"];
    expect(find(path)).toBeUndefined();
    await options.plugins[1]!.init!();
    await find(path)?.();
    expect(sent).toEqual([["customer made"]]);
  });
});

test("a plugin made outside of the definition is wrapped once, for each instance anew", async () => {
  const sent: Sent[] = [];
  const shared = {
    id: "organization",
    options: { sendInvitationEmail: async () => void sent.push(["sent"]) },
  };
  const queued: string[] = [];
  const instance = (name: string) =>
    wrapCallbacks({ plugins: [shared] }, async () => void queued.push(name));
  instance("first");
  const second = instance("second");
  await shared.options.sendInvitationEmail();
  expect(queued).toEqual(["second"]);
  await second.find(["plugins", "organization", "sendInvitationEmail"])?.();
  expect(sent).toEqual([["sent"]]);
});

test("what init of one plugin adds to another, made outside of the definition, is there once", async () => {
  const calls: string[] = [];
  const organization: { id: string; options: { hook?: () => void; name: string } } = {
    id: "organization",
    options: { name: "given" },
  };
  const billing = {
    id: "billing",
    init: () => {
      const { hook } = organization.options;
      organization.options.hook = () => {
        hook?.();
        calls.push("seats");
      };
    },
  };
  for (let instance = 0; instance < 3; instance++) {
    const { options } = wrapCallbacks({ plugins: [organization, billing] }, undefined);
    await (options.plugins[1] as typeof billing).init();
  }
  organization.options.hook?.();
  expect(calls).toEqual(["seats"]);
  expect(organization.options.name).toBe("given");
});

test("what init of plugins adds to a list of another is there once, also of instances at the same time", async () => {
  const provider: { id: string; options: { extensions?: readonly object[] } } = {
    id: "provider",
    options: {},
  };
  const extending = (id: string) => ({
    id,
    init: async () => {
      const { extensions = [] } = provider.options;
      provider.options.extensions = [...extensions, { by: id }];
      await Promise.resolve();
    },
  });
  const plugins = [provider, extending("one"), extending("two")] as const;
  const instances = [1, 2].map(() => wrapCallbacks({ plugins }, undefined).options);
  for (const at of [1, 2])
    for (const { plugins: own } of instances)
      // Where it was refused something, it is called again.
      for (let call = 0; call < 2; call++) await (own[at] as ReturnType<typeof extending>).init();
  expect(provider.options.extensions).toEqual([{ by: "one" }, { by: "two" }]);
});

test("a callback that is gone is an error by name", async () => {
  const callback = { path: ["emailVerification", "sendVerificationEmail"], args: "[]" };
  await expect(
    callDeferred({ callback, find: () => undefined, context: async () => ({}) }),
  ).rejects.toMatchObject({ code: "DEFERRED_CALLBACK_GONE" });
});
