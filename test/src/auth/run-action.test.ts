// `ctx.runAction` in a hook of auth.ts, with arguments as apps write them.
import {
  internalActionGeneric,
  makeFunctionReference,
  type FunctionReference,
  type GenericActionCtx,
  type GenericDataModel,
} from "convex/server";
import { v } from "convex/values";
import { expect, test, vi } from "vitest";
import { createHttpApp, credentials } from "./support/http-app.js";

const lead = makeFunctionReference<"action">("crm:lead") as unknown as FunctionReference<
  "action",
  "internal"
>;

test.each([
  ["plain arguments", { a: 1 }, { a: 1 }],
  ["an argument that is undefined", { a: 1, image: undefined }, { a: 1 }],
  ["a nested undefined", { a: { b: undefined, c: 1 } }, { a: { c: 1 } }],
  ["bytes", { a: new Uint8Array([1, 2]).buffer }, { a: new Uint8Array([1, 2]).buffer }],
  ["minus zero, NaN, int64", { a: -0, b: NaN, c: 1n }, { a: -0, b: NaN, c: 1n }],
])("ctx.runAction with %s runs once", async (_name, given, want) => {
  const seen: unknown[] = [];
  const app = createHttpApp({
    modules: {
      "./crm.js": async () => ({
        lead: internalActionGeneric({
          args: v.any(),
          handler: async (_ctx, args) => void seen.push(args),
        }),
      }),
    },
    withCtx: (ctx) => ({
      databaseHooks: {
        user: {
          create: {
            // Also a run's context has runAction.
            before: async () =>
              void (await (ctx as GenericActionCtx<GenericDataModel>).runAction(lead, given)),
          },
        },
      },
    }),
  });
  const answer = await app.post("/sign-up/email", credentials);
  expect(answer.status).toBe(200);
  expect(seen).toEqual([want]);
});

test("an action that a hook waits for, with a deadline, runs once where the hook goes on after the commit", async () => {
  const seen: unknown[] = [];
  const told: string[] = [];
  vi.stubGlobal("fetch", async (_url: string, init?: RequestInit) => {
    told.push(await new Response(init?.body).text());
    return new Response();
  });
  const app = createHttpApp({
    modules: {
      "./crm.js": async () => ({
        lead: internalActionGeneric({
          args: v.any(),
          handler: async (_ctx, args) => {
            seen.push(args);
            await new Promise((resolve) => setTimeout(resolve, 200));
          },
        }),
      }),
    },
    withCtx: (ctx) => ({
      databaseHooks: {
        user: {
          create: {
            after: async ({ id, email }: { id: string; email: string }) => {
              const late = new Promise((resolve) => setTimeout(resolve, 30));
              // Also a run's context has runAction.
              const { runAction } = ctx as GenericActionCtx<GenericDataModel>;
              await Promise.race([runAction(lead, { email }), late]);
              await fetch("https://crm.test/", { method: "POST", body: id });
            },
          },
        },
      },
    }),
  });
  const answer = await app.post("/sign-up/email", credentials);
  vi.unstubAllGlobals();
  const { user } = (await answer.json()) as { user: { id: string } };
  expect(seen).toEqual([{ email: credentials.email }]);
  expect(told).toEqual([user.id]);
});
