// `kitcn add email` on the forms that auth.ts may have: which callbacks are written, what stays byte for byte, what is
// left to its author, and what is refused.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SENDS } from "../../../src/better-auth/callback-names.js";
import { MAIL_SLOTS } from "../../../codegen/grow/mail-slots.js";
import { PLUGINS } from "../../../codegen/catalog/plugins.js";
import { CONVEX_GENERATED, typeCheck } from "../support/type-check.js";
import { cliApp, PACKAGES, stubCloudDeployment, type AppOptions } from "../support/cli.js";
import { appWithAuth, succeeded, type Case } from "./support.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const RESEND = ["@convex-dev/resend", "convex-helpers"];

const AUTH_CONFIG = `import { getAuthConfigProvider } from "kitcn/auth/config";

export default { providers: [getAuthConfigProvider()] };
`;

/** The fixture without auth, with these files and the package of the component. */
function appWith(files: Readonly<Record<string, string | undefined>>, options: AppOptions = {}) {
  const app = cliApp("plain", {
    packages: [...PACKAGES, ...RESEND],
    files: { "convex/auth.config.ts": AUTH_CONFIG, ...files },
    ...options,
  });
  const manifest = JSON.parse(app.read("package.json")) as { dependencies: object };
  const dependencies = { ...manifest.dependencies, "@convex-dev/resend": "^0.2.8" };
  app.write("package.json", JSON.stringify({ ...manifest, dependencies }, null, 2));
  return app;
}

type MailCase = Omit<Case, "names"> & {
  /** What is printed besides. */
  readonly notes?: readonly string[];
};

const SEND_LINK = `sendMagicLink: ({ email, url }) =>
        sendMail(ctx, { to: email, ...magicLinkMail(url) }),`;

