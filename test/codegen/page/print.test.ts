// The printed pages of every combination of features: they compile, keep their layout, and have what they show.
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import prettier from "prettier";
import ts from "typescript";
import { afterAll, describe, expect, test } from "vitest";
import {
  featuresOf,
  limitsOf,
  rolesOf,
  type Feature,
  type Features,
} from "../../../codegen/page/features.js";
import { EXPO_PAGES, WEB_PAGES } from "../../../codegen/page/files.js";
import { withFeatures } from "../../../codegen/page/print.js";
import { stripTypes } from "../../../codegen/edit/index.js";
import { printPages, writePages, type Pages } from "../support/auth-pages.js";

const ROOT = join(import.meta.dirname, "../../..");
mkdirSync(join(ROOT, ".tmp"), { recursive: true });
const dir = mkdtempSync(join(ROOT, ".tmp/pages-"));
afterAll(() => rmSync(dir, { recursive: true }));

const send = () => Promise.resolve();
const PASSWORD = { emailAndPassword: { enabled: true } };
const MAILED = {
  emailAndPassword: { enabled: true, requireEmailVerification: true, sendResetPassword: send },
  emailVerification: { sendVerificationEmail: send },
};
const USER = { user: { changeEmail: { enabled: true }, deleteUser: { enabled: true } } };
const SOCIAL = { socialProviders: { github: {}, "my-idp": {} } };
const CLIENTS = {
  anonymous: ["anonymousClient", "better-auth/client/plugins"],
  "email-otp": ["emailOTPClient", "better-auth/client/plugins"],
  "magic-link": ["magicLinkClient", "better-auth/client/plugins"],
  organization: ["organizationClient", "better-auth/client/plugins"],
  passkey: ["passkeyClient", "@better-auth/passkey/client"],
  "two-factor": ["twoFactorClient", "better-auth/client/plugins"],
  username: ["usernameClient", "better-auth/client/plugins"],
} as const;
type Client = keyof typeof CLIENTS;

/** An app with these options, and these plugins on both sides. */
function app(options: object, ...clients: Client[]) {
  const plugins = clients.map((id) => ({ id, options: MAILING }));
  const input = { options: { ...options, plugins }, clients, drawsCodes: true };
  return { features: featuresOf(input), clients };
}
const MAILING = { otpOptions: { sendOTP: send }, sendInvitationEmail: send };
const MAIL_ONLY = { ...MAILING, totpOptions: { disable: true } };
const ALLOWING = { allowPasswordless: true };
const CLOSED = { id: "organization", options: { allowUserToCreateOrganization: false } };
const ALL = Object.keys(CLIENTS) as Client[]; // its own keys

const APPS: Readonly<Record<string, { features: Features; clients: readonly Client[] }>> = {
  "a password alone": app(PASSWORD),
  "no sign-in after sign-up": app({ emailAndPassword: { enabled: true, autoSignIn: false } }),
  "no sign-up": app({ emailAndPassword: { enabled: true, disableSignUp: true } }),
  "accounts that end": app({ ...PASSWORD, ...USER }),
  "mails about passwords and addresses": app(MAILED),
  "a new password alone": app({ emailAndPassword: { enabled: true, sendResetPassword: send } }),
  "social providers alone": app(SOCIAL),
  "social providers and a password": app({ ...PASSWORD, ...SOCIAL }),
  ...Object.fromEntries(ALL.map((id) => [`${id} with a password`, app(PASSWORD, id)])),
  "a second step also without a password": {
    features: featuresOf({
      options: { ...MAILED, plugins: [{ id: "two-factor", options: ALLOWING }] },
      clients: ["two-factor"],
    }),
    clients: ["two-factor"],
  },
  "codes that confirm addresses": app(
    { emailAndPassword: { enabled: true, requireEmailVerification: true } },
    "email-otp",
  ),
  "codes that confirm addresses, and organizations": app(PASSWORD, "email-otp", "organization"),
  "a second step by mail alone": {
    features: featuresOf({
      options: { ...PASSWORD, plugins: [{ id: "two-factor", options: MAIL_ONLY }] },
      clients: ["two-factor"],
    }),
    clients: ["two-factor"],
  },
  "a second step by mail alone, also without a password": {
    features: featuresOf({
      options: {
        ...PASSWORD,
        plugins: [{ id: "two-factor", options: { ...MAIL_ONLY, ...ALLOWING } }],
      },
      clients: ["two-factor"],
    }),
    clients: ["two-factor"],
  },
  "magic links alone": app({}, "magic-link"),
  "passkeys alone": app({}, "passkey"),
  "organizations that nobody creates, and no mail": {
    features: featuresOf({ options: { plugins: [CLOSED] }, clients: ["organization"] }),
    clients: ["organization"],
  },
  "everything without a password": app({ ...SOCIAL, ...USER }, ...ALL),
  everything: app({ ...MAILED, ...SOCIAL, ...USER }, ...ALL),
};

