import { describe, expect, test } from "vitest";
import { callDeferred, deferCallbacks } from "../../../src/request/callbacks.js";
import { withinRun } from "../../../src/request/effects.js";
import { runHandler } from "../../../src/request/run.js";

type Sent = unknown[];

function optionsWith(sent: Sent[]) {
  return {
    emailAndPassword: { sendResetPassword: async (...args: unknown[]) => void sent.push(args) },
    databaseHooks: { user: { create: { before: async () => sent.push(["hook"]) } } },
    plugins: [
      {
        id: "organization",
        options: { sendInvitationEmail: async (...args: unknown[]) => void sent.push(args) },
      },
    ],
  };
}

function scopeOf(request: Request) {
  return { request, context: async () => ({ baseURL: "https://x.test" }) };
}

async function inRun(work: () => Promise<void>) {
  const { outcome } = await runHandler({
    context: "mutation",
    answered: [],
    handler: (run) =>
      withinRun(run, async () => {
        await work();
        return { status: 200, headers: [], body: null };
      }),
  });
  if (outcome.kind !== "response") throw new Error(outcome.kind);
  return outcome.callbacks;
}

describe("deferCallbacks", () => {
  test("a callback inside a run waits, and is called with equal arguments afterwards", async () => {
    const sent: Sent[] = [];
    const options = optionsWith(sent);
    deferCallbacks(options);
    const user = {
      email: "a@b.c",
      createdAt: new Date(5),
      image: null,
      phone: undefined,
      tags: ["x"],
    };
    const request = new Request("https://x.test/reset");
    const callbacks = await inRun(() =>
      options.emailAndPassword.sendResetPassword({ user }, request),
    );
    expect(sent).toEqual([]);
    expect(callbacks).toHaveLength(1);

    for (const callback of callbacks)
      await callDeferred(optionsWith(sent), { callback, scope: scopeOf(request) });
    expect(sent).toHaveLength(1);
    expect(sent[0]?.[0]).toEqual({ user });
    expect((sent[0]?.[1] as Request).url).toBe(request.url);
  });

  test("plugins' own callbacks wait too", async () => {
    const sent: Sent[] = [];
    const options = optionsWith(sent);
    deferCallbacks(options);
    const callbacks = await inRun(() =>
      options.plugins[0]!.options.sendInvitationEmail({ id: "i1" }),
    );
    expect(callbacks.map(({ path }) => path)).toEqual([
      ["plugins", "organization", "sendInvitationEmail"],
    ]);
    expect(sent).toEqual([]);
  });

  test("an endpoint context is rebuilt around the action's own", async () => {
    const sent: Sent[] = [];
    const options = optionsWith(sent);
    deferCallbacks(options);
    const endpoint = {
      path: "/otp",
      body: { a: 1 },
      headers: new Headers(),
      context: { adapter: () => 1 },
    };
    const [callback] = await inRun(() => options.emailAndPassword.sendResetPassword("x", endpoint));
    const scope = scopeOf(new Request("https://x.test/", { headers: { "user-agent": "t" } }));
    await callDeferred(optionsWith(sent), { callback: callback!, scope });
    const [, given] = sent[0] as [string, { headers: Headers; context: object; body: object }];
    expect(given).toMatchObject({
      path: "/otp",
      body: { a: 1 },
      context: { baseURL: "https://x.test" },
    });
    expect(given.headers.get("user-agent")).toBe("t");
  });

  test("outside a run nothing changes", async () => {
    const sent: Sent[] = [];
    const options = optionsWith(sent);
    deferCallbacks(options);
    await options.emailAndPassword.sendResetPassword("now");
    expect(sent).toEqual([["now"]]);
  });

  test("a callback whose arguments cannot travel is called in place", async () => {
    const sent: Sent[] = [];
    const options = optionsWith(sent);
    deferCallbacks(options);
    const callbacks = await inRun(() => options.emailAndPassword.sendResetPassword(() => {}));
    expect(callbacks).toEqual([]);
    expect(sent).toHaveLength(1);
  });

  test("hooks that are not sends run in the transaction", async () => {
    const sent: Sent[] = [];
    const options = optionsWith(sent);
    deferCallbacks(options);
    await inRun(async () => void (await options.databaseHooks.user.create.before()));
    expect(sent).toEqual([["hook"]]);
  });

  test("a callback that is gone is an error by name", async () => {
    const callback = { path: ["emailVerification", "sendVerificationEmail"], args: "[]" };
    await expect(
      callDeferred({}, { callback, scope: scopeOf(new Request("https://x.test/")) }),
    ).rejects.toThrow("emailVerification.sendVerificationEmail");
  });
});
