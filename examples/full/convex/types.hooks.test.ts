// What `defineAuth` promises its hooks and triggers, checked by tsc alone.
import { createAuthMiddleware } from "better-auth/api";
import type { BetterAuthOptions, User } from "better-auth";
import type { OrmDocument } from "kitcn/orm";
import type { DataModel, Doc } from "./_generated/dataModel";
import { defineAuth, getAuth } from "./generated/auth";
import type { MutationCtx } from "./generated/server";
import { no, yes, type IsAny, type Same } from "./types.assert";

export const databaseHooks = defineAuth(() => ({
  databaseHooks: {
    user: {
      create: {
        before: async (user) => {
          yes<Same<typeof user.plan, "free" | "pro" | null | undefined>>(true);
          yes<Same<typeof user.username, string | null | undefined>>(true);
          yes<Same<typeof user.onboardedAt, Date | null | undefined>>(true);
          yes<Same<typeof user.createdAt, Date>>(true);
          // @ts-expect-error no such field
          void user.nickname;
          return { data: { ...user, plan: "pro" } };
        },
        after: async (user, context) => {
          yes<Same<typeof user.role, string | null | undefined>>(true);
          context?.context.logger.info(user.email);
          await welcome(user);
        },
      },
      update: {
        before: async (changes) => {
          yes<Same<typeof changes.email, string | undefined>>(true);
          yes<Same<typeof changes.banned, boolean | null | undefined>>(true);
          return changes.name === "" ? false : undefined;
        },
      },
    },
    session: {
      create: {
        before: async (session) => {
          yes<Same<typeof session.activeOrganizationId, string | null | undefined>>(true);
          return { data: { activeOrganizationId: null } };
        },
      },
    },
    verification: {
      create: {
        after: async ({ identifier }) => yes<Same<typeof identifier, string>>(true),
      },
    },
  },
}));

const shared: BetterAuthOptions["databaseHooks"] = {
  user: { create: { before: async (user) => ({ data: { ...user, name: user.name.trim() } }) } },
};

export const hooksOfElsewhere = defineAuth(() => ({ databaseHooks: shared }));

export const wrongVerdict = defineAuth(() => ({
  databaseHooks: {
    user: {
      create: {
        // @ts-expect-error gold is no plan
        before: async () => ({ data: { plan: "gold" } }),
      },
    },
  },
}));

// @ts-expect-error Better Auth has no hooks for members
export const wrongModel = defineAuth(() => ({ databaseHooks: { member: {} } }));

export const endpointHooks = defineAuth((ctx) => ({
  hooks: {
    before: createAuthMiddleware(async ({ path, context }) => {
      yes<Same<typeof path, string>>(true);
      const session = await getAuth(ctx).api.getSession({ headers: new Headers() });
      yes<Same<NonNullable<typeof session>["user"]["plan"], "free" | "pro" | null | undefined>>(
        true,
      );
      no<IsAny<typeof context.session>>(false);
    }),
    after: createAuthMiddleware(async ({ context }) => {
      const created = context.newSession;
      if (created) yes<Same<typeof created.user.email, string>>(true);
    }),
  },
}));

export const triggers = defineAuth(() => ({
  triggers: {
    user: {
      create: {
        before: (user) => {
          yes<Same<typeof user.plan, Doc<"user">["plan"]>>(true);
          yes<Same<typeof user.createdAt, number>>(true);
          // @ts-expect-error there is no id yet
          void user._id;
          return { data: { plan: "pro" } };
        },
        after: async (user, ctx) => {
          yes<Same<typeof user, Doc<"user">>>(true);
          yes<Same<typeof ctx, MutationCtx>>(true);
          await ctx.orm.insert("activity", { line: user.email });
          const owner = await ctx.orm.query.user.findFirst({
            where: { _id: user._id },
            with: { members: true },
          });
          if (owner) yes<Same<typeof owner.members, OrmDocument<DataModel, "member">[]>>(true);
        },
      },
      change: ({ operation, oldDoc }) => {
        yes<Same<typeof operation, "create" | "update" | "delete">>(true);
        yes<Same<typeof oldDoc, Doc<"user"> | null>>(true);
      },
    },
    apikey: { delete: { before: (key) => (key.enabled ? false : undefined) } },
    // In the component: typed by its metadata.
    verification: {
      create: {
        after: ({ identifier, expiresAt }) => {
          yes<Same<typeof identifier, string>>(true);
          yes<Same<typeof expiresAt, number>>(true);
        },
      },
    },
  },
}));

export const unknownColumn = defineAuth(() => ({
  triggers: {
    user: {
      create: {
        // @ts-expect-error no such column
        before: (user) => ({ data: { ...user, nickname: "x" } }),
      },
    },
  },
}));

export const wrongColumn = defineAuth(() => ({
  triggers: {
    user: {
      create: {
        // @ts-expect-error a number is no name
        before: () => ({ data: { name: 3 } }),
      },
    },
  },
}));

// --- internal ---

declare function welcome(user: User): Promise<void>;
