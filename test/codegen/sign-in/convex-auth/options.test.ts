// Options of Convex Auth: `add auth --replace` carries over those that mean the same in Better Auth, and names every other
// one with its line and what to write in auth.ts, which compiles.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CONVEX_AUTH_SETUP } from "../apps/convex-auth.js";
import { parseModule } from "../../../../codegen/edit/index.js";
import { listCalls } from "../../../../codegen/patch/calls.js";
import {
  OPTION_INSTEAD,
  PASSWORD_INSTEAD,
  PROVIDER_INSTEAD,
  profileInstead,
  socialInstead,
} from "../../../../codegen/sign-in/convex-auth/instead.js";
import { printClient, readProviders } from "../../../../codegen/sign-in/convex-auth/providers.js";
import { cliApp, type CliApp } from "../../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const IMPORTS = `import GitHub from "@auth/core/providers/github";
import Google from "@auth/core/providers/google";
import TikTok from "@auth/core/providers/tiktok";
import { Anonymous } from "@convex-dev/auth/providers/Anonymous";
import { ConvexCredentials } from "@convex-dev/auth/providers/ConvexCredentials";
import { Password } from "@convex-dev/auth/providers/Password";
import { Phone } from "@convex-dev/auth/providers/Phone";
import { convexAuth } from "@convex-dev/auth/server";
`;

/** What is read of the options of convexAuth(). */
function read(options: string, above = "") {
  const module = parseModule(
    `${IMPORTS}${above}\nexport const { auth, signIn, signOut, store } = convexAuth({ ${options} });\n`,
    "/app/convex/auth.ts",
  );
  const call = listCalls(module).find(
    ({ callee }) => "name" in callee && callee.name === "convexAuth",
  );
  if (!call) throw new Error("no call");
  return readProviders(module, call);
}

const providers = (list: string) => `providers: [${list}]`;
const profile = (body: string) => providers(`Password({ profile${body} })`);
const DAYS_30 = "60 * 60 * 24 * 30";
const SESSION_30 = `session: { expiresIn: ${DAYS_30}, disableSessionRefresh: true }`;
const DAY = "1000 * 60 * 60 * 24";

describe("carried over", () => {
  test.each([
    ["guests", providers("Password, Anonymous"), { hasPassword: true, isAnonymous: true }],
    [
      "a client of GitHub in variables of the app's own",
      providers("GitHub({ clientId: process.env.GH_ID, clientSecret: process.env.GH_SECRET! })"),
      {
        socialOptions: {
          github: "{ clientId: process.env.GH_ID!, clientSecret: process.env.GH_SECRET! }",
        },
      },
    ],
    [
      "an address",
      profile("(params) { return { email: params.email as string }; }"),
      { hasPassword: true },
    ],
    [
      "the name that passwords have without an option",
      providers('Password({ id: "password" })'),
      { hasPassword: true },
    ],
    [
      "an address and a name",
      profile(": (params) => ({ email: params.email as string, name: params.name as string })"),
      {},
    ],
    [
      "an address in small letters, and a name that may be missing",
      profile(
        `(p) { if (typeof p.email !== 'string') { throw new Error("!"); } return { email: (p.email as string).toLowerCase(), name: (p.name as string | undefined) ?? undefined }; }`,
      ),
      {},
    ],
    [
      "no rule for passwords",
      providers("Password({ validatePasswordRequirements: () => {} })"),
      { check: { kind: "none" } },
    ],
    [
      "a rule that is written out",
      providers(
        "Password({ validatePasswordRequirements(word) { if (word.length < 12) throw new Error(); } })",
      ),
      {
        check: {
          kind: "written",
          code: "(word: string) => { if (word.length < 12) throw new Error(); }",
        },
      },
    ],
    [
      "a rule that has a name",
      providers("Password({ validatePasswordRequirements: strong })"),
      { check: { kind: "named", name: "strong" } },
    ],
    [
      "sessions that end a week after the sign-in",
      `${providers("Password")}, session: { totalDurationMs: 1000 * 60 * 60 * 24 * 7 }`,
      { session: "session: { expiresIn: 60 * 60 * 24 * 7, disableSessionRefresh: true }" },
    ],
    [
      "sessions with both durations the same",
      `${providers("Password")}, session: { totalDurationMs: 2592000000, inactiveDurationMs: 2592000000 }`,
      { session: SESSION_30 },
    ],
    ["sessions of no option", providers("Password"), { session: SESSION_30 }],
    [
      "sessions of 400 days, the most that Better Auth takes",
      `${providers("Password")}, session: { totalDurationMs: ${DAY} * 400, inactiveDurationMs: ${DAY} * 400 }`,
      { session: "session: { expiresIn: 60 * 60 * 24 * 400, disableSessionRefresh: true }" },
    ],
    [
      "how long tokens last",
      `${providers("Password")}, jwt: { durationMs: 1000 * 60 * 5 }`,
      { jwt: "jwt: { expirationSeconds: 60 * 5 }" },
    ],
  ])("%s", (_name, options, want) => {
    expect(read(options)).toMatchObject({ refused: [], ...want });
  });

  test("a provider that has a name", () => {
    const above =
      "const Custom = Password<DataModel>({ profile: (p) => ({ email: p.email as string }) });";
    expect(read(providers("Custom, Anonymous"), above)).toMatchObject({
      hasPassword: true,
      isAnonymous: true,
      refused: [],
    });
  });
});

const callback = (name: string) => `${providers("Password")}, callbacks: { ${name}() {} }`;

test.each([
  [
    "an address of certain houses",
    profile(
      "(p) { if (!p.email.endsWith('@a.com')) throw new Error(); return { email: p.email }; }",
    ),
    "Password.profile",
    "triggers",
  ],
  [
    "another name",
    profile("(p) { return { email: p.email, name: p.nick }; }"),
    "Password.profile",
    "triggers",
  ],
  [
    "a name that the form does not decide",
    profile("(p) { return { email: p.email, name: 'A' }; }"),
    "Password.profile",
    "triggers",
  ],
  [
    "more fields",
    profile("(p) { return { email: p.email, plan: 'free', role: p.role }; }"),
    "Password.profile",
    'plan: { type: "string", required: false, input: false }, role: { type: "string", required: false } }',
  ],
  [
    "a check of the fields",
    profile("(p) { const { email } = schema.parse(p); return { email }; }"),
    "Password.profile",
    "triggers",
  ],
  [
    "a rule that is undefined",
    providers("Password({ validatePasswordRequirements: undefined })"),
    "Password.validatePasswordRequirements",
    "reset-password",
  ],
  ["another hash", providers("Password({ crypto: mine })"), "Password.crypto", "hashSecret"],
  [
    "a rule that waits",
    providers("Password({ async validatePasswordRequirements(p) {} })"),
    "Password.validatePasswordRequirements",
    "createAuthMiddleware",
  ],
  [
    "a name of the provider",
    providers('Password({ id: "p" })'),
    "Password.id",
    'signIn("password", formData)',
  ],
  [
    "what guests are made of",
    providers("Anonymous({ profile: () => ({ isAnonymous: true }) })"),
    "Anonymous",
    "disableDeleteAnonymousUser: true, generateName",
  ],
  ["codes by SMS", providers("Phone({ id: 'sms' })"), "Phone", "phone-number"],
  [
    "credentials of the app's own",
    providers("ConvexCredentials({ authorize })"),
    "ConvexCredentials",
    "createAuthEndpoint",
  ],
  [
    "what GitHub's users are made of",
    providers("GitHub({ profile: (p) => p })"),
    "GitHub.profile",
    "mapProfileToUser",
  ],
  [
    "what Google is asked for",
    providers("Google({ authorization: { params: { scope: 'x' } } })"),
    "Google.authorization",
    "scope",
  ],
  [
    "accounts that are never linked by address",
    providers("Google({ allowDangerousEmailAccountLinking: false })"),
    "Google.allowDangerousEmailAccountLinking",
    "disableImplicitLinking: true",
  ],
  [
    "accounts that code decides about",
    providers("Google({ allowDangerousEmailAccountLinking: LINKS })"),
    "Google.allowDangerousEmailAccountLinking",
    "if it is false: `account: { accountLinking: { disableImplicitLinking: true } }`",
  ],
  [
    "accounts that are linked by address",
    providers("Google({ allowDangerousEmailAccountLinking: true })"),
    "Google.allowDangerousEmailAccountLinking",
    'trustedProviders: ["google"]',
  ],
  ["where sign-ins lead", callback("redirect"), "callbacks.redirect", "trustedOrigins"],
  ["who a user is", callback("createOrUpdateUser"), "callbacks.createOrUpdateUser", "before"],
  [
    "what happens after it",
    callback("afterUserCreatedOrUpdated"),
    "callbacks.afterUserCreatedOrUpdated",
    "after",
  ],
  [
    "what happens before a session",
    callback("beforeSessionCreation"),
    "callbacks.beforeSessionCreation",
    "session",
  ],
  [
    "how often a password may be wrong",
    `${providers("Password")}, signIn: { maxFailedAttempsPerHour: 5 }`,
    "signIn.maxFailedAttempsPerHour",
    "customRules",
  ],
  [
    "sessions without use",
    `${providers("Password")}, session: { inactiveDurationMs: 1000 }`,
    "session.inactiveDurationMs",
    DAYS_30,
  ],
  [
    "a duration from elsewhere",
    `${providers("Password")}, session: { totalDurationMs: WEEK }`,
    "session.totalDurationMs",
    "disableSessionRefresh",
  ],
  [
    "claims",
    `${providers("Password")}, jwt: { customClaims }`,
    "jwt.customClaims",
    "definePayload",
  ],
  [
    "claims beside how long tokens last",
    `${providers("Password")}, jwt: { durationMs: 1000 * 60 * 5, customClaims }`,
    "jwt.customClaims",
    "definePayload",
  ],
  [
    "tokens that end at once",
    `${providers("Password")}, jwt: { durationMs: 0 }`,
    "jwt.durationMs",
    "expirationSeconds",
  ],
  [
    "sessions that end at once",
    `${providers("Password")}, session: { totalDurationMs: 0 }`,
    "session.totalDurationMs",
    "at most 400 days",
  ],
  ["colours of mails", `${providers("Password")}, theme: {}`, "theme", "nothing"],
])("named with what to write: %s", (_name, options, name, instead) => {
  const { refusals, refused } = read(options);
  expect(refused).toHaveLength(1);
  expect(refusals).toMatchObject([
    { at: { name }, instead: expect.stringContaining(instead) as string },
  ]);
});

test("an author who forbids links by address is never told to trust a provider", () => {
  const [refusal] = read(
    providers("Google({ allowDangerousEmailAccountLinking: false })"),
  ).refusals;
  expect(refusal?.instead).not.toContain("trustedProviders");
});

test("one option that several need is to be written once", () => {
  const { refusals } = read(
    `${providers("Password({ profile: (p) => ({ email: p.email, name: p.nick }) })")}, callbacks: { beforeSessionCreation() {}, redirect() {} }`,
  );
  expect(refusals.map(({ instead }) => /Write .*/.exec(instead ?? "")?.[0])).toEqual([
    undefined,
    "Write triggers once, with what Password.profile needs beside this",
    undefined,
  ]);
});

test("an option that needs nothing asks for no option of defineAuth()", () => {
  const links = "allowDangerousEmailAccountLinking: true";
  const { refusals } = read(providers(`Google({ ${links} }), GitHub({ ${links} })`));
  expect(refusals).toHaveLength(2);
  for (const { instead } of refusals) expect(instead).not.toContain("Write account");
});

test("sessions longer than Better Auth's cookie may last are named", () => {
  const durations = `{ totalDurationMs: ${DAY} * 401, inactiveDurationMs: ${DAY} * 401 }`;
  const { refusals } = read(`${providers("Password")}, session: ${durations}`);
  expect(refusals).toMatchObject([
    { at: { name: "session.totalDurationMs" } },
    { at: { name: "session.inactiveDurationMs" } },
  ]);
  for (const { instead } of refusals) expect(instead).toContain("at most 400 days");
});

const CONVEX: Record<string, string> = {
  ...CONVEX_AUTH_SETUP,
  "src/Form.tsx": `import { useAuthActions } from "@convex-dev/auth/react";

