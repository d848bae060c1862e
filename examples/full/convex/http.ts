import { Hono } from "hono";
import { authMiddleware } from "kitcn/auth/http";
import { createHttpRouter, type HonoEnv } from "kitcn/server";
import { z } from "zod";
import { getAuth } from "./generated/auth";
import type { ActionCtx } from "./generated/server";
import { publicRoute, router } from "../lib/crpc";

const app = new Hono<HonoEnv<ActionCtx>>();

app.use(authMiddleware(getAuth));

export default createHttpRouter(
  app,
  router({
    health: publicRoute.get("/api/health").action(() => ({ ok: true })),
    echo: publicRoute
      .post("/api/echo/:times")
      .input(z.object({ text: z.string().min(1), times: z.coerce.number().int().max(3) }))
      .action(({ input }) => ({ text: input.text.repeat(input.times) })),
  }),
);
