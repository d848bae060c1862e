// Apps of Convex Auth that mail links: `add auth --replace` has Better Auth's magicLink() send them, with Resend or with
// the author's own function. What sends codes, or needs more than kitcn can carry over, is refused by its name.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CONVEX_AUTH_SETUP } from "../apps/convex-auth.js";
import { parseModule, textOf } from "../../../../codegen/edit/index.js";
import { findMailReads } from "../../../../codegen/grow/mail-reads.js";
import { loadApp } from "../../../../codegen/monorepo/load-app.js";
import { listCalls } from "../../../../codegen/patch/calls.js";
import { readProviders } from "../../../../codegen/sign-in/convex-auth/providers.js";
import { openWorkspace } from "../../../../codegen/workspace/stage.js";
import { cliApp, type CliApp, type Ran } from "../../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const CONVEX: Record<string, string> = {
  ...CONVEX_AUTH_SETUP,
  "src/Form.tsx": `import { useAuthActions } from "@convex-dev/auth/react";

export function Form() {
  const { signIn } = useAuthActions();
  return (
    <form onSubmit={(event) => void signIn("resend", new FormData(event.currentTarget))}>
      <input name="email" />
    </form>
  );
}
`,
};

const RESEND = 'import Resend from "@auth/core/providers/resend";\n';
const EMAIL = 'import { Email } from "@convex-dev/auth/providers/Email";\n';

/** What `convex codegen` writes once the component is mounted. */
const API = `import type { ComponentApi } from "@convex-dev/resend/_generated/component.js";
import type { ApiFromModules } from "convex/server";
import type { AuthComponent } from "kitcn/auth/runtime";
import type * as resend from "../resend";
type Modules = ApiFromModules<{ resend: typeof resend }>;
export declare const api: Modules;
export declare const internal: Modules;
export declare const components: { auth: AuthComponent; resend: ComponentApi };
`;

type Options = {
  readonly fixture?: string;
  /** The module that imports the form beside it. */
  readonly entry?: string;
  readonly files?: Readonly<Record<string, string | undefined>>;
};

/** An app whose auth.ts has these imports and providers. */
function appWith(
  imports: string,
  providers: string,
  { fixture = "vite-convex", entry = "src/main.tsx", files = {} }: Options = {},
): CliApp {
  const app = cliApp(fixture, {
    ...COMPILED,
    packages: [...COMPILED.packages, "@better-auth/expo", "@convex-dev/resend", "convex-helpers"],
    files: {
      ...CONVEX,
      ...files,
      "convex/auth.ts": `${imports}import { convexAuth } from "@convex-dev/auth/server";

export const { auth, signIn, signOut, store, isAuthenticated } = convexAuth({
  providers: [${providers}],
});
`,
    },
  });
  app.write(entry, `import "./Form";\n${app.read(entry)}`);
  const manifest = JSON.parse(app.read("package.json")) as { dependencies: object };
  const dependencies = { ...manifest.dependencies, "@convex-dev/resend": "^0.2.8" };
  app.write("package.json", JSON.stringify({ ...manifest, dependencies }, null, 2));
  return app;
}

/** Runs the whole replacement. */
async function replaced(app: CliApp): Promise<Ran> {
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  return ran;
}

/** What is read of a list of providers, below these imports. */
function read(imports: string, providers: string) {
  const text = `${imports}import { convexAuth } from "@convex-dev/auth/server";\nexport const { auth, signIn } = convexAuth({ providers: [${providers}] });\n`;
  const module = parseModule(text, "convex/auth.ts");
  const [call] = listCalls(module).filter(({ callee }) => textOf(module, callee) === "convexAuth");
  return readProviders(module, call!);
}

