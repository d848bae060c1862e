// Apps of Convex Auth that mail codes: `add auth --replace` has Better Auth's emailOTP() make and send them, with the
// author's own functions. What kitcn cannot carry over is refused by its name.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseModule, textOf } from "../../../../codegen/edit/index.js";
import { listCalls } from "../../../../codegen/patch/calls.js";
import { readProviders } from "../../../../codegen/sign-in/convex-auth/providers.js";
import { cliApp, type CliApp, type Ran } from "../../support/cli.js";
import {
  COMPILED,
  expectSecondRunEmpty,
  expectTypes,
  withoutDeployment,
} from "../../support/front-end.js";
import { CONVEX_AUTH_SETUP } from "../apps/convex-auth.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const CONVEX: Record<string, string> = {
  ...CONVEX_AUTH_SETUP,
  "convex/post.ts": `export const ADDRESS = "Desk <desk@example.com>";

export function digits(count: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(count));
  return Array.from(bytes, (one) => one % 10).join("");
}

export async function post(mail: {
  key: string | undefined;
  from: string;
  to: string;
  text: string;
}): Promise<void> {
  await fetch("https://mail.example.com", { method: "POST", body: JSON.stringify(mail) });
}
`,
  "src/Form.tsx": `import { useAuthActions } from "@convex-dev/auth/react";

export function Form({ email }: { email?: string }) {
  const { signIn } = useAuthActions();
  return (
    <form onSubmit={(event) => void signIn("desk-code", new FormData(event.currentTarget))}>
      {email === undefined ? <input name="email" /> : <input name="code" />}
      <input type="hidden" name="email" value={email} />
    </form>
  );
}
`,
};

const RESEND = 'import Resend from "@auth/core/providers/resend";\n';
const EMAIL = 'import { Email } from "@convex-dev/auth/providers/Email";\n';
const PASSWORD = 'import { Password } from "@convex-dev/auth/providers/Password";\n';

/** A provider in a module of its own. */
const DESK_CODE = `${RESEND}import { ADDRESS, digits, post } from "./post";

// Codes for the desk.
export const DeskCode = Resend({
  id: "desk-code",
  apiKey: process.env.AUTH_DESK_KEY,
  from: ADDRESS,
  // A quarter of an hour.
  maxAge: 60 * 15,
  async generateVerificationToken() {
    return digits(8);
  },
  async sendVerificationRequest({ identifier: email, provider, token, expires }) {
    // Two kinds of "quotes".
    const text = \`It's \${token}, until \${expires.toISOString()}\`;
    await post({ key: provider.apiKey, from: provider.from, to: email, text });
  },
});
`;

/** An app whose auth.ts has these imports and providers. */
function appWith(
  imports: string,
  providers: string,
  files: Readonly<Record<string, string>> = {},
): CliApp {
  const app = cliApp("vite-convex", {
    ...COMPILED,
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
  app.write("src/main.tsx", `import "./Form";\n${app.read("src/main.tsx")}`);
  return app;
}

/** Runs the whole replacement. */
async function replaced(app: CliApp): Promise<Ran> {
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  return ran;
}

/** Nothing that the compiler objects to, and nothing to do for a second run. */
async function expectWhole(app: CliApp, ...names: readonly string[]): Promise<void> {
  await expectSecondRunEmpty(app, "--replace");
  const all = ["src/Form.tsx", "src/lib/auth-actions.ts", "convex/auth.ts", ...names];
  expectTypes(all.map(app.path));
}

/** Code without what a formatter decides. */
const flat = (code: string) => code.replaceAll(/\s+/g, "").replaceAll(/,(?=[})])/g, "");

/** What is refused of a list of providers, below these imports. */
function refused(imports: string, providers: string): readonly string[] {
  const text = `${imports}import { convexAuth } from "@convex-dev/auth/server";\nexport const { auth, signIn } = convexAuth({ providers: [${providers}] });\n`;
  const module = parseModule(text, "convex/auth.ts");
  const [call] = listCalls(module).filter(({ callee }) => textOf(module, callee) === "convexAuth");
  return readProviders(module, call!).refused;
}