const SETS = [WEB_PAGES, EXPO_PAGES];

const pagesOf = (features: Features, extension: "" | ".js" = ".js"): Pages => ({
  features,
  providers: features.has("social") ? ["github", "my-idp"] : [],
  extension,
});

function printClient(clients: readonly Client[]): string {
  const imports = clients.map((id) => `import { ${CLIENTS[id][0]} } from "${CLIENTS[id][1]}";\n`);
  const calls = clients.map((id) => `${CLIENTS[id][0]}()`).join(", ");
  return `import { createAuthClient } from "better-auth/react";\n${imports.join("")}
export const authClient = createAuthClient({ plugins: [${calls}] });\n`;
}

/** Types for React Native, which is not installed here. */
const NATIVE = join(ROOT, "templates/expo-page/native.d.ts");

describe("features", () => {
  test.each<{ options: object; clients?: Client[]; want: Feature[] }>([
    { options: PASSWORD, want: ["links", "moves", "password", "sign-up"] },
    { options: {}, want: ["links", "moves", "password", "sign-up"] },
    { options: SOCIAL, want: ["social", "ways"] },
    {
      options: MAILED,
      want: [
        "confirmation",
        "links",
        "mailed-link",
        "mailed-session",
        "moves",
        "password",
        "reset",
        "sign-up",
        "sign-up-mail",
        "verification",
        "verify-email",
        "views",
      ],
    },
    {
      options: { ...PASSWORD, plugins: [{ id: "two-factor" }, { id: "magic-link" }] },
      clients: ["two-factor"],
      want: [
        "links",
        "moves",
        "password",
        "sections",
        "sign-up",
        "two-factor",
        "two-factor-app",
        "views",
      ],
    },
    {
      options: { ...PASSWORD, plugins: [{ id: "two-factor", options: ALLOWING }] },
      clients: ["two-factor"],
      want: [
        "links",
        "moves",
        "password",
        "sections",
        "sign-up",
        "two-factor",
        "two-factor-app",
        "two-factor-passwordless",
        "views",
      ],
    },
    {
      options: { ...PASSWORD, plugins: [{ id: "two-factor", options: MAIL_ONLY }] },
      clients: ["two-factor"],
      want: [
        "links",
        "moves",
        "password",
        "sections",
        "sign-up",
        "two-factor",
        "two-factor-mail",
        "views",
      ],
    },
    { options: PASSWORD, clients: ["two-factor"], want: ["links", "moves", "password", "sign-up"] },
    {
      options: { plugins: [{ id: "two-factor", options: MAILING }, { id: "passkey" }] },
      clients: ["two-factor", "passkey"],
      want: ["passkey", "sections", "ways"],
    },
    {
      options: { ...SOCIAL, plugins: [{ id: "organization", options: MAILING }] },
      clients: ["organization"],
      want: [
        "links",
        "organization",
        "organization-create",
        "organization-mail",
        "sections",
        "social",
        "ways",
      ],
    },
    {
      options: { ...SOCIAL, plugins: [CLOSED] },
      clients: ["organization"],
      want: ["links", "organization", "sections", "social", "ways"],
    },
    { options: { ...SOCIAL, plugins: [CLOSED] }, want: ["social", "ways"] },
  ])("$want", ({ options, clients = [], want }) => {
    expect([...featuresOf({ options, clients })].sort()).toEqual(want);
  });

  test("have a QR code where the page can draw one, for an authenticator app alone", () => {
    const features = (options: object, drawsCodes: boolean) =>
      featuresOf({
        options: { ...PASSWORD, plugins: [{ id: "two-factor", options }] },
        clients: ["two-factor"],
        drawsCodes,
      });
    expect(features(MAILING, true).has("qr-code")).toBe(true);
    expect(features(MAILING, false).has("qr-code")).toBe(false);
    expect(features(MAIL_ONLY, true).has("qr-code")).toBe(false);
  });

  test("of options that nobody could load are those of a new app", () => {
    expect(featuresOf({ options: undefined, clients: [] })).toEqual(
      APPS["a password alone"]!.features,
    );
  });
});

describe("the roles to invite with", () => {
  test.each<{ options?: object; want: string[] }>([
    { want: ["member", "admin"] },
    { options: {}, want: ["member", "admin"] },
    { options: { creatorRole: "admin" }, want: ["member", "owner"] },
    {
      options: { roles: { owner: {}, editor: {}, "view-only": {} } },
      want: ["editor", "view-only"],
    },
  ])("$options: $want", ({ options, want }) => {
    expect(rolesOf({ plugins: [{ id: "organization", options }] })).toEqual(want);
  });

  test("are in the text, with the creator's", () => {
    const roles = { roles: ["editor", 'a"b'], creatorRole: 'b"c' };
    const pages = { ...pagesOf(APPS.everything!.features), ...roles };
    const text = printPages(pages).get("parts/roles.ts");
    expect(text).toContain('const ROLES: string[] = ["editor","a\\"b"];');
    expect(text).toContain('const CREATOR_ROLE = "b\\"c";');
  });
});

