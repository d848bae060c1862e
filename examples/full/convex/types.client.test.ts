// What a browser's client infers, checked by tsc alone. The server's types are all it imports of Convex.
import { apiKeyClient } from "@better-auth/api-key/client";
import { createAuthClient } from "better-auth/client";
import {
  adminClient,
  inferAdditionalFields,
  organizationClient,
  twoFactorClient,
  usernameClient,
} from "better-auth/client/plugins";
import { convexClient } from "kitcn/auth/client";
import type { auth } from "./generated/auth";
import { no, yes, type IsAny, type Same } from "./types.assert";

const authClient = createAuthClient({
  plugins: [
    convexClient(),
    organizationClient(),
    adminClient(),
    twoFactorClient(),
    usernameClient(),
    apiKeyClient(),
    inferAdditionalFields<typeof auth>(),
  ],
});

type Session = typeof authClient.$Infer.Session;

export async function client() {
  const { data } = await authClient.getSession();
  if (!data) return;
  yes<Same<typeof data.user.email, string>>(true);
  yes<Same<typeof data.user.username, string | null | undefined>>(true);
  yes<Same<typeof data.user.role, string | null | undefined>>(true);
  no<IsAny<typeof data.user.plan>>(false);
  yes<Same<typeof data.session.expiresAt, Date>>(true);
  no<IsAny<typeof data.session.activeOrganizationId>>(false);
  // @ts-expect-error no such field
  void data.user.nickname;

  const live = authClient.useSession.get();
  yes<Same<NonNullable<typeof live.data>["user"]["email"], string>>(true);

  const { data: token } = await authClient.convex.token();
  yes<Same<NonNullable<typeof token>["token"], string>>(true);
  await authClient.signIn.username({ username: "ada", password: "correct horse" });
  await authClient.organization.create({ name: "Acme", slug: "acme" });
  await authClient.apiKey.create({ name: "ci" });
  // @ts-expect-error no such plugin
  void authClient.passkey;
}

export type User = Session["user"];
