// `kitcn add plugin` on the forms that auth.ts and the auth client may have: what is edited, what stays byte for byte,
// and what is refused.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, stubCloudDeployment } from "../support/cli.js";
import { appWithAuth, succeeded, type Case } from "./support.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const HEAD = `import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";
`;
const CONVEX = "convex({ authConfig, jwks: process.env.JWKS })";

const AUTH_CONFIG = `import { getAuthConfigProvider } from "kitcn/auth/config";

export default { providers: [getAuthConfigProvider()] };
`;

const CASES: Readonly<Record<string, Case>> = {
  "a list on one line": {
    given: `${HEAD}
export default defineAuth(() => ({
  plugins: [${CONVEX}],
}));
`,
    want: {
      "convex/auth.ts": `import { username } from "better-auth/plugins";
${HEAD}
export default defineAuth(() => ({
  plugins: [${CONVEX}, username()],
}));
`,
    },
  },
  "no list": {
    given: `import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  emailAndPassword: { enabled: true }, // mine
}));
`,
    want: {
      "convex/auth.ts": `import { username } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  emailAndPassword: { enabled: true }, // mine
  plugins: [username()],
}));
`,
    },
  },
  "an import under another name, in single quotes without semicolons": {
    given: `import { organization as org } from 'better-auth/plugins'
import { username as names } from 'better-auth/plugins/username'
import { defineAuth } from './generated/auth'

export default defineAuth(() => ({
    plugins: [
        org() // theirs
    ]
}))
`,
    names: ["username", "magic-link"],
    want: {
      "convex/auth.ts": `import { magicLink, organization as org } from 'better-auth/plugins'
import { username as names } from 'better-auth/plugins/username'
import { defineAuth } from './generated/auth'