export function Form() {
  const { signIn } = useAuthActions();
  return <button onClick={() => void signIn("anonymous")}>As a guest</button>;
}
`,
};

function appWith(auth: string): CliApp {
  const files = { ...CONVEX, "convex/auth.ts": auth };
  const app = cliApp("vite-convex", { ...COMPILED, files });
  app.write("src/main.tsx", `import "./Form";\n${app.read("src/main.tsx")}`);
  return app;
}

test("an app with guests, a rule for passwords and durations moves without a line by hand", async () => {
  const app = appWith(`${IMPORTS.split("\n")
    .filter((line) => !/Google|TikTok|Credentials|Phone/.test(line))
    .join("\n")}import { LEAST } from "./least";

const OwnPassword = Password({
  profile(params) {
    return { email: params.email as string, name: params.name as string };
  },
  validatePasswordRequirements: (password) => {
    // Long enough.
    if (password.length < LEAST) throw new Error("Too short");
  },
});

export const { auth, signIn, signOut, store } = convexAuth({
  providers: [
    OwnPassword,
    Anonymous,
    GitHub({ clientId: process.env.GH_ID, clientSecret: process.env.GH_SECRET }),
  ],
  session: { totalDurationMs: 1000 * 60 * 60 * 24 * 7 },
  jwt: { durationMs: 1000 * 60 * 5 },
});
`);
  app.write("convex/least.ts", "export const LEAST = 12;\n");
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const auth = app.read("convex/auth.ts");
  expect(auth).not.toMatch(/OwnPassword|convex-dev|auth\/core/);
  expect(auth).toContain('import { LEAST } from "./least";');
  expect(auth).toContain("// Long enough.");
  expect(auth).toContain("minPasswordLength: 1");
  expect(auth).toContain("anonymous({ disableDeleteAnonymousUser: true })");
  expect(auth).toContain("process.env.GH_SECRET!");
  expect(auth).toContain("session: { expiresIn: 60 * 60 * 24 * 7, disableSessionRefresh: true }");
  expect(auth).toMatch(/convex\(\{[^}]*jwt: \{ expirationSeconds: 60 \* 5 \}/);
  expect(app.read("src/lib/auth-client.ts")).toContain("anonymousClient()");
  expect(app.read("src/lib/auth-actions.ts")).toContain("authClient.signIn.anonymous()");
  await expectSecondRunEmpty(app, "--replace");
  expectTypes(["convex/auth.ts", "src/lib/auth-actions.ts", "src/Form.tsx"].map(app.path));
});

test("a rule for passwords that another module has keeps its import", async () => {
  const app = appWith(`import { Password } from "@convex-dev/auth/providers/Password";
