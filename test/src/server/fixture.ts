// A small app: schema, builders and functions, all over initCRPC. The tests run it in convex-test.
import {
  defineSchema,
  defineTable,
  mutationGeneric,
  type ApiFromModules,
  type Auth,
  type DataModelFromSchemaDefinition,
} from "convex/server";
import { v } from "convex/values";
import { z } from "zod";
import { CRPCError, initCRPC, zid, type Middleware } from "../../../src/server/index.js";

export const schema = defineSchema({
  notes: defineTable({ title: v.string(), owner: v.string() }).index("owner", ["owner"]),
});

export type DataModel = DataModelFromSchemaDefinition<typeof schema>;

const c = initCRPC.dataModel<DataModel>().create();

export const publicRoute = c.httpAction;
export const router = c.router;

/** Serves every kind of procedure, since it asks ctx for `auth` alone. */
const requireUser: Middleware<{ auth: Auth }, { user: { id: string } }> = async ({ ctx, next }) => {
  const identity = await ctx.auth.getUserIdentity();
  if (!identity) throw new CRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
  return next({ ctx: { user: { id: identity.subject } } });
};

export const authQuery = c.query.use(requireUser);
export const authMutation = c.mutation.use(requireUser);
export const authAction = c.action.use(requireUser);
export const authRoute = c.httpAction.use(requireUser);

/** Better Auth's error, by shape. */
export class APIError extends Error {
  override name = "APIError";
  constructor(
    readonly statusCode: number,
    readonly body: { message: string },
  ) {
    super(body.message);
  }
}

export const notes = {
  ping: c.query.query(() => "pong"),
  mine: authQuery
    .input(z.object({ limit: z.number().int().max(10).default(5) }))
    .query(({ ctx, input }) =>
      ctx.db
        .query("notes")
        .withIndex("owner", (q) => q.eq("owner", ctx.user.id))
        .take(input.limit),
    ),
  add: authMutation
    .input(z.object({ title: z.string().trim().min(1, "Give a title") }))
    .mutation(async ({ ctx, input }) => {
      const id = await ctx.db.insert("notes", { title: input.title, owner: ctx.user.id });
      if (input.title === "undo") throw new CRPCError({ code: "CONFLICT", message: "Taken." });
      return id;
    }),
  rename: authMutation
    .input(z.object({ id: zid("notes") }))
    .use(async ({ ctx, input, next }) => {
      const note = await ctx.db.get(input.id);
      if (!note) throw new CRPCError({ code: "NOT_FOUND" });
      if (note.owner !== ctx.user.id) throw new CRPCError({ code: "FORBIDDEN" });
      return next({ ctx: { note } });
    })
    .input(z.object({ title: z.string() }))
    .mutation(async ({ ctx, input }) => {
      await ctx.db.patch(input.id, { title: input.title });
      return ctx.note.title;
    }),
  range: c.query
    .input(
      z
        .object({ from: z.number(), to: z.number() })
        .refine(({ from, to }) => from <= to, "from is after to"),
    )
    .query(({ input }) => input.to - input.from),
  strict: c.query
    .input(z.strictObject({ a: z.number() }))
    .input(z.strictObject({ b: z.string().transform(Number) }))
    .output(z.object({ sum: z.number() }))
    .query(({ input }) => ({ sum: input.a + input.b, secret: "not declared" })),
  wrongOutput: c.query.output(z.object({ n: z.number().max(1) })).query(() => ({ n: 2 })),
  apiError: c.mutation.mutation(() => {
    throw new APIError(429, { message: "Slow down." });
  }),
  broken: c.action.action(() => {
    throw new Error("password=hunter2");
  }),
  shout: authAction
    .input(z.object({ text: z.string() }))
    .action(({ ctx, input }) => `${ctx.user.id}: ${input.text.toUpperCase()}`),
  secret: c.query.internal().query(() => "internal"),
  customBuilder: initCRPC
    .create({ mutation: mutationGeneric })
    .mutation.mutation(() => "own builder"),
};

export type NotesApi = ApiFromModules<{ notes: typeof notes }>["notes"];
