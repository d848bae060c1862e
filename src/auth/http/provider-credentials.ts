// Refuses a sign-in with a social provider whose id or secret is missing, by name: Better Auth fails without a word, or
// sends the user to an error page of the vendor. Looks at options; which variables they come from is the app's business.
import type { BetterAuthPlugin } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { SOCIAL_PATHS } from "../../better-auth/paths.js";
import { providerNotConfigured } from "../../errors/auth.js";

/** What `kitcn add social` writes for an option without which Better Auth would not start. */
export const NOT_SET = "not-set";

/**
 * The plugin: it looks at a provider before a sign-in with it, or a link to it, begins. Requests get the KitcnError
 * `PROVIDER_NOT_CONFIGURED`.
 */
export function providerCredentials() {
  return {
    id: "kitcn-provider-credentials",
    hooks: {
      before: [
        {
          matcher: ({ path }) => path !== undefined && SOCIAL_PATHS.has(path),
          handler: createAuthMiddleware(async ({ body, context }) => {
            const asked = (body ?? {}) as { provider?: unknown; idToken?: unknown }; // not checked yet
            const own: object = context.options.socialProviders ?? {};
            // Looking in vain for a provider of a plugin would start every plugin that adds some.
            if (typeof asked.provider !== "string" || !Object.hasOwn(own, asked.provider)) return;
            const found = context.socialProviders.find(({ id }) => id === asked.provider);
            const options = found?.options ?? {};
            // One of genericOAuth() under the same name keeps its credentials to itself.
            if (!found || !ID_NAMES.some((name) => name in options)) return;
            const needsSecret = asked.idToken === undefined;
            const missing = missingOptions(options, { needsSecret });
            if (missing.length > 0)
              throw providerNotConfigured({
                provider: found.id,
                options: missing.join(" and no "),
              });
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin;
}

/**
 * Names of options that a provider does not work without, and that have no value.
 *
 * @param input.needsSecret false where a token of the vendor is checked, and none is fetched
 * @example
 * missingOptions({ clientId: "", clientSecret: "s" }, { needsSecret: true }); // ["clientId"]
 */
export function missingOptions(
  options: object,
  { needsSecret }: { readonly needsSecret: boolean },
): string[] {
  const values = new Map(Object.entries(options) as [string, unknown][]);
  const isEmpty = (name: string) => {
    const value = values.get(name);
    // The first of several ids is the one that a sign-in begins with.
    const [first] = Array.isArray(value) ? (value as unknown[]) : [value];
    return !first || first === NOT_SET;
  };
  const id = ID_NAMES.find((name) => !isEmpty(name)) ?? ID_NAMES.find((name) => values.has(name));
  const isPublic =
    !values.has(SECRET) || OTHER_PROOFS.some((name) => values.get(name) !== undefined);
  return [
    ...(id === undefined || isEmpty(id) ? [id ?? "clientId"] : []),
    ...(needsSecret && !isPublic && isEmpty(SECRET) ? [SECRET] : []),
    ...[...values].flatMap(([name, value]) =>
      value === NOT_SET && name !== id && name !== SECRET ? [name] : [],
    ),
  ];
}

// --- internal ---

/** TikTok calls it a key. */
const ID_NAMES = ["clientId", "clientKey"] as const;

const SECRET = "clientSecret";

/** What a client without a secret proves itself with, or says that it proves nothing. */
const OTHER_PROOFS = ["clientAssertion", "tokenEndpointAuth", "tokenEndpointAuthMethod"];