test("a provider in a module of its own becomes the options of emailOTP()", async () => {
  const app = appWith('import { DeskCode } from "./DeskCode";\n', "DeskCode", {
    "convex/DeskCode.ts": DESK_CODE,
  });
  const ran = await replaced(app);
  expect(app.read("convex/DeskCode.ts")).toBe(`import { ADDRESS, digits, post } from "./post";

// Codes for the desk.
export const DeskCode = {
  // A quarter of an hour.
  expiresIn: 60 * 15,
  generateOTP() {
    return digits(8);
  },
  async sendVerificationOTP({ email, otp: token }: { email: string; otp: string }) {
    // Two kinds of "quotes".
    const text = \`It's \${token}, until \${new Date(Date.now() + 1000 * (60 * 15)).toISOString()}\`;
    await post({ key: process.env.AUTH_DESK_KEY, from: ADDRESS, to: email, text });
  },
};
`);
  const auth = app.read("convex/auth.ts");
  expect(auth).toContain('import { DeskCode } from "./DeskCode";');
  expect(flat(auth)).toContain('emailOTP({...DeskCode,storeOTP:"hashed"})');
  expect(auth).not.toMatch(/emailAndPassword|TODO|convexAuth/);
  expect(app.read("src/lib/auth-client.ts")).toContain("emailOTPClient()");
  expect(ran.stdout).toMatch(
    /convex\/DeskCode\.ts:5 +Resend of Auth\.js: becomes the options of emailOTP\(\) in auth\.ts, with the same functions\./,
  );
  await expectWhole(app, "convex/DeskCode.ts");
});

test("the form asks for a code, and signs in with one", async () => {
  const app = appWith('import { DeskCode } from "./DeskCode";\n', "DeskCode", {
    "convex/DeskCode.ts": DESK_CODE,
  });
  await replaced(app);
  const actions = app.read("src/lib/auth-actions.ts");
  expect(actions).toContain('if (provider === "desk-code") {');
  expect(flat(actions)).toContain(
    'authClient.emailOtp.sendVerificationOtp({email,type:"sign-in"})',
  );
  expect(actions).toContain("authClient.signIn.emailOtp({ email, otp })");
});

test("a provider in the list becomes a variable of auth.ts", async () => {
  const app = appWith(
    `${EMAIL}import { digits, post } from "./post";\n`,
    `
    Email({
      id: "desk-code",
      maxAge: 600,
      generateVerificationToken: () => digits(6),
      sendVerificationRequest: ({ identifier, token }) =>
        post({ key: undefined, from: "desk@example.com", to: identifier, text: token }),
    }),
  `,
  );
  await replaced(app);
  const auth = app.read("convex/auth.ts");
  expect(auth).toContain(`const deskCode = {
  expiresIn: 600,
  generateOTP: () => digits(6),
  sendVerificationOTP: async ({
    email: identifier,
    otp: token,
  }: {
    email: string;
    otp: string;
  }) =>`);
  expect(flat(auth)).toContain('emailOTP({...deskCode,storeOTP:"hashed"})');
  expect(auth).toContain('import { digits, post } from "./post";');
  expect(auth).not.toContain("Email");
  await expectWhole(app);
});

test("codes of a password confirm the address at sign-up, and set a new password", async () => {
  const reset = DESK_CODE.replaceAll("DeskCode", "DeskReset").replace(
    '"desk-code"',
    '"desk-reset"',
  );
  const app = appWith(
    `${PASSWORD}import { DeskCode } from "./DeskCode";\nimport { DeskReset } from "./DeskReset";\n`,
    "Password({ verify: DeskCode, reset: DeskReset })",
    { "convex/DeskCode.ts": DESK_CODE, "convex/DeskReset.ts": reset },
  );
  await replaced(app);
  const auth = app.read("convex/auth.ts").replaceAll(/\s+/g, " ");
  expect(auth).toContain("emailAndPassword: { enabled: true, requireEmailVerification: true },");
  expect(auth).toContain(
    "emailVerification: { autoSignInAfterVerification: true, sendOnSignIn: true },",
  );
  expect(auth).toContain("overrideDefaultEmailVerification: true,");
  expect(auth).toContain("disableSignUp: true,");
  expect(flat(auth)).toContain(
    flat(
      'sendVerificationOTP: ({ type, ...code }) => (type === "forget-password" ? DeskReset : DeskCode).sendVerificationOTP(code)',
    ),
  );
  const actions = app.read("src/lib/auth-actions.ts").replaceAll(/\s+/g, " ");
  expect(actions).toContain("await authClient.emailOtp.verifyEmail({ email, otp })");
  expect(actions).toContain("await authClient.emailOtp.requestPasswordReset({");
  expect(actions).toContain("await authClient.emailOtp.resetPassword({");
  expect(actions).toContain(
    'if (error?.code === "EMAIL_NOT_VERIFIED") return { signingIn: false };',
  );
  expect(actions).not.toContain("signIn.emailOtp");
  await expectWhole(app, "convex/DeskCode.ts", "convex/DeskReset.ts");
});