const CASES: Readonly<Record<string, MailCase>> = {
  "passwords, and a function without a parameter": {
    given: `import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  emailAndPassword: { enabled: true }, // mine
}));
`,
    want: {
      "convex/auth.ts": `import { defineAuth } from "./generated/auth";
import { resetPasswordMail, sendMail, verificationMail } from "./mail";

export default defineAuth((ctx) => ({
  emailAndPassword: {
    enabled: true,
    sendResetPassword: ({ user, url }) =>
      sendMail(ctx, { to: user.email, ...resetPasswordMail(url) }),
  }, // mine
  emailVerification: {
    sendOnSignUp: true,
    sendVerificationEmail: ({ user, url }) =>
      sendMail(ctx, { to: user.email, ...verificationMail(url) }),
  },
}));
`,
    },
  },
  "a context under another name, single quotes, no semicolons, four spaces": {
    given: `import { defineAuth } from './generated/auth'

export default defineAuth(function (c) {
    return {
        emailVerification: {
            autoSignInAfterVerification: true
        }
    }
})
`,
    want: {
      "convex/auth.ts": `import { defineAuth } from './generated/auth'
import { sendMail, verificationMail } from './mail'

export default defineAuth(function (c) {
    return {
        emailVerification: {
            autoSignInAfterVerification: true,
            sendVerificationEmail: ({ user, url }) =>
                sendMail(c, { to: user.email, ...verificationMail(url) })
        }
    }
})
`,
    },
  },
  "what add plugin left to its author, and what somebody wrote": {
    given: `import { emailOTP, magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth((ctx) => ({
  emailAndPassword: {
    enabled: true,
    sendResetPassword: async ({ url }) => console.log("mine", url),
  },
  plugins: [
    magicLink({
      expiresIn: 60, // short
      // A comment of mine.
      // TODO(kitcn): send this link by mail. Until then it is in the function's log.
      sendMagicLink: async ({ email, url }) => {
        console.log(\`Sign-in link for \${email}: \${url}\`);
      },
    }),
    emailOTP({
      sendVerificationOTP: async ({ email, otp }) => {
        console.log(email, otp);
      },
    }),
  ],
}));
`,
    want: {
      "convex/auth.ts": `import { emailOTP, magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
import { magicLinkMail, sendMail, verificationMail } from "./mail";

export default defineAuth((ctx) => ({
  emailAndPassword: {
    enabled: true,
    sendResetPassword: async ({ url }) => console.log("mine", url),
  },
  plugins: [
    magicLink({
      expiresIn: 60, // short
      // A comment of mine.
      ${SEND_LINK}
    }),
    emailOTP({
      sendVerificationOTP: async ({ email, otp }) => {
        console.log(email, otp);
      },
    }),
  ],
  emailVerification: {
    sendOnSignUp: true,
    sendVerificationEmail: ({ user, url }) =>
      sendMail(ctx, { to: user.email, ...verificationMail(url) }),
  },
}));
`,
    },
    notes: [
      "convex/auth.ts:8: kitcn keeps emailAndPassword.sendResetPassword as you wrote it.",
      "convex/auth.ts:18: kitcn keeps emailOTP.sendVerificationOTP as you wrote it.",
    ],
  },
  "plugins without options, and options on one line": {
    given: `import { organization, twoFactor } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ plugins: [twoFactor(), organization({ teams: { enabled: true } })] }));
`,
    want: {
      "convex/auth.ts": `import { organization, twoFactor } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
import { codeMail, invitationMail, sendMail } from "./mail";

export default defineAuth((ctx) => ({ plugins: [twoFactor({
  otpOptions: {
    sendOTP: ({ user, otp }) =>
      sendMail(ctx, { to: user.email, ...codeMail(otp) }),
  },
}), organization({
  teams: { enabled: true },
  sendInvitationEmail: ({ id, email, organization, inviter }) =>
    sendMail(ctx, {
      to: email,
      ...invitationMail({
        id,
        organization: organization.name,
        inviter: inviter.user.name,
      }),
    }),
})] }));
`,
    },
    notes: ["Invitations link to SITE_URL/accept-invitation/<id>. Write that page yourself."],
  },
  "changes and deletions of an account": {
    given: `import { defineAuth } from "./generated/auth";

export default defineAuth((ctx) => ({
  emailVerification: { sendVerificationEmail: async () => {} },
  user: {
    changeEmail: { enabled: true },
    deleteUser: {
      enabled: true,
    },
  },
}));
`,
    want: {
      "convex/auth.ts": `import { defineAuth } from "./generated/auth";
import { changeEmailMail, deleteAccountMail, sendMail } from "./mail";

export default defineAuth((ctx) => ({
  emailVerification: { sendVerificationEmail: async () => {} },
  user: {
    changeEmail: {
      enabled: true,
      sendChangeEmailConfirmation: ({ user, newEmail, url }) =>
        sendMail(ctx, { to: user.email, ...changeEmailMail({ url, newEmail }) }),
    },
    deleteUser: {
      enabled: true,
      sendDeleteAccountVerification: ({ user, url }) =>
        sendMail(ctx, { to: user.email, ...deleteAccountMail(url) }),
    },
  },
}));
`,
    },
    notes: ["kitcn keeps emailVerification.sendVerificationEmail as you wrote it."],
  },
  "addresses that are confirmed with codes": {
    given: `import { emailOTP } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth((ctx) => ({
  emailAndPassword: { enabled: true, requireEmailVerification: true },
  plugins: [
    emailOTP({
      overrideDefaultEmailVerification: true,
      sendVerificationOTP: async ({ email, otp, type }) => {
        console.log(\`Code (\${type}) for \${email}: \${otp}\`);
      },
    }),
  ],
}));
`,
    want: {
      "convex/auth.ts": `import { emailOTP } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
import { codeMail, resetPasswordMail, sendMail } from "./mail";

export default defineAuth((ctx) => ({
  emailAndPassword: {
    enabled: true,
    requireEmailVerification: true,
    sendResetPassword: ({ user, url }) =>
      sendMail(ctx, { to: user.email, ...resetPasswordMail(url) }),
  },
  plugins: [
    emailOTP({
      overrideDefaultEmailVerification: true,
      sendVerificationOTP: ({ email, otp }) =>
        sendMail(ctx, { to: email, ...codeMail(otp) }),
    }),
  ],
}));
`,
    },
  },
  "a definition that TypeScript cannot tell the parameter of": {
    given: `import { magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const define = () => ({
  plugins: [
    magicLink({
      sendMagicLink: async ({ email, url }) => {
        console.log(\`Sign-in link for \${email}: \${url}\`);
      },
    }),
  ],
});
export default defineAuth(define);
`,
    want: {
      "convex/auth.ts": `import { magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
import { magicLinkMail, sendMail } from "./mail";
import type { MailCtx } from "./mail";

const define = (ctx: MailCtx) => ({
  plugins: [
    magicLink({
      ${SEND_LINK}
    }),
  ],
});
export default defineAuth(define);
`,
    },
  },
  "a definition of another module, and a name that is taken": {
    given: `export { default } from "./real/auth";\n`,
    files: {
      "convex/real/auth.ts": `import { defineAuth } from "../generated/auth";

const ctx = "mine";
export default defineAuth(() => ({
  appName: ctx,
  emailVerification: {},
}));
`,
    },
    want: {
      "convex/real/auth.ts": `import { defineAuth } from "../generated/auth";
import { sendMail, verificationMail } from "../mail";

const ctx = "mine";
export default defineAuth((ctx2) => ({
  appName: ctx,
  emailVerification: {
    sendVerificationEmail: ({ user, url }) =>
      sendMail(ctx2, { to: user.email, ...verificationMail(url) }),
  },
}));
`,
    },
  },
  "a constant inside of the function": {
    given: `import { magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => {
  const plugins = [
    magicLink({
      sendMagicLink: async ({ email, url }) => {
        console.log(\`Sign-in link for \${email}: \${url}\`);
      },
    }),
  ];
  return { plugins };
});
`,
    want: {
      "convex/auth.ts": `import { magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
import { magicLinkMail, sendMail } from "./mail";

export default defineAuth((ctx) => {
  const plugins = [
    magicLink({
      ${SEND_LINK}
    }),
  ];
  return { plugins };
});
`,
    },
  },
};

