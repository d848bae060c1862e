// Procedures as Convex functions: what a caller gets for good input, bad input, and each kind of error.
import { convexTest } from "convex-test";
import {
  anyApi,
  queryGeneric,
  type FunctionArgs,
  type FunctionReturnType,
  type GenericQueryCtx,
  type RegisteredQuery,
} from "convex/server";
import { ConvexError, type GenericId } from "convex/values";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { isKitcnError } from "../../../src/errors/error.js";
import { initCRPC, isCRPCError } from "../../../src/server/index.js";
import { notes, schema, type DataModel, type NotesApi } from "./fixture.js";

const modules = {
  "./convex/_generated/api.js": async () => ({}),
  "./convex/notes.ts": async () => notes,
};

// The functions are registered under this name by `modules`.
const api = anyApi.notes as unknown as NotesApi;

const createApp = () => {
  const app = convexTest({ schema, modules });
  return {
    app,
    ada: app.withIdentity({ subject: "ada" }),
    bob: app.withIdentity({ subject: "bob" }),
  };
};

async function errorOf(run: Promise<unknown>): Promise<{ code: string; message: string } & object> {
  const error: unknown = await run.catch((caught: unknown) => caught);
  // As a client sees it: the data alone, in a ConvexError of its own.
  if (error instanceof ConvexError) {
    const seen = new ConvexError(
      typeof error.data === "string" ? JSON.parse(error.data) : error.data,
    );
    if (isCRPCError(seen)) return seen.data;
  }
  throw error;
}

describe("procedures", () => {
  test("run without input, with input, with defaults, and by their ctx", async () => {
    const { app, ada, bob } = createApp();
    expect(await app.query(api.ping)).toBe("pong");
    const id = await ada.mutation(api.add, { title: "  First  " });
    expect(await ada.query(api.mine, {})).toMatchObject([
      { _id: id, title: "First", owner: "ada" },
    ]);
    expect(await bob.query(api.mine, { limit: 1 })).toEqual([]);
    expect(await ada.mutation(api.rename, { id, title: "Second" })).toBe("First");
    expect(await ada.action(api.shout, { text: "hi" })).toBe("ada: HI");
    expect(await app.mutation(api.customBuilder)).toBe("own builder");
  });

  test("combine strict schemas, transform, and strip the output", async () => {
    expect(await createApp().app.query(api.strict, { a: 1, b: "2" })).toEqual({ sum: 3 });
  });

  test("an error rolls the mutation back", async () => {
    const { ada } = createApp();
    expect(await errorOf(ada.mutation(api.add, { title: "undo" }))).toEqual({
      crpc: true,
      code: "CONFLICT",
      message: "Taken.",
    });
    expect(await ada.query(api.mine, {})).toEqual([]);
  });

  test("middleware before the input is asked first", async () => {
    const { app } = createApp();
    const want = { code: "UNAUTHORIZED", message: "Sign in first." };
    expect(await errorOf(app.mutation(api.add, { title: "" }))).toMatchObject(want);
    expect(await errorOf(app.query(api.mine, {}))).toMatchObject(want);
    expect(await errorOf(app.action(api.shout, { text: "hi" }))).toMatchObject(want);
  });

  test("bad input names each field", async () => {
    const { app, ada } = createApp();
    expect(await errorOf(ada.mutation(api.add, { title: "   " }))).toEqual({
      crpc: true,
      code: "BAD_REQUEST",
      message: "Invalid input. title: Give a title",
      issues: [{ path: ["title"], message: "Give a title" }],
    });
    expect(await errorOf(app.query(api.range, { from: 2, to: 1 }))).toMatchObject({
      code: "BAD_REQUEST",
      issues: [{ path: [], message: "from is after to" }],
    });
  });

  test("Convex itself refuses what has another shape", async () => {
    const { ada } = createApp();
    // @ts-expect-error title is a string
    await expect(ada.mutation(api.add, { title: 1 })).rejects.toThrow(/Validator error/);
    // @ts-expect-error `more` is not declared
    await expect(ada.mutation(api.add, { title: "a", more: 1 })).rejects.toThrow();
  });

  test("middleware after the input reads it", async () => {
    const { ada, bob } = createApp();
    const id = await ada.mutation(api.add, { title: "First" });
    expect(await errorOf(bob.mutation(api.rename, { id, title: "x" }))).toMatchObject({
      code: "FORBIDDEN",
      message: "FORBIDDEN",
    });
  });

  test("Better Auth's errors reach the caller, other errors stay as they are", async () => {
    const { app } = createApp();
    expect(await errorOf(app.mutation(api.apiError))).toMatchObject({
      code: "TOO_MANY_REQUESTS",
      message: "Slow down.",
    });
    const broken: unknown = await app.action(api.broken).catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(Error);
    expect(isCRPCError(broken)).toBe(false);
    const wrong: unknown = await app.query(api.wrongOutput).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(Error);
    expect(isCRPCError(wrong)).toBe(false);
  });

  test("a middleware that forgets next() is named", async () => {
    // JavaScript lets through what the type refuses.
    const forgetful = (async () => undefined) as never;
    const app = convexTest({
      schema,
      modules: {
        ...modules,
        "./convex/notes.ts": async () => ({
          ping: initCRPC
            .create()
            .query.use(forgetful)
            .query(() => "pong"),
        }),
      },
    });
    await expect(app.query(api.ping)).rejects.toThrow(/return next/);
  });

  test("a builder that create was not given is refused", () => {
    const c = initCRPC.create({ query: queryGeneric });
    expect(c.query.query(() => 1)).toBeTypeOf("function");
    for (const define of [
      () => c.mutation.mutation(() => 1),
      () => c.query.internal().query(() => 1),
    ]) {
      const run = () => {
        try {
          return define();
        } catch (error) {
          return error;
        }
      };
      const error = run();
      expect(isKitcnError(error) && error.data.code).toBe("MISSING_BUILDER");
    }
  });

  test("internal procedures are Convex internal functions", () => {
    // Convex marks the function objects themselves.
    expect({ ...notes.secret }).toMatchObject({ isQuery: true, isInternal: true });
    expect({ ...notes.ping }).toMatchObject({ isQuery: true, isPublic: true });
    expect({ ...notes.add }).toMatchObject({ isMutation: true, isPublic: true });
    expect({ ...notes.shout }).toMatchObject({ isAction: true, isPublic: true });
  });
});

