// The auth pages follow auth.ts: what commands bring and take out, whose files they leave alone, and what they print.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import prettier from "prettier";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { REPO } from "../support/app.js";
import { stubCloudDeployment, type CliApp } from "../support/cli.js";
import { CONVEX_GENERATED, typeCheck } from "../support/type-check.js";
import { appWithAuth, succeeded } from "./support.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const PAGE = "app/auth/AuthPage.tsx";
const SIGNED_IN = "app/auth/parts/SignedIn.tsx";
const earlier = (file: string) =>
  readFileSync(join(REPO, "templates/auth-page/earlier", file), "utf8");
const pagesOf = (app: CliApp) =>
  Object.fromEntries(
    Object.entries(app.snapshot()).filter(([name]) => /^(app|src)\/auth\//.test(name)),
  );
const pagesInLock = (app: CliApp) =>
  (JSON.parse(app.read("convex/plugins.lock.json")) as Lock).plugins["better-auth"].pages ?? {};
type Lock = { plugins: { "better-auth": { pages?: Record<string, string> } } };

/** A run that finds nothing to do, and a schema that is in order. */
async function expectInSync(app: CliApp, ...command: string[]): Promise<void> {
  const before = app.snapshot();
  succeeded(await app.kitcn(...command, "--yes"));
  expect(app.snapshot()).toEqual(before);
  expect(succeeded(await app.kitcn("add", "auth", "--schema", "--check")).code).toBe(0);
}

describe.each([
  ["next", PAGE, "app/auth/parts/TwoFactor.tsx"],
  ["vite", "src/auth/AuthPage.tsx", "src/auth/parts/TwoFactor.tsx"],
  ["start", "src/auth/AuthPage.tsx", "src/auth/parts/TwoFactor.tsx"],
  ["next-js", "app/auth/AuthPage.jsx", "app/auth/parts/TwoFactor.jsx"],
])("an unchanged page of the app %s", (name, page, part) => {
  test("gets the parts of plugins, and loses them with the plugins", async () => {
    const app = await appWithAuth(name);
    const before = pagesOf(app);
    expect(Object.keys(pagesInLock(app))).toContain(`../${page}`);
    succeeded(await app.kitcn("add", "plugin", "two-factor", "magic-link", "--yes"));
    expect(app.read(page)).toMatch(/import \{ TwoFactor \} from ["']\.\/parts\/TwoFactor["']/);
    expect(app.read(page)).toContain("<MagicLink />");
    expect(app.read(part)).toContain("authClient.twoFactor.verifyTotp(");
    expect(Object.keys(pagesInLock(app))).toContain(`../${part}`);
    await expectInSync(app, "add", "plugin", "two-factor", "magic-link");
    succeeded(await app.kitcn("remove", "plugin", "two-factor", "magic-link", "--yes"));
    expect(pagesOf(app)).toEqual(before);
    expect(Object.keys(pagesInLock(app))).not.toContain(`../${part}`);
  });
});

test("a provider that the app configures itself gets its button, and no form for passwords", async () => {
  const app = await appWithAuth("next");
  const ran = succeeded(await app.kitcn("add", "plugin", "generic-oauth", "--yes"));
  expect(ran.stdout).toContain("Your provider sends users back to /api/auth/callback/<providerId>");
  expect(app.read("app/auth/parts/SignForm.tsx")).toContain('name="password"');
  const config = `config: [{
    providerId: "my-idp",
    discoveryUrl: "https://idp.example.com/.well-known/openid-configuration",
    clientId: "id",
    clientSecret: "secret",
  },`;
  const auth = app.read("convex/auth.ts").replace("config: [", config);
  app.write("convex/auth.ts", auth.replace("emailAndPassword: { enabled: true },", ""));
  succeeded(await app.kitcn("add", "auth", "--yes"));
  expect(app.read("app/auth/parts/SocialButtons.tsx")).toContain(
    '{ id: "my-idp", name: "My-idp" }',
  );
  expect(app.read(PAGE)).toContain("<SocialButtons />");
  expect(Object.values(pagesOf(app)).join("")).not.toContain('name="password"');
});

const MAIL_PACKAGES = ["@convex-dev/resend", "convex-helpers"];

test("mail brings the forgotten password, and its invitations link to the page", async () => {
  const app = await appWithAuth("next", { packages: MAIL_PACKAGES });
  succeeded(await app.kitcn("add", "plugin", "organization", "--yes"));
  expect(app.read("app/auth/parts/Invitations.tsx")).toContain("Send them the link");
  const ran = succeeded(await app.kitcn("add", "email", "--yes"));
  expect(app.read(PAGE)).toContain("<ForgotPassword />");
  expect(app.read("app/auth/parts/NewPassword.tsx")).toContain("authClient.resetPassword(");
  expect(app.read("app/auth/parts/Invitations.tsx")).toContain("We sent an invitation");
  expect(app.read("convex/mail.ts")).toContain("/auth#invitation=${encodeURIComponent(to.id)}");
  expect(ran.stdout).toContain("Invitations link to SITE_URL/auth#invitation=<id>.");
});

test("a mail.ts that is there keeps its link of invitations, and the other one is named", async () => {
  const app = await appWithAuth("next", { packages: MAIL_PACKAGES });
  succeeded(await app.kitcn("add", "email", "--yes"));
  const mail = app.read("convex/mail.ts").replace("/auth#invitation=", "/accept-invitation/");
  app.write("convex/mail.ts", mail);
  const auth = app.read("convex/auth.ts");
  app.write(
    "convex/auth.ts",
    auth
      .replace("plugins: [", "plugins: [organization(), ")
      .replace("import", 'import { organization } from "better-auth/plugins";\nimport'),
  );
  const ran = succeeded(await app.kitcn("add", "email", "--yes"));
  expect(app.read("convex/mail.ts")).toBe(mail);
  expect(ran.stdout).toContain(
    "link to SITE_URL/accept-invitation/<id>. Write that page yourself, or change the link in convex/mail.ts",
  );
});

test("options that were written by hand are followed by the next `add auth`", async () => {
  const app = await appWithAuth("next");
  const auth = app.read("convex/auth.ts");
  app.write("convex/auth.ts", auth.replace("enabled: true", "enabled: true, disableSignUp: true"));
  succeeded(await app.kitcn("add", "auth", "--yes"));
  expect(app.read(PAGE)).not.toContain("Create one");
});

describe("a client whose plugins kitcn cannot read", () => {
  const CLIENT = "src/lib/auth-client.ts";
  const listed = (list: string) => (text: string) =>
    text.replace(/plugins: \[[^\]]*\]/, `plugins: ${list}`) + "\ndeclare const more: any[];\n";
  const withTwoFactor = (text: string) =>
    text
      .replace("plugins: [", "plugins: [twoFactor(), ")
      .replace("import ", 'import { twoFactor } from "better-auth/plugins";\nimport ');

  test.each([
    ["a list that code makes", "[convexClient(), crossDomainClient()].concat(more)"],
    ["items of another list", "[convexClient(), crossDomainClient(), ...more]"],
  ])("has a note with the line, for plugins with parts in the pages: %s", async (_name, list) => {
    const app = await appWithAuth("vite");
    app.write(CLIENT, listed(list)(app.read(CLIENT)));
    const line =
      app
        .read(CLIENT)
        .split("\n")
        .findIndex((one) => one.includes(list)) + 1;
    const before = succeeded(await app.kitcn("add", "auth", "--dry-run"));
    expect(before.stdout).not.toContain("cannot read which plugins");
    app.write("convex/auth.ts", withTwoFactor(app.read("convex/auth.ts")));
    const ran = succeeded(await app.kitcn("add", "auth", "--yes"));
    expect(ran.stdout).toContain(
      `${CLIENT}:${line}: kitcn cannot read which plugins this auth client has, so the auth pages have no parts for two-factor.`,
    );

    // What the note asks for.
    app.write(
      CLIENT,
      app
        .read(CLIENT)
        .replace(list, "[convexClient(), crossDomainClient(), twoFactorClient()]")
        .replace(
          "import ",
          'import { twoFactorClient } from "better-auth/client/plugins";\nimport ',
        ),
    );
    const after = succeeded(await app.kitcn("add", "auth", "--yes"));
    expect(after.stdout).not.toContain("cannot read which plugins");
    expect(app.read("src/auth/AuthPage.tsx")).toContain("TwoFactor");
  });
});

describe("a page that somebody changed", () => {
  async function changed() {
    const app = await appWithAuth("next");
    const mine = app.read(PAGE).replace("Create one", "Join us");
    app.write(PAGE, mine);
    return { app, mine };
  }

  test("stays as it is, and the lines to add are printed", async () => {
    const { app, mine } = await changed();
    const ran = succeeded(await app.kitcn("add", "plugin", "two-factor", "--yes"));
    expect(app.read(PAGE)).toBe(mine);
    expect(ran.stdout).toContain(`You changed ${PAGE}, so kitcn did not edit it`);
    expect(ran.stdout).toContain('import { TwoFactor } from "./parts/TwoFactor";');
    expect(ran.stdout).toContain("<TwoFactor />");
    expect(app.read("app/auth/parts/TwoFactor.tsx")).toContain("verifyTotp");
    await expectInSync(app, "add", "plugin", "two-factor");
  });

  test("compiles with the parts that follow auth.ts, and with the printed lines in it", async () => {
    const app = await appWithAuth("next", { convex: "real", packages: ["react", "@types/react"] });
    for (const [name, text] of Object.entries(CONVEX_GENERATED))
      writeFileSync(app.path(join("convex", name)), text);
    app.write(
      "css.d.ts",
      'declare module "*.module.css" { const all: Record<string, string>; export default all }\n',
    );
    const problems = () => typeCheck([app.path(PAGE), app.path("css.d.ts")]);
    let mine = app.read(PAGE).replace("Create one", "Join us");
    app.write(PAGE, mine);
    const auth = app
      .read("convex/auth.ts")
      .replace("enabled: true", "enabled: true, requireEmailVerification: true")
      .replace(
        "emailAndPassword",
        "emailVerification: { sendVerificationEmail: async () => {} }, emailAndPassword",
      );
    app.write("convex/auth.ts", auth);
    const ran = succeeded(await app.kitcn("add", "plugin", "two-factor", "--yes"));
    expect(app.read(PAGE)).toBe(mine);
    expect(problems()).toEqual([]);
    const lines = [
      '  import { VerifyEmail } from "./parts/VerifyEmail";',
      '  import { TwoFactor } from "./parts/TwoFactor";',
      '  const [unverified, setUnverified] = useState("");',
      "  <SignForm onUnverified={setUnverified} />",
      "  {unverified && <VerifyEmail email={unverified} />}",
      "  const [isSecondStep, setIsSecondStep] = useState(false);",
      "  <SignForm onSecondStep={() => setIsSecondStep(true)} />",
      "  {isSecondStep && <TwoFactor />}",
    ];
    expect(ran.stdout).toContain(lines.join("\n"));
    mine = mine
      .replace("import { SignedIn }", `${lines.slice(0, 2).join("\n")}\nimport { SignedIn }`)
      .replace("const isSignedIn", `${lines[2]}\n${lines[5]}\nconst isSignedIn`)
      .replace(
        "<SignForm",
        "<SignForm onUnverified={setUnverified} onSecondStep={() => setIsSecondStep(true)}",
      )
      .replace("</Card>\n  );\n}\n", `${lines[4]}\n${lines[7]}\n</Card>\n  );\n}\n`);
    app.write(PAGE, mine);
    expect(problems()).toEqual([]);
    // The page still passes it, until its author removes the part.
    succeeded(await app.kitcn("remove", "plugin", "two-factor", "--yes"));
    expect(app.read("app/auth/parts/SignForm.tsx")).toContain("onSecondStep?: () => void");
  });

  test("shows guests the ways to sign up, with the printed lines in it", async () => {
    const { app, mine } = await changed();
    const ran = succeeded(await app.kitcn("add", "plugin", "anonymous", "--yes"));
    expect(app.read(PAGE)).toBe(mine);
    const [guest, signedIn, condition, notice] = [
      "  const isGuest = session?.user.isAnonymous === true;",
      "  const isSignedIn = !isGuest && Boolean(session);",
      "  if (!isGuest && session) {",
      "  {isGuest && <p className={styles.notice}>You are here as a guest. Create an account, or sign in.</p>}",
    ] as const;
    expect(ran.stdout).toContain([guest, signedIn, condition, notice].join("\n"));
    const shown = "{said}\n      {view.startsWith";
    const theirs = ["  const isSignedIn = Boolean(session);", "  if (session) {", shown];
    for (const line of theirs) expect(mine.split(line)).toHaveLength(2);
    const edited = mine
      .replace(theirs[0]!, `${guest}\n${signedIn}`)
      .replace(theirs[1]!, condition)
      .replace(shown, `${notice}\n${shown}`);
    const fresh = await appWithAuth("next");
    succeeded(await fresh.kitcn("add", "plugin", "anonymous", "--yes"));
    const format = (text: string) => prettier.format(text, { parser: "typescript" });
    const wanted = fresh.read(PAGE).replace("Create one", "Join us");
    expect(await format(edited)).toBe(await format(wanted));
    app.write(PAGE, edited);
    const again = succeeded(await app.kitcn("add", "plugin", "anonymous", "--yes"));
    expect(again.stdout).not.toContain("guest");
  });

  test("gets the two views of organizations beside it, with all that they need", async () => {
    const { app, mine } = await changed();
    const views = app.read(SIGNED_IN);
    succeeded(await app.kitcn("add", "plugin", "organization", "--yes"));
    expect(app.read(PAGE)).toBe(mine);
    expect(app.read(SIGNED_IN)).toContain("<Organization />");
    succeeded(await app.kitcn("remove", "plugin", "organization", "--yes"));
    expect(app.read(SIGNED_IN)).toBe(views);
    const theirs = views.replace("Your account</a>", "Your profile</a>");
    app.write(SIGNED_IN, theirs);
    const ran = succeeded(await app.kitcn("add", "plugin", "organization", "--yes"));
    expect(app.read(SIGNED_IN)).toBe(theirs);
    const lines = [
      '  import { Organization } from "./Organization";',
      '  import { Invitation } from "./Invitation";',
      "  <Organization />",
      "  <Invitation key={invitation} id={invitation} />",
    ];
    expect(ran.stdout).toContain(lines.join("\n"));
    for (const name of ["Organizations", "Members", "Invitations", "InvitationAnswer"])
      expect(app.snapshot()).toHaveProperty([`app/auth/parts/${name}.tsx`]);
    succeeded(await app.kitcn("remove", "plugin", "organization", "--yes"));
    const left = Object.keys(pagesOf(app)).filter((one) => /Organi|Member|Invit/.test(one));
    expect(left).toEqual([]);
  });

  test("keeps a part that it shows, and loses one that it does not", async () => {
    const { app, mine } = await changed();
    succeeded(await app.kitcn("add", "plugin", "two-factor", "magic-link", "--yes"));
    app.write(PAGE, `${mine}\nexport { TwoFactor } from "./parts/TwoFactor";\n`);
    const ran = succeeded(await app.kitcn("remove", "plugin", "two-factor", "magic-link", "--yes"));
    expect(app.snapshot()).toHaveProperty(["app/auth/parts/TwoFactor.tsx"]);
    expect(app.snapshot()).not.toHaveProperty(["app/auth/parts/MagicLink.tsx"]);
    expect(ran.stdout).toContain("no plugin or option for: TwoFactor.");
  });

  test("does not get a part again that its author deleted", async () => {
    const { app } = await changed();
    app.remove("app/auth/parts/Session.tsx");
    succeeded(await app.kitcn("add", "plugin", "two-factor", "--yes"));
    expect(app.snapshot()).not.toHaveProperty(["app/auth/parts/Session.tsx"]);
  });

  test("is kitcn's again once the change is taken back", async () => {
    const { app, mine } = await changed();
    app.write(PAGE, mine.replace("Join us", "Create one"));
    succeeded(await app.kitcn("add", "plugin", "magic-link", "--yes"));
    expect(app.read(PAGE)).toContain("<MagicLink />");
  });
});

test("an account that somebody changed stays, and its page follows", async () => {
  const app = await appWithAuth("next");
  const account = "app/auth/parts/Account.tsx";
  const mine = app.read(account).replace("<Sessions />", "<p>Mine</p>\n      <Sessions />");
  app.write(account, mine);
  const ran = succeeded(await app.kitcn("add", "plugin", "two-factor", "--yes"));
  expect(app.read(account)).toBe(mine);
  expect(ran.stdout).toContain(`You changed ${account}, so kitcn did not edit it`);
  expect(ran.stdout).toContain('import { TwoFactorSettings } from "./TwoFactorSettings";');
  expect(app.read(PAGE)).toContain("<TwoFactor />");
});

test("a part that somebody changed stays, and the page and its other parts follow", async () => {
  const app = await appWithAuth("next");
  const part = "app/auth/parts/SignForm.tsx";
  const mine = app.read(part).replace('"Create account"', '"Join"');
  app.write(part, mine);
  succeeded(await app.kitcn("add", "plugin", "magic-link", "--yes"));
  expect(app.read(part)).toBe(mine);
  expect(app.read(PAGE)).toContain("<MagicLink />");
});

test("files that only prettier laid out otherwise follow", async () => {
  const app = await appWithAuth("next");
  const options = { printWidth: 50, semi: false, singleQuote: true, jsxSingleQuote: true };
  const style = { useTabs: true, quoteProps: "consistent", trailingComma: "none" } as const;
  for (const [file, text] of Object.entries(pagesOf(app))) {
    const parser = file.endsWith(".css") ? "css" : "typescript";
    const laidOut = await prettier.format(text, {
      parser,
      arrowParens: "avoid",
      ...options,
      ...style,
    });
    app.write(file, laidOut);
  }
  const before = app.snapshot();
  succeeded(await app.kitcn("add", "auth", "--yes"));
  expect(app.snapshot()).toEqual(before);
  succeeded(await app.kitcn("add", "plugin", "username", "magic-link", "--yes"));
  expect(app.read(PAGE)).toContain("<MagicLink />");
  expect(app.read("app/auth/parts/SignForm.tsx")).toContain("User name");
});

describe("an edit that differs from kitcn's text by few characters alone", () => {
  test.each([
    ["Sign in instead", "Signin instead"],
    [
      "error && error.status !== 401 && !isPending",
      "error && !(error.status !== 401 && isPending)",
    ],
  ])("in the page: %s -> %s", async (from, to) => {
    const app = await appWithAuth("next");
    const mine = app.read(PAGE).replace(from, to);
    expect(mine).not.toBe(app.read(PAGE));
    app.write(PAGE, mine);
    const ran = succeeded(await app.kitcn("add", "plugin", "magic-link", "--yes"));
    expect(app.read(PAGE)).toBe(mine);
    expect(ran.stdout).toContain(`You changed ${PAGE}, so kitcn did not edit it`);
  });

  test("in a part, which is named when kitcn would write it otherwise", async () => {
    const app = await appWithAuth("next");
    const part = "app/auth/parts/SignForm.tsx";
    const mine = app.read(part).replace('"Create account"', '"Create, account"');
    app.write(part, mine);
    const ran = succeeded(await app.kitcn("add", "plugin", "username", "--yes"));
    expect(app.read(part)).toBe(mine);
    expect(ran.stdout).toContain(
      `You changed ${part}, so kitcn did not edit it. Compare it with node_modules/kitcn/templates/auth-page/parts/SignForm.tsx`,
    );
    app.write(part, mine.replace("Create, account", "Create account"));
    succeeded(await app.kitcn("add", "auth", "--yes"));
    expect(app.read(part)).toContain("User name");
  });

  test("in the styles, which are named once kitcn has others", async () => {
    const app = await appWithAuth("next");
    const styles = "app/auth/auth.module.css";
    const mine = app.read(styles).replace("padding: 0.5rem 0.75rem", "padding: 0.5rem, 0.75rem");
    expect(mine).not.toBe(app.read(styles));
    app.write(styles, mine);
    const lock = JSON.parse(app.read("convex/plugins.lock.json")) as Lock;
    lock.plugins["better-auth"].pages![`../${styles}`] = "000000000000";
    app.write("convex/plugins.lock.json", JSON.stringify(lock));
    const ran = succeeded(await app.kitcn("add", "plugin", "magic-link", "--yes"));
    expect(app.read(styles)).toBe(mine);
    expect(ran.stdout).toContain(`You changed ${styles}, so kitcn did not edit it`);
  });
});

describe("a page of an earlier kitcn, of which no lock knows", () => {
  async function upgraded(edit: (page: string) => string) {
    const app = await appWithAuth("next");
    for (const file of Object.keys(pagesOf(app)).filter((one) => one.includes("/parts/")))
      app.remove(file);
    const page = earlier("AuthPage.tsx").replace("../auth-client.js", "../../lib/auth-client");
    app.write(PAGE, edit(page));
    app.write("app/auth/auth.module.css", earlier("auth.module.css"));
    const lock = JSON.parse(app.read("convex/plugins.lock.json")) as Lock;
    delete lock.plugins["better-auth"].pages;
    app.write("convex/plugins.lock.json", JSON.stringify(lock));
    return app;
  }

  test("follows where nobody changed it", async () => {
    const app = await upgraded((page) =>
      page.replace(/(const PROVIDERS.*) = \[\]/, '$1 = [{ id: "github", name: "GitHub" }]'),
    );
    succeeded(await app.kitcn("add", "plugin", "magic-link", "--yes"));
    expect(app.read(PAGE)).toContain("<MagicLink />");
    expect(app.read("app/auth/auth.module.css")).toContain(".check");
    await expectInSync(app, "add", "plugin", "magic-link");
  });

  test("stays where somebody did", async () => {
    const app = await upgraded((page) => page.replace("Create one", "Join us"));
    const mine = app.read(PAGE);
    const ran = succeeded(await app.kitcn("add", "plugin", "magic-link", "--yes"));
    expect(app.read(PAGE)).toBe(mine);
    expect(ran.stdout).toContain('import { MagicLink } from "./parts/MagicLink";');
    expect(app.snapshot()).toHaveProperty(["app/auth/parts/MagicLink.tsx"]);
    expect(app.snapshot()).not.toHaveProperty(["app/auth/parts/SignForm.tsx"]);
    await expectInSync(app, "add", "plugin", "magic-link");
  });
});

test("organizations have the roles of auth.ts, and no form that auth.ts does not allow", async () => {
  const app = await appWithAuth("next");
  succeeded(await app.kitcn("add", "plugin", "organization", "--yes"));
  expect(app.read(SIGNED_IN)).toContain('hash === "#organization"');
  expect(app.read("app/auth/parts/roles.ts")).toContain('["member", "admin"]');
  const auth = app.read("convex/auth.ts");
  const options = "allowUserToCreateOrganization: false, sendInvitationEmail: async () => {}";
  app.write("convex/auth.ts", auth.replace("organization()", `organization({ ${options} })`));
  succeeded(await app.kitcn("add", "auth", "--yes"));
  expect(app.read("app/auth/parts/Organizations.tsx")).not.toContain("Create organization");
  expect(app.read("app/auth/parts/Invitations.tsx")).toContain("We sent an invitation");
});

test("a plugin that the auth client lacks brings no part", async () => {
  const app = await appWithAuth("next");
  app.write(
    "convex/auth.ts",
    app
      .read("convex/auth.ts")
      .replace("plugins: [", "plugins: [twoFactor(), ")
      .replace("import", 'import { twoFactor } from "better-auth/plugins";\nimport'),
  );
  succeeded(await app.kitcn("add", "social", "github", "--yes"));
  expect(app.read(PAGE)).not.toContain("TwoFactor");
  expect(app.read(PAGE)).toContain("<SocialButtons />");
});

test("an app without the page gets none of it", async () => {
  const app = await appWithAuth("next", { flags: ["--ui", "none"] });
  succeeded(await app.kitcn("add", "plugin", "two-factor", "--yes"));
  expect(pagesOf(app)).toEqual({});
});