describe("auth.ts with", () => {
  test.each(Object.entries(CASES))("%s", async (_name, { given, files = {}, want, notes = [] }) => {
    const own: Record<string, string> = { "convex/auth.ts": given, ...files };
    const app = appWith(own);
    const ran = succeeded(await app.kitcn("add", "email", "--yes"));
    for (const [file, text] of Object.entries({ ...own, ...want }))
      expect(app.read(file), file).toBe(text);
    for (const note of notes) expect(ran.stdout).toContain(note);
    expect(ran.stdout).not.toContain("sends no mail yet");
    expect(app.read("convex/mail.ts")).toContain("ctx.runMutation(internal.resend.send, mail)");

    const after = app.snapshot();
    const again = succeeded(await app.kitcn("add", "email", "--yes"));
    expect(again.stdout.trim().split("\n")).toEqual([
      expect.stringContaining("kitcn add email: everything is in place; nothing was written."),
    ]);
    expect(app.snapshot()).toEqual(after);
  });
});

describe("what no edit can write is printed, each time, and the rest is written:", () => {
  test.each([
    [
      "a list that is made outside of the function",
      `import { magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const plugins = [
  magicLink({
    // TODO(kitcn): send this link by mail. Until then it is in the function's log.
    sendMagicLink: async ({ email, url }) => {
      console.log(\`Sign-in link for \${email}: \${url}\`);
    },
  }),
];
export default defineAuth(() => ({ plugins }));
`,
      `convex/auth.ts:7: magicLink.sendMagicLink sends no mail yet: it is outside of the function that defineAuth takes`,
    ],
    [
      "options that are computed",
      `import { magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const common = { sendMagicLink: undefined as never };
export default defineAuth((ctx) => ({ plugins: [magicLink({ ...common })] }));
`,
      "convex/auth.ts:5: magicLink.sendMagicLink sends no mail yet: kitcn cannot edit its options, because code computes them.",
    ],
    [
      "a context that is taken apart",
      `import { magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(({ auth }) => ({
  appName: typeof auth,
  plugins: [magicLink({ sendMagicLink: undefined as never })],
}));
`,
      "convex/auth.ts:6: magicLink.sendMagicLink sends no mail yet",
    ],
  ])("%s", async (_name, given, want) => {
    const app = appWith({ "convex/auth.ts": given });
    for (const _time of [1, 2]) {
      const ran = succeeded(await app.kitcn("add", "email", "--yes"));
      expect(ran.stdout).toContain(want);
      expect(ran.stdout).toContain(`  import { magicLinkMail, sendMail } from "./mail";

  sendMagicLink: ({ email, url }) => sendMail(ctx, { to: email, ...magicLinkMail(url) }),
`);
      expect(app.read("convex/auth.ts")).toBe(given);
    }
    expect(app.has("convex/resend.ts")).toBe(true);
  });
});