test("links of Resend are sent by kitcn's mail, and the form asks for them", async () => {
  const app = appWith(
    `import GitHub from "@auth/core/providers/github";\n${RESEND}`,
    "GitHub, Resend",
  );
  const ran = await replaced(app);
  expect(app.read("convex/auth.ts")).toContain(`    magicLink({
      expiresIn: 60 * 60 * 24,
      sendMagicLink: ({ email, url }) =>
        sendMail(ctx, { to: email, ...magicLinkMail(url) }),
    }),`);
  expect(app.read("convex/auth.ts")).toContain("socialProviders: {");
  expect(app.read("convex/auth.ts")).not.toMatch(/Resend|emailAndPassword|TODO/);
  expect(app.read("convex/convex.config.ts")).toContain("app.use(resend);");
  expect(app.read("convex/resend.ts")).toContain('apiKey: process.env.AUTH_RESEND_KEY ?? "",');
  expect(app.read("convex/resend.ts")).toContain("if (!process.env.AUTH_RESEND_KEY) {");
  expect(app.read("src/lib/auth-client.ts")).toContain("magicLinkClient()");
  expect(app.read("src/lib/auth-actions.ts")).toContain(`  if (provider === "resend") {
    const link = { email: valueOf("email"), callbackURL: target() };
    const { error } = await authClient.signIn.magicLink(link);`);
  expect(app.has("src/auth/parts/MagicLink.tsx")).toBe(true);
  expect(ran.stdout).toContain("note: Links are mailed with your AUTH_RESEND_KEY.");
  await expectSecondRunEmpty(app, "--replace");
  // What `kitcn doctor` asks of production.
  const reads = findMailReads(openWorkspace(await loadApp(app.root)));
  expect(reads.map(({ name }) => name)).toEqual(["AUTH_RESEND_KEY", "EMAIL_FROM"]);
  app.write("convex/_generated/api.d.ts", API);
  expectTypes(["src/Form.tsx", "src/lib/auth-actions.ts", "convex/auth.ts"].map(app.path));
});

