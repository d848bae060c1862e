// Calls of Better Auth 1.6 that 1.7 has otherwise, module by module.
import { expect, test } from "vitest";
import { parseModule } from "../../../../codegen/edit/index.js";
import { loadProject } from "../../../../codegen/disk/project.js";
import { frontsOf } from "../../../../codegen/shell/fronts.js";
import { raiseModule, stageRaised } from "../../../../codegen/sign-in/peer/better-auth-16.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp } from "../../support/cli.js";

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
  [
    'await authClient.forgetPassword({ email, redirectTo: "/reset" });',
    'await authClient.requestPasswordReset({ email, redirectTo: "/reset" });',
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

const OKTA = 'import { createAuthClient } from "better-auth/react";\n';

/** A module that has everything it needs itself, or imports it from a module with these exports. */
function raiseText(text: string, exports = "") {
  const other = parseModule(OKTA + exports, "/app/lib/client.ts");
  const raised = raiseModule(parseModule(text, "/app/page.ts"), (one) =>
    one === "./lib/client" ? other : undefined,
  );
  return { text: raised.text, left: raised.left.map(({ name }) => name), raised };
}

test.each([
  [
    "export const { signIn } = createAuthClient();",
    'import { signIn } from "./lib/client";',
    "signIn",
  ],
  ["export default createAuthClient();", 'import base from "./lib/client";', "base?.signIn"],
  [
    "const made = createAuthClient();\nexport { made as client };",
    'import * as auth from "./lib/client";',
    "auth.client.signIn",
  ],
  [
    "export const client = createAuthClient();",
    'import { client } from "./lib/client";\nconst { signIn: enter } = client;',
    "enter",
  ],
  [
    "export const client = createAuthClient();",
    'import { client } from "./lib/client";',
    "client\n  .signIn\n  ",
  ],
  ["", `${OKTA}const client = createAuthClient();`, "client.signIn"],
])("%s %s: a call of %s is edited", (exports, head, owner) => {
  const code = (method: string, key: string) =>
    `${head}\n${owner}.${method}({ ${key}: "okta" });\n`;
  const given = code("oauth2", "providerId");
  expect(raiseText(given, exports)).toMatchObject({ text: code("social", "provider"), left: [] });
});

test.each([
  [
    "export const { oauth2 } = createAuthClient();",
    'import { oauth2 } from "./lib/client";\noauth2.link({ providerId });',
    "oauth2.link",
  ],
  [
    "export const c = createAuthClient();",
    'import { c } from "./lib/client";\nexport const props = { enter: c.signIn.oauth2 };',
    "signIn.oauth2",
  ],
  [
    "export const c = createAuthClient();",
    'import { c } from "./lib/client";\nconst { oauth2 } = c.signIn;',
    "signIn.oauth2",
  ],
  [
    "",
    "export const enter = ({ client }: Props) => client?.signIn.oauth2({ providerId });",
    "signIn.oauth2",
  ],
  [
    "",
    "class Login {\n  enter() {\n    this.client.signIn.oauth2({ providerId });\n  }\n}",
    "signIn.oauth2",
  ],
  [
    "export class Sdk {}",
    'import { Sdk } from "./lib/client";\nnew Sdk().client.signIn.oauth2({ providerId });',
    "signIn.oauth2",
  ],
  [
    "export const useClient = () => 1;",
    'import { useClient } from "./lib/client";\nconst { signIn } = useClient();\nsignIn.oauth2({ providerId });',
    "signIn.oauth2",
  ],
])("%s %s is listed", (exports, text, name) => {
  expect(raiseText(text, exports)).toMatchObject({ text: undefined, left: [name] });
});

test.each([
  'import { make } from "another-sdk";\nconst client = make();\nclient.signIn.oauth2({ providerId });',
  'import { Sdk } from "another-sdk";\nnew Sdk().signIn.oauth2({ providerId });',
  "const client = { signIn: { oauth2() {} } };\nclient.signIn.oauth2({ providerId });",
  `${OKTA}const client = createAuthClient();\nclient.link({ providerId });`,
])("%s is another's, and stays", (text) => {
  expect(raiseText(text)).toMatchObject({ text: undefined, left: [] });
});

test("the plugin stays while one of its calls does", () => {
  const text = `${CLIENT}\nauthClient.signIn.oauth2(wishes);\nauthClient.oauth2.link({ providerId });\n`;
  const { raised, left } = raiseText(text);
  expect(raised.text).toContain("genericOAuthClient(),");
  expect(raised.text).toContain("authClient.linkSocial({ provider: providerId });");
  expect(left).toEqual(["signIn.oauth2"]);
  expect(raiseModule(client, () => undefined, { keepsPlugin: true }).text).toBeUndefined();
});

const ENABLED = "const { data } = await authClient.twoFactor.enable({ password });";

test.each([
  [`${ENABLED}\n{\n  const data = other();\n  if (data.totpURI) show(data);\n}`, undefined],
  [
    `${ENABLED}\nif (!data?.totpURI) throw Error();\nshow(data.totpURI);`,
    `${ENABLED}\nif (data?.method !== "totp") throw Error();\nshow(data.totpURI);`,
  ],
  [
    `${ENABLED}\nconst isOn = !!data?.totpURI;`,
    `${ENABLED}\nconst isOn = !(data?.method !== "totp");`,
  ],
  [
    "authClient.twoFactor.enable({ password }).then(({ data }) => {\n  if (data?.totpURI) show(data.totpURI);\n});",
    'authClient.twoFactor.enable({ password }).then(({ data }) => {\n  if (data?.method === "totp") show(data.totpURI);\n});',
  ],
  [
    "const { twoFactor } = authClient;\nconst answer = await twoFactor.enable({ password });\nif (answer.data?.totpURI) show();",
    'const { twoFactor } = authClient;\nconst answer = await twoFactor.enable({ password });\nif (answer.data?.method === "totp") show();',
  ],
])("the answer: %s", (given, want) => {
  const { body, left, elsewhere } = raise(given);
  expect({ body, left, elsewhere }).toEqual({ body: want, left: [], elsewhere: undefined });
});

test.each([
  `${ENABLED}\nshow(data?.totpURI ?? "");`,
  `${ENABLED}\nconst { totpURI } = data;`,
  "const { data: { totpURI } } = await authClient.twoFactor.enable({ password });",
  "authClient.twoFactor.enable({ password }, { onSuccess: (ctx) => show(ctx.data.totpURI) });",
  "const uri = (await authClient.twoFactor.enable({ password })).data?.totpURI;",
  "const { twoFactor } = useAuth();\nconst { data } = await twoFactor.enable({});\nif (data?.totpURI) show();",
])("the answer is listed: %s", (given) => {
  const { text, left } = raise(given);
  expect(text).toBeUndefined();
  expect(left.map(({ name }) => name)).toEqual(["totpURI"]);
});

test("an answer that other code gets has a note, until the module knows its forms", () => {
  const given = `${ENABLED}\nsetSetup(data);`;
  expect(raise(given).elsewhere).toHaveLength(1);
  expect(raise("export const on = () => authClient.twoFactor.enable({});").elsewhere).toHaveLength(
    1,
  );
  expect(
    raise(`${ENABLED}\nif (data?.method === "totp") setSetup(data);`).elsewhere,
  ).toBeUndefined();
  expect(raise("await authClient.twoFactor.enable({ password });").elsewhere).toBeUndefined();
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

test("one call that stays keeps the plugin of another module, and answers elsewhere have a note", () => {
  const app = cliApp("vite", {
    files: {
      "src/okta.ts": CLIENT,
      "src/main.tsx": `import { authClient } from "./okta";

export const enter = () => authClient.signIn.oauth2(wishes);
export const enable = () => authClient.twoFactor.enable({ password: "secret" });
`,
    },
  });
  const ws = openWorkspace(loadProject(app.root));
  const [front] = frontsOf(ws);
  if (!front) throw new Error("the app has no front end");
  const { left, notes } = stageRaised(ws, front.shell, (path) => path);
  expect(left.map(({ module, name }) => [module.path, name])).toEqual([
    [app.path("src/main.tsx"), "signIn.oauth2"],
  ]);
  expect(ws.read(app.path("src/okta.ts"))).toBe(CLIENT);
  expect(notes).toEqual([expect.stringMatching(/^src\/main\.tsx:4: .*data\?\.method === "totp"/)]);
});
