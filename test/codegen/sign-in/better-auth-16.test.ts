// Calls of Better Auth 1.6 that 1.7 has otherwise, module by module.
import { expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { raiseModule } from "../../../codegen/sign-in/better-auth-16.js";

const CLIENT = `import { genericOAuthClient, twoFactorClient } from "better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";

export const authClient = createAuthClient({
  plugins: [
    twoFactorClient(),
    genericOAuthClient(),
  ],
});
`;

const client = parseModule(CLIENT, "/app/auth-client.ts");

/** A module that uses the client. */
function raise(body: string, source = "./auth-client") {
  const text = `import { authClient } from "${source}";\n\n${body}\n`;
  const module = parseModule(text, "/app/page.ts");
  const raised = raiseModule(module, (one) => (one === "./auth-client" ? client : undefined));
  return { ...raised, body: raised.text?.split("\n\n").slice(1).join("\n\n").trim() };
}

test("the plugin goes from the list, and its import with it", () => {
  expect(raiseModule(client, () => undefined)).toEqual({
    text: CLIENT.replace("genericOAuthClient, ", "").replace("    genericOAuthClient(),\n", ""),
    left: [],
  });
});

test.each([
  [
    'await authClient.signIn.oauth2({ providerId: "id", callbackURL: "/" }, { onSuccess });',
    'await authClient.signIn.social({ provider: "id", callbackURL: "/" }, { onSuccess });',
  ],
  [
    "authClient.signIn.oauth2({ providerId });",
    "authClient.signIn.social({ provider: providerId });",
  ],
  ['authClient.oauth2.link({ providerId: "id" });', 'authClient.linkSocial({ provider: "id" });'],
  [
    "const { data } = await authClient.twoFactor.enable({ password });\nif (data?.totpURI) show(data.totpURI);",
    'const { data } = await authClient.twoFactor.enable({ password });\nif (data?.method === "totp") show(data.totpURI);',
  ],
  [
    "const answer = await authClient.twoFactor.enable({ password });\nanswer.data?.totpURI && show(answer.data.totpURI);",
    'const answer = await authClient.twoFactor.enable({ password });\nanswer.data?.method === "totp" && show(answer.data.totpURI);',
  ],
])("%s", (given, want) => {
  expect(raise(given)).toMatchObject({ body: want, left: [] });
});

test("what is no client of Better Auth stays", () => {
  const given = 'authClient.signIn.oauth2({ providerId: "id" });';
  expect(raise(given, "somewhere-else")).toMatchObject({ text: undefined, left: [] });
});

test("what cannot be edited is named", () => {
  const { text, left } = raise("authClient.signIn.oauth2(options);");
  expect(text).toBeUndefined();
  expect(left.map(({ name }) => name)).toEqual(["signIn.oauth2"]);
  const apart = parseModule(
    CLIENT.replace("genericOAuthClient(),", "...more,") + "\nconst more = genericOAuthClient();\n",
    "/app/auth-client.ts",
  );
  expect(raiseModule(apart, () => undefined).left.map(({ name }) => name)).toEqual([
    "genericOAuthClient",
  ]);
});