export default defineAuth(() => ({
    plugins: [
        org(), // theirs
        names(),
        magicLink({
            // TODO(kitcn): send this link by mail, with npx kitcn add email. Until then it is in the function's log.
            sendMagicLink: async ({ email, url }) => {
                console.log(\`Sign-in link for \${email}: \${url}\`)
            }
        })
    ]
}))
`,
    },
  },
  "names that no longer fit on one line": {
    given: `import { organization } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ plugins: [organization()] }));
`,
    names: ["username", "multi-session", "bearer", "last-login-method"],
    want: {
      "convex/auth.ts": `import {
  bearer,
  lastLoginMethod,
  multiSession,
  organization,
  username,
} from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ plugins: [
  organization(),
  username(),
  multiSession(),
  bearer(),
  lastLoginMethod(),
] }));
`,
    },
  },
  "names that fit on a line of the app's prettier config, beside a line of the user's that does not":
    {
      given: `import { organization } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
import { somethingOfTheirOwnWithALongName, somethingElseOfTheirOwnWithALongName } from "../shared/theirs";

export default defineAuth(() => ({ plugins: [organization()] }));
export { somethingOfTheirOwnWithALongName, somethingElseOfTheirOwnWithALongName };
`,
      files: {
        ".prettierrc": '{ "printWidth": 100 }',
        "shared/theirs.ts": `export const somethingOfTheirOwnWithALongName = 1;
export const somethingElseOfTheirOwnWithALongName = 2;
`,
      },
      names: ["username", "multi-session", "bearer", "last-login-method"],
      want: {
        "convex/auth.ts": `import { bearer, lastLoginMethod, multiSession, organization, username } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";
import { somethingOfTheirOwnWithALongName, somethingElseOfTheirOwnWithALongName } from "../shared/theirs";

export default defineAuth(() => ({ plugins: [
  organization(),
  username(),
  multiSession(),
  bearer(),
  lastLoginMethod(),
] }));
export { somethingOfTheirOwnWithALongName, somethingElseOfTheirOwnWithALongName };
`,
      },
    },
  "a namespace": {
    given: `import * as all from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ plugins: [all.jwt()] }));
`,
    want: {
      "convex/auth.ts": `import * as all from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({ plugins: [all.jwt(), all.username()] }));
`,
    },
  },
  "a constant of the module, options of a function that returns them": {
    given: `${HEAD}
const plugins = [${CONVEX}];

export default defineAuth((ctx) => {
  return { plugins };
});
`,
    want: {
      "convex/auth.ts": `import { username } from "better-auth/plugins";
${HEAD}
const plugins = [${CONVEX}, username()];

export default defineAuth((ctx) => {
  return { plugins };
});
`,
    },
  },
  "a constant inside of the function": {
    given: `${HEAD}
export default defineAuth(() => {
  const plugins = [convex({ authConfig })] as const;
  const options = { plugins: [...plugins] };
  return { ...options, plugins };
});
`,
    want: {
      "convex/auth.ts": `import { username } from "better-auth/plugins";
${HEAD}
export default defineAuth(() => {
  const plugins = [convex({ authConfig }), username()] as const;
  const options = { plugins: [...plugins] };
  return { ...options, plugins };
});
`,
    },
  },
  "a constant of another module": {
    given: `import { defineAuth } from "./generated/auth";
import { list } from "../shared/auth/plugins";

export default defineAuth(() => ({ plugins: list }));
`,
    files: {
      "shared/auth/plugins.ts": `import { admin } from "better-auth/plugins";

export const list = [admin()];
`,
    },
    want: {
      "shared/auth/plugins.ts": `import { admin, username } from "better-auth/plugins";

export const list = [admin(), username()];
`,
    },
  },
  "a definition of another module": {
    given: `export { default } from "./real/auth";\n`,
    files: {
      "convex/real/auth.ts": `import { defineAuth } from "../generated/auth";

const define = () => ({ plugins: [] });
export default defineAuth(define);
`,
    },
    want: {
      "convex/real/auth.ts": `import { username } from "better-auth/plugins";
import { defineAuth } from "../generated/auth";

const define = () => ({ plugins: [
  username(),
] });
export default defineAuth(define);
`,
    },
  },
  "a list with other lists in it": {
    given: `import { admin } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const more = process.env.MORE === "1" ? [admin()] : [];
export default defineAuth(() => ({ plugins: [...more] }));
`,
    want: {
      "convex/auth.ts": `import { admin, username } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const more = process.env.MORE === "1" ? [admin()] : [];
export default defineAuth(() => ({ plugins: [...more, username()] }));
`,
    },
  },
};

describe("auth.ts with", () => {
  test.each(Object.entries(CASES))("%s", async (_name, { given, files = {}, names, want }) => {
    const own: Record<string, string> = { "convex/auth.ts": given, ...files };
    const app = cliApp("plain", { files: { "convex/auth.config.ts": AUTH_CONFIG, ...own } });
    const asked = names ?? ["username"];
    succeeded(await app.kitcn("add", "plugin", ...asked, "--yes"));
    for (const [file, text] of Object.entries({ ...own, ...want }))
      expect(app.read(file), file).toBe(text);
    expect(app.read("convex/schema.ts")).toContain("displayUsername");

    const after = app.snapshot();
    const again = succeeded(await app.kitcn("add", "plugin", ...asked, "--yes"));
    expect(again.stdout).toContain("nothing was written");
    expect(app.snapshot()).toEqual(after);
  });
});

test("a plugin that a computed list has already is not added", async () => {
  const given = `import { username } from "better-auth/plugins";
import { defineAuth } from "./generated/auth";

const make = () => [username()];
export default defineAuth(() => ({ plugins: make() }));
`;
  const app = cliApp("plain", { files: { "convex/auth.ts": given } });
  const ran = succeeded(await app.kitcn("add", "plugin", "username", "--yes"));
  expect(ran.stdout).toContain("username: is there already");
  expect(app.read("convex/auth.ts")).toBe(given);
});

describe("a plugin that is there under a condition is not added a second time:", () => {
  test.each([
    ["a spread list", `[${CONVEX}, ...(process.env.TS ? [captcha(options)] : [])]`, 7],
    ["an expression", `[${CONVEX}, process.env.TS && captcha(options)].filter((one) => !!one)`, 7],
    ["a constant", `[${CONVEX}, ...more]`, 8],
  ])("%s", async (_name, list, line) => {
    const given = `${HEAD}import { captcha } from "better-auth/plugins";

const options = { provider: "cloudflare-turnstile", secretKey: "s" } as const;
export default defineAuth(() => ({ plugins: ${list} }));
const more = process.env.TS ? [captcha(options)] : [];
`;
    const files = { "convex/auth.config.ts": AUTH_CONFIG, "convex/auth.ts": given };
    const app = cliApp("plain", { files });
    const ran = succeeded(await app.kitcn("add", "plugin", "captcha", "--yes"));
    expect(ran.stdout).toContain("captcha: is there already");
    const note = `convex/auth.ts:${line}: auth.ts has captcha under a condition that is false here`;
    expect(ran.stdout).toContain(note);
    const again = succeeded(await app.kitcn("add", "plugin", "captcha", "--yes"));
    expect(again.stdout).toContain("nothing was written");
    expect(again.stdout).toContain(note);
    expect(app.read("convex/auth.ts")).toBe(given);
    const removed = await app.kitcn("remove", "plugin", "captcha", "--yes");
    expect(removed).toMatchObject({ code: 1 });
    expect(removed.stderr).toContain(
      `captcha (convex/auth.ts:${line}), but kitcn does not find it`,
    );
    expect(app.read("convex/auth.ts")).toBe(given);
  });

  test("the auth client's list", async () => {
    const app = await appWithAuth("vite");
    const path = "src/lib/auth-client.ts";
    const client = `import { twoFactorClient } from "better-auth/client/plugins";\n${app.read(path)}`;
    const given = client.replace(
      /plugins: \[/,
      "plugins: [...(document.title ? [twoFactorClient()] : []), ",
    );
    app.write(path, given);
    succeeded(await app.kitcn("add", "plugin", "two-factor", "--yes"));
    expect(app.read("convex/auth.ts")).toContain("twoFactor()");
    expect(app.read(path)).toBe(given);
  });
});

describe("an app on another site gets the addresses of that site, with crossDomain() in", () => {
  test("auth.ts itself", async () => {
    const app = await appWithAuth("vite");
    succeeded(await app.kitcn("add", "plugin", "oauth-proxy", "--yes"));
    const auth = app.read("convex/auth.ts");
    expect(auth).toContain("currentURL: process.env.CONVEX_SITE_URL,");
    expect(auth).toContain("productionURL: 'https://your-deployment.convex.site'");
  });

  test.each([
    [
      "the module of its list",
      "convex/plugins.ts",
      `import { convex, crossDomain } from "kitcn/auth";
import authConfig from "./auth.config";

export const plugins = [convex({ authConfig }), crossDomain({ siteUrl: "http://localhost:5173" })];
`,
      `import { defineAuth } from "./generated/auth";
import { plugins } from "./plugins";

export default defineAuth(() => ({ plugins }));
`,
    ],
    [
      "the module of its options, from the other entry",
      "convex/options.ts",
      `import { convex } from "kitcn/auth";
import { crossDomain } from "kitcn/auth/plugin";
import authConfig from "./auth.config";

export const options = {
  plugins: [convex({ authConfig }), crossDomain({ siteUrl: "http://localhost:5173" })],
};
`,
      `import { defineAuth } from "./generated/auth";
import { options } from "./options";

export default defineAuth(() => options);
`,
    ],
  ])("%s", async (_name, path, text, auth) => {
    const app = await appWithAuth("vite");
    app.write("convex/auth.ts", auth);
    app.write(path, text);
    succeeded(await app.kitcn("add", "plugin", "passkey", "device-authorization", "--yes"));
    expect(app.read("convex/auth.ts")).toBe(auth);
    const site = 'process.env.SITE_URL ?? "http://localhost:5173"';
    expect(app.read(path)).toContain(`rpID: new URL(${site}).hostname`);
    expect(app.read(path).replaceAll(/\s/g, "")).toContain(
      `verificationUri:new URL("/device",${site},).href`.replaceAll(" ", ""),
    );
    succeeded(await app.kitcn("remove", "plugin", "passkey", "device-authorization", "--yes"));
    expect(app.read(path).replaceAll(/[\s,]/g, "")).toBe(text.replaceAll(/[\s,]/g, ""));
  });
});

describe("nothing is written where", () => {
  test("a list is computed: every place is named, with the lines to write", async () => {
    const app = await appWithAuth("next");
    app.write(
      "convex/auth.ts",
      `import { defineAuth } from "./generated/auth";

const make = () => [];
export default defineAuth(() => ({
  plugins: make(),
}));
`,
    );
    const client = app.read("lib/auth-client.ts");
    app.write("lib/auth-client.ts", client.replace("[convexClient()]", "[convexClient()].slice()"));
    const before = app.snapshot();
    const ran = await app.kitcn("add", "plugin", "username", "--yes");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain(
      "convex/auth.ts:5: kitcn cannot add to the plugins: they are not written as a list",
    );
    expect(ran.stderr).toMatch(
      /lib\/auth-client\.ts:\d+: kitcn cannot add to the plugins of this auth client/,
    );
    expect(ran.stderr).toContain('import { username } from "better-auth/plugins";');
    expect(ran.stderr).toContain('import { usernameClient } from "better-auth/client/plugins";');
    expect(app.snapshot()).toEqual(before);
  });

  test("the options that run lack what the list has", async () => {
    const given = `import { defineAuth } from "./generated/auth";

const options = { plugins: [] };
export default defineAuth(() => {
  options.plugins = [];
  return options;
});
`;
    const app = cliApp("plain", { files: { "convex/auth.ts": given } });
    const ran = await app.kitcn("add", "plugin", "username", "--yes");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain("auth.ts would run without username");
    expect(app.read("convex/auth.ts")).toBe(given);
  });

  test.each([
    [["orgnization", "user-nome", "zzz"], 2, "Did you mean organization, username?"],
    [["sso"], 1, "npx kitcn add plugin generic-oauth"],
    [[], 2, "`npx kitcn add plugin --list` shows all of them."],
  ])("%s was asked for", async (names, code, want) => {
    const app = cliApp("plain");
    const before = app.snapshot();
    const ran = await app.kitcn("add", "plugin", ...names, "--yes");
    expect(ran).toMatchObject({ code });
    expect(ran.stderr).toContain(want);
    expect(app.snapshot()).toEqual(before);
  });

  test("auth was not added, a package is missing, or nobody said yes", async () => {
    const plain = cliApp("plain");
    const first = await plain.kitcn("add", "plugin", "username", "--yes");
    expect(first).toMatchObject({ code: 1 });
    expect(first.stderr).toContain("npx kitcn add auth");

    succeeded(await plain.kitcn("add", "auth", "--yes"));
    const before = plain.snapshot();
    const ran = await plain.kitcn("add", "plugin", "passkey", "--yes", "--no-install");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain('npm pkg set "overrides[@better-auth/passkey][better-call]=>=0"');
    expect(ran.stderr).toMatch(/npm (i|install) @better-auth\/passkey@~1\.7\.0/);
    expect(await plain.kitcn("add", "plugin", "username")).toMatchObject({ code: 2 });
    const dry = succeeded(await plain.kitcn("add", "plugin", "username", "--dry-run"));
    expect(dry.stdout).toContain("+import { username } from");
    expect(dry.stdout).toContain("username: would be added");
    expect(plain.snapshot()).toEqual(before);
  });
});

test("the list of plugins needs no app", async () => {
  const app = cliApp("plain");
  const ran = succeeded(await app.kitcn("add", "plugin", "--list", "--json"));
  const { listed } = JSON.parse(ran.stdout) as { listed: { name: string; docs: string }[] };
  expect(listed).toContainEqual({
    name: "two-factor",
    summary: expect.any(String) as string,
    docs: "https://better-auth.com/docs/plugins/2fa",
  });
});

test("variables are named in convex/.env, and declared where the app has its own getEnv", async () => {
  const app = cliApp("plain", {
    packages: [...PACKAGES, "zod"],
  });
  app.write("package.json", app.read("package.json").replace('"convex"', '"zod": "4", "convex"'));
  succeeded(await app.kitcn("init", "--yes", "--no-install"));
  succeeded(await app.kitcn("add", "auth", "--yes"));
  const getEnv = app.read("lib/get-env.ts");
  const ran = succeeded(await app.kitcn("add", "plugin", "captcha", "siwe", "--yes"));
  expect(ran.stdout).toContain("captcha: added, reads TURNSTILE_SECRET_KEY.");
  const auth = app.read("convex/auth.ts");
  expect(auth).toContain('secretKey: getEnv().TURNSTILE_SECRET_KEY ?? ""');
  expect(auth).toContain("domain: new URL(getEnv().SITE_URL).host");
  expect(auth.match(/get-env/g)).toHaveLength(1);
  expect(app.read("convex/.env")).toMatch(
    /# Of the plugin captcha: https:\/\/better-auth.com\/docs\/plugins\/captcha\nTURNSTILE_SECRET_KEY=\n$/,
  );
  expect(app.read("lib/get-env.ts")).toBe(
    getEnv.replace(
      "JWKS: z.string().optional(),\n",
      "JWKS: z.string().optional(),\n    TURNSTILE_SECRET_KEY: z.string().optional(),\n",
    ),
  );
  const after = app.snapshot();
  succeeded(await app.kitcn("add", "plugin", "captcha", "siwe", "--yes"));
  expect(app.snapshot()).toEqual(after);
});

test("guests are deleted when they sign up, so what is theirs is left to the author to move", async () => {
  const app = await appWithAuth("plain");
  const ran = succeeded(await app.kitcn("add", "plugin", "anonymous", "--yes"));
  expect(app.read("convex/auth.ts")).toContain("onLinkAccount: async ({ anonymousUser, newUser })");
  expect(ran.stdout).toMatch(/convex\/auth\.ts:\d+ is left to you: give what the guest has made/);
});

test("what it does not work without is added with it", async () => {
  const app = await appWithAuth("plain");
  succeeded(await app.kitcn("add", "plugin", "oauth-provider", "--yes"));
  expect(app.read("convex/auth.ts")).toMatch(/jwt\(\),\n\s+oauthProvider\(/);
  const ran = await app.kitcn("remove", "plugin", "jwt", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain("npx kitcn remove plugin oauth-provider jwt");
});
