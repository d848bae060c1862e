import { createClient, type GenericCtx } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { betterAuth } from "better-auth/minimal";
import { components } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import { internalAction } from "./_generated/server";
import authConfig from "./auth.config";
import { staticJwks } from "./jwks";
import { extraFields, extraPlugins } from "./plugins";

export const authComponent = createClient<DataModel>(components.betterAuth);

export const createAuth = (ctx: GenericCtx<DataModel>) =>
  betterAuth({
    baseURL: process.env.SITE_URL,
    database: authComponent.adapter(ctx),
    emailAndPassword: { enabled: true, requireEmailVerification: false },
    user: { additionalFields: extraFields },
    plugins: [convex({ authConfig, jwks: staticJwks }), ...extraPlugins],
  });

export const latestJwks = internalAction({
  args: {},
  handler: async (ctx): Promise<unknown> => createAuth(ctx).api.getLatestJwks(),
});