test("one provider can do all three", async () => {
  const app = appWith(
    `${PASSWORD}import { DeskCode } from "./DeskCode";\n`,
    "DeskCode, Password({ reset: DeskCode, verify: DeskCode })",
    { "convex/DeskCode.ts": DESK_CODE },
  );
  await replaced(app);
  const auth = app.read("convex/auth.ts").replaceAll(/\s+/g, " ");
  expect(auth).toMatch(
    /emailOTP\(\{ \.\.\.DeskCode, overrideDefaultEmailVerification: true, storeOTP: "hashed",? \}\)/,
  );
  await expectWhole(app, "convex/DeskCode.ts");
});

const SENDS = "sendVerificationRequest({ token, identifier }) {}";
const MAKES = 'generateVerificationToken: () => "1"';

test.each([
  [
    "a code that is awaited",
    `Resend({ async generateVerificationToken() { return await make(); }, ${SENDS} })`,
    "generateVerificationToken is to be written out",
  ],
  [
    "a code of an async function",
    `Resend({ generateVerificationToken() { return later(); }, ${SENDS} })`,
    "generateVerificationToken is to be written out",
  ],
  [
    "a function from elsewhere",
    `Resend({ ${MAKES}, sendVerificationRequest: send })`,
    "sendVerificationRequest is to be written out",
  ],
  [
    "a link in the mail",
    `Resend({ ${MAKES}, sendVerificationRequest({ url }) {} })`,
    "sendVerificationRequest is to be written out",
  ],
  [
    "a context",
    `Resend({ ${MAKES}, sendVerificationRequest({ token }, ctx) {} })`,
    "sendVerificationRequest is to be written out",
  ],
  [
    "the whole provider",
    `Resend({ ${MAKES}, sendVerificationRequest({ provider }) { send(provider); } })`,
    "sendVerificationRequest is to be written out",
  ],
  [
    "the provider's other options",
    `Resend({ ${MAKES}, sendVerificationRequest({ provider }) { send(provider.server); } })`,
    "sendVerificationRequest is to be written out",
  ],
  [
    "names that go",
    `Resend({ ${MAKES}, sendVerificationRequest({ token }) { signIn(token); } })`,
    "sendVerificationRequest is to be written out",
  ],
  [
    "another option",
    `Email({ ${MAKES}, ${SENDS}, authorize: undefined })`,
    "does not know its option authorize",
  ],
  [
    "a computed duration",
    `Email({ ${MAKES}, ${SENDS}, maxAge: day() })`,
    "its id or maxAge is not written out",
  ],
  [
    "two of them",
    `Email({ ${MAKES}, ${SENDS} }), Email({ id: "b", ${MAKES}, ${SENDS} })`,
    "b (kitcn moves one provider with codes)",
  ],
  [
    "different durations",
    `Email({ ${MAKES}, ${SENDS} }), Password({ reset: Resend({ ${MAKES}, ${SENDS} }) })`,
    "codes that work for 60 * 60 and 60 * 60 * 24 seconds",
  ],
  [
    "other options of a password",
    `Password({ profile: read })`,
    "the options of Password: profile",
  ],
  [
    "links of a password",
    "Password({ verify: Resend })",
    "verify of Password (kitcn does not see that it mails codes)",
  ],
])("refused by name: %s", (_name, providers, reason) => {
  const imports = `${RESEND}${EMAIL}${PASSWORD}import { make, send } from "./post";\nasync function later() { return "1"; }\n`;
  expect(refused(imports, providers)).toEqual([expect.stringContaining(reason)]);
});

test("nothing is edited of an app that is refused", async () => {
  const app = appWith(
    `${PASSWORD}import { DeskCode } from "./DeskCode";\n`,
    "DeskCode, Password({ profile: (given) => ({ email: String(given.email) }) })",
    { "convex/DeskCode.ts": DESK_CODE },
  );
  const ran = await app.kitcn("add", "auth", "--replace", "--dry-run");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain("the options of Password: profile");
  expect(ran.stderr).not.toContain("sendVerificationOTP");
});