test("the author's own function sends, with its imports and its text", async () => {
  const app = appWith(
    `${EMAIL}import { post } from './post';\n`,
    `Email({
      id: "my-mail",
      authorize: undefined,
      async sendVerificationRequest({ identifier: to, url }) {
        // Two kinds of "quotes".
        await post(to, \`<a href="\${url}">It's here</a>\`);
      },
    })`,
  );
  app.write(
    "convex/post.ts",
    "export const post = async (to: string, html: string) => void [to, html];\n",
  );
  app.write("src/Form.tsx", app.read("src/Form.tsx").replace('"resend"', '"my-mail"'));
  await replaced(app);
  const auth = app.read("convex/auth.ts");
  expect(auth).toMatch(/import \{ post \} from ['"]\.\/post['"]/);
  expect(auth).not.toMatch(/\bEmail\b|convexAuth/);
  expect(auth).toContain("expiresIn: 60 * 60,");
  expect(auth).toContain("sendMagicLink: async ({ email: to, url }) => {");
  expect(auth).toMatch(/ {8}\/\/ Two kinds of "quotes"\.\n/);
  expect(auth).toContain('await post(to, `<a href="${url}">It\'s here</a>`);');
  expect(app.read("src/lib/auth-actions.ts")).toContain('if (provider === "my-mail") {');
  expect(app.has("convex/mail.ts")).toBe(false);
});

test("on phones, a link leads to a path of the app", async () => {
  const names = ["constants", "linking", "network", "router", "secure-store", "web-browser"];
  const installed = ["expo", "react-native", ...names.map((name) => `expo-${name}`)].map((name) => [
    `node_modules/${name}/package.json`,
    JSON.stringify({ name, version: "57.0.2" }),
  ]);
  const app = appWith(RESEND, "Resend", {
    fixture: "expo",
    entry: "src/app/index.tsx",
    files: { ...Object.fromEntries(installed), "src/app/Form.tsx": CONVEX["src/Form.tsx"] },
  });
  await replaced(app);
  const actions = app.read("src/lib/auth-actions.ts");
  expect(actions).toContain('const target = () => valueOf("redirectTo") || "/";');
  expect(actions).not.toContain("window");
  expect(app.read("convex/auth.ts")).toMatch(
    /expo\(\)[\s\S]*magicLink\(|magicLink\([\s\S]*expo\(\)/,
  );
  expect(app.read("src/lib/auth-client.ts")).toContain("magicLinkClient()");
});

test("what sends codes is left to its author, with what takes its place", async () => {
  const app = appWith(RESEND, 'Resend({ id: "otp", generateVerificationToken: () => "1" })');
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain(
    "convex/auth.ts:4  convexAuth of Convex Auth: has providers or options that kitcn cannot move: Resend (it sends codes: add `npx kitcn add plugin email-otp` and `npx kitcn add email` after the move).",
  );
  expect(app.snapshot()).toEqual(before);
});

const DEFAULT = {
  id: "resend",
  maxAge: "60 * 60 * 24",
  key: "AUTH_RESEND_KEY",
  from: 'process.env.EMAIL_FROM ?? "My App <onboarding@resend.dev>"',
};

const SENDS = "sendVerificationRequest";

describe("what is read of a provider that mails links", () => {
  test.each([
    ["a bare name", "Resend", DEFAULT],
    ["a call", "Resend()", DEFAULT],
    ["no options", "Resend({})", DEFAULT],
    [
      "an address",
      'Resend({ from: "Notes <n@example.com>" })',
      { from: '"Notes <n@example.com>"' },
    ],
    [
      "an address of a variable",
      'Resend({ from: process.env.FROM ?? "n@example.com" })',
      { from: 'process.env.FROM ?? "n@example.com"' },
    ],
    ["a key", "Resend({ apiKey: process.env.MAIL_KEY! })", { key: "MAIL_KEY" }],
    ["how long links work", "Resend({ maxAge: 15 * 60, name: 'Mail' })", { maxAge: "15 * 60" }],
    [
      "another name, whose key has that name",
      'Resend({ id: "my-mail" })',
      { id: "my-mail", key: "AUTH_MY_MAIL_KEY", from: "process.env.EMAIL_FROM" },
    ],
    [
      "a function without a block",
      `Resend({ ${SENDS}: ({ identifier, url }) => post(identifier, url) })`,
      { own: { code: "({ email: identifier, url }) => (post(identifier, url))" } },
    ],
  ])("%s", (_name, provider, links) => {
    expect(read(RESEND, provider)).toMatchObject({ refused: [], links });
  });

  test("beside passwords and social accounts", () => {
    const imports = `import { Password } from "@convex-dev/auth/providers/Password";\nimport GitHub from "@auth/core/providers/github";\n${RESEND}`;
    expect(read(imports, "Password, GitHub, Resend")).toMatchObject({
      hasPassword: true,
      social: ["github"],
      links: DEFAULT,
      refused: [],
    });
  });
});

test.each([
  ["codes", "Resend({ generateVerificationToken })", "it sends codes"],
  ["codes that are typed beside the address", `Email({ ${SENDS}({ url }) {} })`, "it sends codes"],
  ["Convex Auth's own without options", "Email", "it sends codes"],
  ["a token in the mail", `Resend({ ${SENDS}({ token }) {} })`, "identifier and url"],
  ["a context", `Resend({ ${SENDS}({ url }, ctx) {} })`, "identifier and url"],
  ["its own provider", `Resend({ ${SENDS}({ url, provider }) {} })`, "identifier and url"],
  ["all that it is given", `Resend({ ${SENDS}(given) {} })`, "identifier and url"],
  ["names that go", `Resend({ ${SENDS}({ url }) { signIn(url); } })`, "identifier and url"],
  ["a function from elsewhere", `Resend({ ${SENDS}: post })`, "identifier and url"],
  ["a key in the code", 'Resend({ apiKey: "re_1" })', "cannot read its apiKey or its from"],
  ["a computed address", "Resend({ from: address() })", "cannot read its apiKey or its from"],
  ["a computed duration", "Resend({ maxAge: day() })", "its id or maxAge is not written out"],
  ["another option", "Resend({ normalizeIdentifier })", "does not know its option normalize"],
  ["options from elsewhere", "Resend(options)", "its options are not written out"],
  ["a list that goes on", "Resend({ ...options })", "its options are not written out"],
  ["two of them", 'Resend, Resend({ id: "b" })', "b (kitcn moves one provider with links)"],
  ["one that is made elsewhere", "Mine", "Mine (kitcn reads providers in the list alone"],
  ["one of another service", "Mailgun", "Mailgun (it sends mail: for links"],
  ["social accounts with options", "GitHub({ scope })", "the options of GitHub"],
  ["social accounts that kitcn does not know", "Coinbase", "Coinbase"],
])("refused by name: %s", (_name, providers, reason) => {
  const imports = `${RESEND}${EMAIL}import Mailgun from "@auth/core/providers/mailgun";
import GitHub from "@auth/core/providers/github";
import Coinbase from "@auth/core/providers/coinbase";
import { Mine } from "./mine";
`;
  expect(read(imports, providers).refused).toEqual([expect.stringContaining(reason)]);
});