import { convexAuth } from "@convex-dev/auth/server";
import { strong } from "./rules";

export const { auth, signIn, signOut, store } = convexAuth({
  providers: [Password({ validatePasswordRequirements: strong })],
});
`);
  app.write("src/Form.tsx", "export const Form = () => null;\n");
  app.write(
    "convex/rules.ts",
    'export function strong(word: string) {\n  if (word.length < 12) throw new Error("Too short");\n}\n',
  );
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  const auth = app.read("convex/auth.ts");
  expect(auth).toContain('import { strong } from "./rules";');
  expect(auth).toContain("strong(given);");
  expectTypes([app.path("convex/auth.ts")]);
});

test("two ways to sign in with a password are refused", () => {
  const two = read(providers('Password, Password({ id: "other" })'));
  expect(two.refused.join()).toContain("a second Password");
});

test("what stays behind is listed with its own line", async () => {
  const app = appWith(`${IMPORTS}
export const { auth, signIn, signOut, store } = convexAuth({
  providers: [Password],
  callbacks: {
    async redirect({ redirectTo }) {
      return redirectTo;
    },
  },
});
`);
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain(
    'convex/auth.ts:13  callbacks.redirect of Convex Auth: is not carried over. Remove it, run the command again, then write in auth.ts: `trustedOrigins: ["https://example.com"]`',
  );
  expect(app.snapshot()).toEqual(before);
});

const SOCIAL =
  "discord dropbox facebook figma github gitlab google kakao line linkedin naver notion reddit slack spotify tiktok twitch twitter vk zoom".split(
    " ",
  );

test("a client of TikTok is what Better Auth takes it for", () => {
  const { refused, socialOptions } = read(providers("TikTok({ clientId: process.env.TT_ID })"));
  expect({ refused, socialOptions }).toEqual({
    refused: [],
    socialOptions: {
      tiktok: "{ clientKey: process.env.TT_ID!, clientSecret: process.env.AUTH_TIKTOK_SECRET! }",
    },
  });
});

test("what is to be written compiles", async () => {
  const texts = [
    ...Object.values({ ...OPTION_INSTEAD, ...PASSWORD_INSTEAD, ...PROVIDER_INSTEAD }),
    profileInstead([
      { name: "plan", isGiven: true },
      { name: "role", isGiven: false },
    ]),
    profileInstead([{ name: "email", isGiven: true }]),
    ...["false", "true"].map(
      (value) => socialInstead("github", "allowDangerousEmailAccountLinking", value) ?? "",
    ),
  ];
  const codes = texts.flatMap((text) => /`([^`]+)`/.exec(text)?.[1] ?? []);
  const options = codes.filter((code) => /^(?!password: )\w+: /.test(code));
  const passwords = codes.filter((code) => code.startsWith("password: "));
  expect(passwords).toHaveLength(1);
  const social = ["profile", "authorization"].flatMap((option) => {
    const [, code] = /`([^`]+)`/.exec(socialInstead("github", option, "") ?? "") ?? [];
    return code ?? [];
  });
  expect(social).toHaveLength(2);
  expect([...options, ...passwords, ...social].length).toBeGreaterThan(14);
  const plugins = codes.filter((code) => /^(convex|anonymous)\(/.test(code));
  const app = cliApp("vite-convex", COMPILED);
  const ran = await app.kitcn("add", "auth", "--yes");
  expect(ran, ran.stderr).toMatchObject({ code: 0 });
  app.write(
    "convex/instead.ts",
    `import { createAuthMiddleware } from "better-auth/api";
import { anonymous } from "better-auth/plugins/anonymous";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

declare function hashSecret(password: string): Promise<string>;
declare function verifySecret(password: string, hash: string): Promise<boolean>;
declare function checkPassword(password: string): void;

${options.map((code) => `defineAuth(() => ({ plugins: [convex({ authConfig })], ${code} }));`).join("\n")}
${SOCIAL.map((id) => `defineAuth(() => ({ socialProviders: { ${id}: ${printClient(id)} } }));`).join("\n")}
${passwords.map((code) => `defineAuth(() => ({ emailAndPassword: { enabled: true, ${code} } }));`).join("\n")}
${social.map((code) => `defineAuth(() => ({ socialProviders: { github: { clientId: "", clientSecret: "", ${code} } } }));`).join("\n")}
${plugins.map((code) => `defineAuth(() => ({ plugins: [${code}] }));`).join("\n")}
`,
  );
  expectTypes([app.path("convex/instead.ts")]);
});
