// Replaces an imported password hash by one of Better Auth's own at the first sign-in with it. The plugin's hook runs
// after the endpoint, in the transaction of the sign-in, and does nothing for any other request.
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";

/** What was checked in an instance with a hash of another library, and was right. */
export type Rehash = {
  /** Remembers a right password. */
  readonly note: (checked: { readonly hash: string; readonly password: string }) => void;
  /** Whether the password was noted, and its hash is about to be replaced. */
  readonly isRight: (password: string) => boolean;
  readonly plugin: () => BetterAuthPlugin;
};

export function createRehash(): Rehash {
  const right = new Map<string, string>();
  return {
    note: ({ hash, password }) => void right.set(hash, password),
    isRight: (password) => [...right.values()].includes(password),
    plugin: () => ({
      id: "kitcn-rehash",
      hooks: {
        after: [
          {
            matcher: () => right.size > 0,
            handler: createAuthMiddleware(async ({ context }) => {
              const userId = (context.newSession ?? context.session)?.user.id;
              if (userId === undefined) return;
              const accounts = await context.internalAdapter.findAccounts(userId);
              for (const { providerId, password: hash } of accounts) {
                const password = providerId === "credential" && hash ? right.get(hash) : undefined;
                if (password === undefined) continue;
                const renewed = await context.password.hash(password);
                await context.internalAdapter.updatePassword(userId, renewed);
              }
              right.clear();
            }),
          },
        ],
      },
    }),
  };
}