test("a list that only running it shows is not guessed at: the lines are printed", async () => {
  const given = `import { plugins } from "./plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  plugins: plugins(),
}));
`;
  const list = `import { magicLink, organization } from "better-auth/plugins";

export const plugins = () => [magicLink({ sendMagicLink: async () => {} }), organization()];
`;
  const app = appWith({ "convex/auth.ts": given, "convex/plugins.ts": list });
  const ran = succeeded(await app.kitcn("add", "email", "--yes"));
  const at = "note: convex/auth.ts:5:";
  expect(ran.stdout).toContain(
    `${at} magicLink.sendMagicLink is set by code that kitcn does not find`,
  );
  expect(ran.stdout).toContain(`${at} organization.sendInvitationEmail sends no mail yet`);
  expect(ran.stdout.match(/import \{ [^}]*\bsendMail\b/g)).toHaveLength(2);
  expect(app.read("convex/auth.ts")).toBe(given);
  expect(app.read("convex/plugins.ts")).toBe(list);
});

const SIMPLE = `import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ emailAndPassword: { enabled: true } }));
`;

const CONFIG = `import { defineApp } from "convex/server";
import mails from "@convex-dev/resend/convex.config.js";

const app = defineApp();
app.use(mails, { name: "mailer" }); // mine
export default app;
`;

describe("the component", () => {
  test("that is mounted keeps its line, and its name", async () => {
    const app = appWith({ "convex/auth.ts": SIMPLE, "convex/convex.config.ts": CONFIG });
    succeeded(await app.kitcn("add", "email", "--yes"));
    const config = app.read("convex/convex.config.ts");
    expect(config).toContain('app.use(mails, { name: "mailer" }); // mine\n');
    expect(config.match(/resend/g)).toHaveLength(1);
    expect(app.read("convex/resend.ts")).toContain("new Resend(components.mailer, ");
  });

  test("of another package under the same name is refused, with the lines that help", async () => {
    const other = CONFIG.replace("mailer", "resend").replace(
      "@convex-dev/resend/convex.config.js",
      "other-mail/convex.config",
    );
    const app = appWith({ "convex/auth.ts": SIMPLE, "convex/convex.config.ts": other });
    const before = app.snapshot();
    const ran = await app.kitcn("add", "email", "--yes");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain('another component is mounted as "resend"');
    expect(ran.stderr).toContain('app.use(resendComponent, { name: "resendMail" });');
    expect(app.snapshot()).toEqual(before);
  });
});

describe("modules of the same names", () => {
  test("stay, and ours have others", async () => {
    const theirs = {
      "convex/mail.ts": "export const sendMail = () => 1;\n",
      "convex/resend.ts": "export const send = 2;\n",
    };
    const app = appWith({ "convex/auth.ts": SIMPLE, ...theirs });
    const ran = succeeded(await app.kitcn("add", "email", "--yes"));
    expect(ran.stdout).toContain("convex/mail.ts stays as you wrote it");
    expect(ran.stdout).toContain("convex/resend.ts stays as you wrote it");
    for (const [file, text] of Object.entries(theirs)) expect(app.read(file)).toBe(text);
    expect(app.read("convex/authMail.ts")).toContain("internal.mailSender.send");
    expect(app.read("convex/auth.ts")).toContain('} from "./authMail";');
    const again = succeeded(await app.kitcn("add", "email", "--yes"));
    expect(again.stdout).toContain("nothing was written");

    const full = appWith({ "convex/auth.ts": SIMPLE, ...theirs, "convex/authMail.js": "let a;" });
    const before = full.snapshot();
    const refused = await full.kitcn("add", "email", "--yes");
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain("mail, authMail");
    expect(full.snapshot()).toEqual(before);
  });

  test("that lack a mail are not edited: its lines are printed", async () => {
    const given = `import { magicLink } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth((ctx) => ({ plugins: [magicLink({ sendMagicLink: undefined as never })] }));
`;
    const mail = `export async function sendMail() {}
export const verificationMail = () => "mine";
`;
    const app = appWith({ "convex/auth.ts": given, "convex/mail.ts": mail });
    const ran = succeeded(await app.kitcn("add", "email", "--yes"));
    expect(ran.stdout).toContain("export function magicLinkMail(url: string): Mail {");
    expect(app.read("convex/mail.ts")).toBe(mail);
    expect(app.has("convex/resend.ts")).toBe(false);
  });
});