describe("types", () => {
  test("of arguments are the input's, of returns the handler's or the output's", () => {
    expectTypeOf<FunctionArgs<NotesApi["mine"]>>().toEqualTypeOf<{ limit?: number | undefined }>();
    expectTypeOf<FunctionArgs<NotesApi["strict"]>>().toEqualTypeOf<{ a: number; b: string }>();
    expectTypeOf<FunctionReturnType<NotesApi["strict"]>>().toEqualTypeOf<{ sum: number }>();
    expectTypeOf<FunctionReturnType<NotesApi["ping"]>>().toEqualTypeOf<string>();
    expectTypeOf<FunctionReturnType<NotesApi["add"]>>().toEqualTypeOf<GenericId<"notes">>();
    type RenameArgs = FunctionArgs<NotesApi["rename"]>;
    expectTypeOf<GenericId<"notes">>().toExtend<RenameArgs["id"]>();
    expectTypeOf<RenameArgs["title"]>().toEqualTypeOf<string>();
    expectTypeOf(notes.secret).toExtend<
      RegisteredQuery<"internal", Record<string, never>, Promise<string>>
    >();
  });

  test("of ctx come from the builder and grow by middleware", () => {
    const c = initCRPC.dataModel<DataModel>().create({ query: queryGeneric });
    c.query
      .use(({ ctx, next }) => {
        expectTypeOf(ctx.db).toEqualTypeOf<GenericQueryCtx<DataModel>["db"]>();
        return next({ ctx: { ...ctx, user: { id: "ada" } } });
      })
      .use(({ next }) => next())
      .query(({ ctx, input }) => {
        expectTypeOf(ctx.user).toEqualTypeOf<{ id: string }>();
        expectTypeOf(ctx.db).toEqualTypeOf<GenericQueryCtx<DataModel>["db"]>();
        expectTypeOf(input).toEqualTypeOf<Record<never, never>>();
        // @ts-expect-error queries do not write
        void ctx.db.insert;
      });
    const shared = c.middleware(({ ctx, next }) => {
      expectTypeOf(ctx.auth).not.toBeAny();
      return next({ ctx: { at: 1 } });
    });
    expectTypeOf(shared).not.toBeAny();
    c.query.use(shared).query(({ ctx }) => expectTypeOf(ctx.at).toEqualTypeOf<number>());
  });

  test("of a handler are held to the output", () => {
    const { query } = initCRPC.create();
    // @ts-expect-error n is a number
    query.output(z.object({ n: z.number() })).query(() => ({ n: "1" }));
  });

  test("narrow by the guard", () => {
    const error: unknown = null;
    if (isCRPCError(error)) expectTypeOf(error.data.code).not.toBeAny();
  });
});