test("the limits are in the text: those of auth.ts, or Better Auth's", () => {
  const text = (options: object | undefined) =>
    printPages({ ...pagesOf(APPS.everything!.features), limits: limitsOf(options) }).get(
      "parts/limits.ts",
    );
  const ofUsers = { id: "username", options: { minUsernameLength: 5 } };
  const ofCodes = { id: "two-factor", options: { accountLockout: { durationSeconds: 90 } } };
  const given = { emailAndPassword: { minPasswordLength: 12 }, plugins: [ofUsers, ofCodes] };
  const wanted = [
    { options: undefined, want: [8, 3, 15] },
    { options: { plugins: [] }, want: [8, 3, 15] },
    { options: given, want: [12, 5, 2] },
  ];
  for (const { options, want } of wanted) {
    const found = [...text(options)!.matchAll(/(\w+): number = (\d+);/g)];
    expect(found.map(([, name]) => name)).toEqual(Object.keys(limitsOf(options)));
    expect(found.map(([, , value]) => Number(value))).toEqual(want);
  }
});

describe("the text", () => {
  test("has every feature's lines, and no mark", () => {
    const template = "a\n  // @if social\nb\n  {/* @if !views */}\nc\n  {/* @end */}\n// @end\nd";
    expect(withFeatures(template, new Set(["social"]))).toBe("a\nb\nc\nd");
    expect(withFeatures(template, new Set(["social", "views"]))).toBe("a\nb\nd");
    expect(withFeatures(template, new Set())).toBe("a\nd");
    for (const { features } of Object.values(APPS))
      for (const set of SETS)
        for (const [path, text] of printPages({ ...pagesOf(features), set }))
          expect(text, path).not.toMatch(/@if|@end/);
  });

  test("uses classes of the style sheet alone, and each of them somewhere", () => {
    const pages = printPages(pagesOf(APPS.everything!.features));
    const code = [...pages].filter(([path]) => !path.endsWith(".css")).map(([, text]) => text);
    const used = [...code.join("\n").matchAll(/styles\.(\w+)/g)].map(([, name]) => name);
    const sheet = pages.get("auth.module.css")!;
    const defined = [...sheet.matchAll(/\.([a-z]+)\b(?!\w*[;)])/gi)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual([...new Set(defined)].sort());
  });

  test("is formatted the same by prettier a second time, and is JavaScript without its types", async () => {
    const everything = pagesOf(APPS.everything!.features);
    for (const [path, text] of SETS.flatMap((set) => [...printPages({ ...everything, set })])) {
      const parser = path.endsWith(".css") ? "css" : "typescript";
      const once = await prettier.format(text, { parser });
      expect(await prettier.format(once, { parser }), path).toBe(once);
      if (parser === "typescript")
        expect(() => prettier.format(stripTypes(text), { parser: "babel" })).not.toThrow();
    }
  });

  test("is in a file that the table knows, whatever the app has", () => {
    for (const set of SETS) {
      const known = new Set(set.files.map(({ path }) => path));
      const all = [...printPages({ ...pagesOf(APPS.everything!.features), set }).keys()];
      expect(new Set(all)).toEqual(known);
    }
  });
});

test.each(["NodeNext", "Bundler"] as const)("every combination compiles strictly (%s)", (name) => {
  const isBundler = name === "Bundler";
  const root = join(dir, name);
  mkdirSync(root);
  writeFileSync(join(root, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(root, "css.d.ts"),
    'declare module "*.module.css" { const styles: Readonly<Record<string, string>>; export default styles; }',
  );
  // Specifiers are all that differs.
  const apps = Object.entries(APPS).filter(([title]) => isBundler || title === "everything");
  const sets = isBundler ? SETS : [WEB_PAGES];
  const files = apps.flatMap(([title, { features, clients }]) =>
    sets.flatMap((set) => {
      const folder = join(root, set.folder, title.replaceAll(" ", "-"));
      const pages = { ...pagesOf(features, isBundler ? "" : ".js"), set };
      return writePages(folder, pages, printClient(clients));
    }),
  );
  const program = ts.createProgram(
    [...files.filter((file) => !file.endsWith(".css")), join(root, "css.d.ts"), NATIVE],
    {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
      skipLibCheck: true,
      noEmit: true,
      jsx: ts.JsxEmit.ReactJSX,
      target: ts.ScriptTarget.ES2022,
      module: isBundler ? ts.ModuleKind.ESNext : ts.ModuleKind.NodeNext,
      moduleResolution: isBundler
        ? ts.ModuleResolutionKind.Bundler
        : ts.ModuleResolutionKind.NodeNext,
      lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
      types: ["react", "react-dom"],
    },
  );
  const problems = ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const where = file?.fileName.slice(root.length + 1) ?? "";
    return `${where}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
  expect(problems).toEqual([]);
});
