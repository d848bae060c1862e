// An after-hook that has to wait for the commit runs in an action, where there is no ctx.db: its write must not be lost
// without a word.
import { afterEach, expect, test, vi } from "vitest";
import type { GenericDataModel, GenericMutationCtx } from "convex/server";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

afterEach(() => vi.unstubAllGlobals());

test("a hook that writes by ctx.db, and posts the new id, is refused by name", async () => {
  const posts = vi.fn(async () => Response.json({}));
  vi.stubGlobal("fetch", posts);
  vi.spyOn(console, "error").mockImplementation(() => {});
  const app = createHttpApp({
    withCtx: (ctx) => ({
      databaseHooks: {
        user: {
          create: {
            after: async ({ id }: { id: string }) => {
              if ("db" in ctx && "runMutation" in ctx) {
                const { db } = ctx as GenericMutationCtx<GenericDataModel>; // as it has both
                await db.patch(id as never, { image: "made" }); // an id of the table
              }
              await fetch("https://crm.test/", { method: "POST", body: JSON.stringify({ id }) });
            },
          },
        },
      },
    }),
  });
  const response = await app.fetch("/api/auth/sign-up/email", {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: JSON.stringify(credentials),
  });
  expect(await response.json()).toMatchObject({ code: "HOOK_NEEDS_DB" });
  expect([posts.mock.calls.length, await app.countRows()]).toEqual([0, 0]);
});