describe("variables", () => {
  test("are named in convex/.env, and declared where the app has its own getEnv", async () => {
    const packages = [...PACKAGES, ...RESEND, "zod"];
    const app = appWith({}, { packages, files: {} });
    app.write("package.json", app.read("package.json").replace('"convex"', '"zod": "4", "convex"'));
    succeeded(await app.kitcn("init", "--yes", "--no-install"));
    succeeded(await app.kitcn("add", "auth", "--yes"));
    const getEnv = app.read("lib/get-env.ts");
    succeeded(await app.kitcn("add", "email", "--yes"));
    expect(app.read("convex/.env")).toMatch(/\nRESEND_API_KEY=\n# .*\nEMAIL_FROM=\n$/);
    expect(app.read("lib/get-env.ts")).toBe(
      getEnv.replace(
        "JWKS: z.string().optional(),\n",
        "JWKS: z.string().optional(),\n    RESEND_API_KEY: z.string().optional(),\n    EMAIL_FROM: z.string().optional(),\n",
      ),
    );
    expect(app.read("convex/resend.ts")).toContain("if (!getEnv().RESEND_API_KEY)");
    expect(app.read("convex/mail.ts")).toContain("getEnv().SITE_URL");
  });

  test("that are not set are a warning of doctor, and an error in production", async () => {
    const app = await appWithAuth("plain", { packages: RESEND });
    succeeded(await app.kitcn("add", "email", "--yes"));
    const found = async (...args: string[]) => {
      const ran = await app.kitcn("doctor", "--json", ...args);
      const { findings } = JSON.parse(ran.stdout) as {
        findings: { code: string; level: string; file: string; message: string }[];
      };
      return findings.filter(({ code }) => code === "MISSING_VARIABLE");
    };
    const wanted = (level: string) => [
      {
        level,
        file: "convex/resend.ts",
        message: expect.stringContaining("RESEND_API_KEY") as string,
      },
      { level, file: "convex/resend.ts", message: expect.stringContaining("EMAIL_FROM") as string },
    ];
    expect(await found()).toMatchObject(wanted("warning"));
    expect(await found("--prod")).toMatchObject(wanted("error"));
    app.convex.setState({ env: { RESEND_API_KEY: "re_1", EMAIL_FROM: "a@example.com" } });
    expect(await found("--prod")).toEqual([]);
  });
});

test.each([
  ['base: "/app/"', "/app/auth", false],
  ["base: process.env.BASE", "/auth", true],
  ['plugins: [VitePWA({ base: "/pwa/" })]', "/auth", false],
])("links lead to the page below the base path of { %s }", async (config, path, isComputed) => {
  const app = await appWithAuth("vite", { packages: RESEND });
  app.write(
    "vite.config.ts",
    `import { defineConfig } from "vite";\nexport default defineConfig({ ${config} });\n`,
  );
  const added = succeeded(
    await app.kitcn("add", "plugin", "organization", "oauth-provider", "--yes"),
  );
  const note = "If your app is served below a base path, write it before /auth";
  const noteOfCall = `oauth-provider: ${note} and /consent in convex/auth.ts.`;
  expect(added.stdout.replaceAll(/\s+/g, " ").includes(noteOfCall)).toBe(isComputed);
  const ran = succeeded(await app.kitcn("add", "email", "--yes"));
  expect(ran.stdout).toContain(
    `Invitations link to SITE_URL${path}#invitation=<id>. The page at ${path}`,
  );
  expect(ran.stdout.includes(note)).toBe(isComputed);
  expect(app.read("convex/mail.ts")).toContain(`\`${path}#invitation=`);
  expect(app.read("convex/auth.ts").replaceAll(/\s/g, "")).toContain(`loginPage:newURL('${path}',`);
});

test("an app in JavaScript gets JavaScript", async () => {
  const app = await appWithAuth("vite-js", { packages: RESEND });
  succeeded(await app.kitcn("add", "email", "--yes"));
  expect(app.read("convex/auth.js")).toContain("export default defineAuth((ctx) => ({");
  expect(app.read("convex/mail.js")).toContain("export async function sendMail(ctx, mail) {");
  expect(app.read("convex/mail.js")).not.toMatch(/: string|import type/);
  expect(app.has("convex/resend.js")).toBe(true);
});

test("plugins that are added later send their mail, and go again with it", async () => {
  const app = await appWithAuth("plain", { packages: RESEND });
  succeeded(await app.kitcn("add", "email", "--yes"));
  const before = app.read("convex/auth.ts");
  const names = ["magic-link", "email-otp", "organization", "two-factor"];
  const ran = succeeded(await app.kitcn("add", "plugin", ...names, "--yes"));
  expect(ran.stdout).not.toContain("has code that you have to finish");
  const auth = app.read("convex/auth.ts");
  expect(auth).not.toContain("console.log");
  for (const mail of ["magicLinkMail(url)", "codeMail(otp)", "invitationMail({", "sendOTP:"])
    expect(auth).toContain(mail);
  const again = succeeded(await app.kitcn("add", "email", "--yes"));
  expect(again.stdout).toContain("nothing was written");
  succeeded(await app.kitcn("remove", "plugin", ...names, "--yes"));
  const meant = (text: string) => text.replaceAll(/[\s,]/g, "");
  expect(meant(app.read("convex/auth.ts"))).toBe(meant(before));
});

test("a callback under names of somebody's own goes with its plugin", async () => {
  const given = `import { sendMail as post } from "./mail";
import { defineAuth } from "./generated/auth";

export default defineAuth((c) => ({
  emailVerification: { sendVerificationEmail: ({ user }) => post(c, user.email as never) },
  plugins: [],
}));
`;
  const app = appWith({ "convex/auth.ts": SIMPLE });
  succeeded(await app.kitcn("add", "email", "--yes"));
  app.write("convex/auth.ts", given);
  succeeded(await app.kitcn("add", "plugin", "magic-link", "two-factor", "--yes"));
  expect(app.read("convex/auth.ts")).toContain("post(c, { to: email, ...magicLinkMail(url) })");
  succeeded(await app.kitcn("remove", "plugin", "magic-link", "two-factor", "--yes"));
  const meant = (text: string) => text.replaceAll(/[\s,]/g, "");
  expect(meant(app.read("convex/auth.ts"))).toBe(meant(given));
});

describe("nothing is written", () => {
  test("without auth, without the package, without a yes, or with --dry-run", async () => {
    const plain = cliApp("plain");
    const first = await plain.kitcn("add", "email", "--yes", "--no-install");
    expect(first).toMatchObject({ code: 1 });
    expect(first.stderr).toMatch(/npm (i|install) @convex-dev\/resend@\^0\.2\.8 convex-helpers@/);

    const app = appWith({});
    const second = await app.kitcn("add", "email", "--yes");
    expect(second).toMatchObject({ code: 1 });
    expect(second.stderr).toContain("npx kitcn add auth");
    app.write("convex/auth.ts", SIMPLE);
    const before = app.snapshot();
    expect(await app.kitcn("add", "email")).toMatchObject({ code: 2 });
    const dry = succeeded(await app.kitcn("add", "email", "--dry-run"));
    expect(dry.stdout).toContain("+app.use(resend);");
    expect(dry.stdout).toContain("emailAndPassword.sendResetPassword: would be added");
    expect(app.snapshot()).toEqual(before);
  });

  test("where the options are no object, or what runs lacks what was added", async () => {
    const made = `import { defineAuth } from "./generated/auth";

const make = () => ({ emailAndPassword: { enabled: true } });
export default defineAuth(() => make());
`;
    const late = `import { defineAuth } from "./generated/auth";

export default defineAuth(() => {
  const options = { emailAndPassword: { enabled: true }, emailVerification: {} };
  options.emailVerification = {};
  return options;
});
`;
    const several = `import { defineAuth } from "./generated/auth";

export default defineAuth(() => {
  if (process.env.PRODUCTION) return { emailAndPassword: { enabled: true } };
  return { emailAndPassword: { enabled: true } };
});
`;
    for (const [given, message] of [
      [made, "its options are not an object that kitcn can add to"],
      [several, "convex/auth.ts:4: the function that defineAuth takes returns options here and"],
      [late, "auth.ts would run without emailVerification.sendVerificationEmail"],
    ] as const) {
      const app = appWith({ "convex/auth.ts": given });
      const before = app.snapshot();
      const ran = await app.kitcn("add", "email", "--yes");
      expect(ran, ran.stdout).toMatchObject({ code: 1 });
      expect(ran.stderr).toContain(message);
      expect(app.snapshot()).toEqual(before);
    }
  });
});

test("--json names the callbacks", async () => {
  const app = appWith({ "convex/auth.ts": SIMPLE });
  const ran = succeeded(await app.kitcn("add", "email", "--yes", "--json"));
  const { items, status } = JSON.parse(ran.stdout) as { items: object[]; status: string };
  expect(status).toBe("written");
  expect(items).toMatchObject([
    { name: "emailVerification.sendVerificationEmail", action: "added" },
    { name: "emailAndPassword.sendResetPassword", action: "added" },
  ]);
  const second = succeeded(await app.kitcn("add", "email", "--yes", "--json"));
  const again = JSON.parse(second.stdout) as { items: { action: string }[]; status: string };
  expect(again.status).toBe("in-sync");
  expect(again.items.map(({ action }) => action)).toEqual(["unchanged", "unchanged"]);
});

test("every callback that the runtime knows as sending is in the table, or is no mail of auth's", () => {
  const known = [
    ...SENDS.core.map((path) => path.join(".")),
    ...Object.entries(SENDS.plugins).flatMap(([id, paths]) =>
      paths.map((path) => [id, ...path].join(".")),
    ),
  ];
  const idOf = (name: string) => PLUGINS.find((one) => one.name === name)!.id;
  const ours = MAIL_SLOTS.map(({ plugin, path }) =>
    [...(plugin === undefined ? [] : [idOf(plugin)]), ...path].join("."),
  );
  const others = [
    // Better Auth tells nobody by default that an address has an account.
    "emailAndPassword.onExistingUserSignUp",
    // By SMS.
    "phone-number.sendOTP",
    "phone-number.sendPasswordResetOTP",
  ];
  expect([...ours, ...others].sort()).toEqual(known.sort());
});

/** What `convex codegen` would write, with the types of the app's own modules: a circle of types would show. */
const API = `import type { ResendComponent } from "@convex-dev/resend";
import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";
import type { AuthComponent } from "kitcn/auth/runtime";
import type * as auth from "../auth";
import type * as generated_auth from "../generated/auth";
import type * as mail from "../mail";
import type * as resend from "../resend";
declare const fullApi: ApiFromModules<{
  auth: typeof auth;
  "generated/auth": typeof generated_auth;
  mail: typeof mail;
  resend: typeof resend;
}>;
export declare const internal: FilterApi<typeof fullApi, FunctionReference<any, "internal">>;
export declare const components: { auth: AuthComponent; resend: ResendComponent };
`;

const ACCOUNT = `  user: { changeEmail: { enabled: true }, deleteUser: { enabled: true } },
  plugins: [`;

test("every mail passes the compiler", async () => {
  const whole = await appWithAuth("next", { packages: RESEND, convex: "real" });
  whole.write("convex/auth.ts", whole.read("convex/auth.ts").replace("  plugins: [", ACCOUNT));
  const plugins = ["magic-link", "email-otp", "organization", "two-factor"];
  succeeded(await whole.kitcn("add", "plugin", ...plugins, "--yes"));
  const ran = succeeded(await whole.kitcn("add", "email", "--yes"));
  for (const { path } of MAIL_SLOTS) expect(ran.stdout).toContain(`${path.join(".")}: added`);

  const given = CASES["a definition that TypeScript cannot tell the parameter of"]!.given;
  const apart = await appWithAuth("plain", { packages: RESEND, convex: "real" });
  apart.write("convex/auth.ts", given);
  succeeded(await apart.kitcn("add", "email", "--yes"));

  // Before Convex's CLI has written its own types, and after it.
  const modules = ["generated/auth", "mail", "resend"];
  expect(whole.read("convex/_generated/api.d.ts")).toContain('resend: import("@convex-dev/');
  expect(typeCheck(modules.map((name) => whole.path(`convex/${name}.ts`)))).toEqual([]);

  // One after the other: both declare the types of the global scope.
  for (const app of [whole, apart]) {
    for (const [name, text] of Object.entries({ ...CONVEX_GENERATED, "_generated/api.d.ts": API }))
      app.write(`convex/${name}`, text);
    const files = modules.map((name) => app.path(`convex/${name}.ts`));
    expect(typeCheck(files)).toEqual([]);
  }
}, 300_000);
