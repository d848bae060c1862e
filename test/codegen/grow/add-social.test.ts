// `kitcn add social` and `kitcn remove social` on the forms that auth.ts and the sign-in page may have: what is edited,
// what stays byte for byte, what is printed, and what is refused.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cliApp, PACKAGES, stubCloudDeployment, type CliApp } from "../support/cli.js";
import { appWithAuth, succeeded, type Case } from "./support.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const DEFINE = 'import { defineAuth } from "./generated/auth";\n';
const GITHUB = `github: {
      clientId: process.env.GITHUB_CLIENT_ID ?? "",
      clientSecret: process.env.GITHUB_CLIENT_SECRET ?? "",
    },`;

const CASES: Readonly<Record<string, Case>> = {
  "no providers": {
    given: `${DEFINE}
export default defineAuth(() => ({
  emailAndPassword: { enabled: true }, // mine
}));
`,
    want: {
      "convex/auth.ts": `${DEFINE}
export default defineAuth(() => ({
  emailAndPassword: { enabled: true }, // mine
  socialProviders: {
    ${GITHUB}
  },
}));
`,
    },
  },
  "a provider of somebody's own, in single quotes without semicolons": {
    given: `import { defineAuth } from './generated/auth'

export default defineAuth(() => ({
    socialProviders: {
        // work accounts
        google: { clientId: 'a', clientSecret: 'b', hd: 'example.com' } // theirs
    }
}))
`,
    names: ["google", "tiktok", "microsoft"],
    want: {
      "convex/auth.ts": `import { defineAuth } from './generated/auth'

export default defineAuth(() => ({
    socialProviders: {
        // work accounts
        google: { clientId: 'a', clientSecret: 'b', hd: 'example.com' }, // theirs
        tiktok: {
            clientKey: process.env.TIKTOK_CLIENT_KEY ?? '',
            clientSecret: process.env.TIKTOK_CLIENT_SECRET ?? ''
        },
        microsoft: {
            clientId: process.env.MICROSOFT_CLIENT_ID ?? '',
            clientSecret: process.env.MICROSOFT_CLIENT_SECRET ?? '',
            // TODO(kitcn): "common" admits every Microsoft account. The id of your tenant admits your organization alone.
            tenantId: 'common'
        }
    }
}))
`,
    },
  },
  "an object of another module": {
    given: `import { social } from "../shared/social";
${DEFINE}
export default defineAuth(() => ({ socialProviders: social }));
`,
    files: {
      "shared/social.ts": `export const social = {};
`,
    },
    want: {
      "shared/social.ts": `export const social = {
  github: {
    clientId: process.env.GITHUB_CLIENT_ID ?? "",
    clientSecret: process.env.GITHUB_CLIENT_SECRET ?? "",
  },
};
`,
    },
  },
  "an object with another one in it": {
    given: `${DEFINE}
const more = { google: { clientId: "a", clientSecret: "b" } };
export default defineAuth(() => ({
  socialProviders: { ...more },
}));
`,
    names: ["google", "github"],
    want: {
      "convex/auth.ts": `${DEFINE}
const more = { google: { clientId: "a", clientSecret: "b" } };
export default defineAuth(() => ({
  socialProviders: {
    ...more,
    ${GITHUB}
  },
}));
`,
    },
  },
};

describe("auth.ts with", () => {
  test.each(Object.entries(CASES))("%s", async (_name, { given, files = {}, names, want }) => {
    const own: Record<string, string> = { "convex/auth.ts": given, ...files };
    const app = cliApp("plain", { files: own });
    const asked = names ?? ["github"];
    succeeded(await app.kitcn("add", "social", ...asked, "--yes"));
    for (const [file, text] of Object.entries({ ...own, ...want }))
      expect(app.read(file), file).toBe(text);

    const after = app.snapshot();
    const again = succeeded(await app.kitcn("add", "social", ...asked, "--yes"));
    expect(again.stdout).toBe(
      `kitcn add social ${asked.join(" ")}: everything is in place; nothing was written.\n`,
    );
    expect(app.snapshot()).toEqual(after);
  });
});

test.each([
  [
    "a condition",
    "{ ...(process.env.ON ? { github: { clientId: 'a', clientSecret: 'b' } } : {}) }",
  ],
  ["a name under a condition", "{ ...(process.env.ON ? more : {}) }"],
  ["a function", "make()"],
])("a provider that is there by %s is not added again", async (_name, value) => {
  const given = `${DEFINE}
const more = { github: { clientId: "a", clientSecret: "b" } };
const make = () => more;
export default defineAuth(() => ({ socialProviders: ${value} }));
`;
  const app = cliApp("plain", { files: { "convex/auth.ts": given } });
  const ran = succeeded(await app.kitcn("add", "social", "github", "--yes", "--json"));
  expect(JSON.parse(ran.stdout)).toMatchObject({ items: [{ action: "unchanged" }] });
  expect(app.read("convex/auth.ts")).toBe(given);
});

test("an app without a line of it gets all that sign-in needs, and loses it again", async () => {
  const app = await appWithAuth("next");
  const before = app.snapshot();
  const ran = succeeded(await app.kitcn("add", "social", "git-hub", "Google", "--yes"));
  expect(ran.stdout).toContain("github: added, reads GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET.");
  expect(ran.stdout).toContain("https://github.com/settings/developers");
  expect(ran.stdout).toContain("http://localhost:3000/api/auth/callback/github");
  expect(ran.stdout).toContain("https://<your domain>/api/auth/callback/google");
  expect(app.read("convex/.env")).toMatch(
    /# Of the provider github: https:\/\/better-auth\.com\/docs\/authentication\/github\nGITHUB_CLIENT_ID=\nGITHUB_CLIENT_SECRET=\n# Of the provider google/,
  );
  expect(pageOf(app)).toContain('{ id: "github", name: "GitHub" }');
  expect(pageOf(app)).toContain('{ id: "google", name: "Google" }');
  expect(succeeded(await app.kitcn("add", "auth", "--schema", "--check")).code).toBe(0);

  const added = app.snapshot();
  const again = succeeded(await app.kitcn("add", "social", "github", "google", "--yes"));
  expect(again.stdout.trim().split("\n")).toHaveLength(1);
  expect(app.snapshot()).toEqual(added);

  const gone = succeeded(await app.kitcn("remove", "social", "google", "github", "--yes"));
  expect(gone.stdout).toContain(
    "remove them: GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, GOOGLE_CLIENT_ID",
  );
  const meant = (text: string | undefined) => text?.replaceAll(/[\s,]/g, "");
  for (const file of ["convex/auth.ts", "app/auth/AuthPage.tsx"])
    expect(meant(app.read(file)), file).toBe(meant(before[file]));
  expect(app.snapshot()).not.toHaveProperty([PAGE]);
  const absent = succeeded(await app.kitcn("remove", "social", "github", "--yes"));
  expect(absent.stdout).toContain("github: is not there");
});

const PAGE = "app/auth/parts/SocialButtons.tsx";
const pageOf = (app: CliApp) => app.read(PAGE);

describe("the sign-in page", () => {
  test("keeps the layout of whoever formats it, and gets a button for every provider", async () => {
    const app = await appWithAuth("next", {
      files: { ".prettierrc": '{ "singleQuote": true, "tabWidth": 4, "printWidth": 60 }' },
    });
    app.write(
      "convex/auth.ts",
      app
        .read("convex/auth.ts")
        .replace(
          /emailAndPassword/,
          "socialProviders: { linkedin: { clientId: 'a', clientSecret: 'b' } }, emailAndPassword",
        ),
    );
    succeeded(await app.kitcn("add", "social", "github", "--yes"));
    expect(pageOf(app)).toContain("{ id: 'linkedin', name: 'LinkedIn' }");
    expect(pageOf(app)).toContain("{ id: 'github', name: 'GitHub' }");
  });

  test.each([
    ["vite", "src/auth/parts/SocialButtons.tsx", "convex/auth.ts"],
    ["start", "src/auth/parts/SocialButtons.tsx", "convex/auth.ts"],
    ["next-js", "app/auth/parts/SocialButtons.jsx", "convex/auth.js"],
  ])("of the app %s gets its button and loses it", async (name, page, auth) => {
    const app = await appWithAuth(name);
    expect(app.snapshot()).not.toHaveProperty([page]);
    succeeded(await app.kitcn("add", "social", "tiktok", "--yes"));
    expect(app.read(page)).toMatch(/id: ["']tiktok["'], name: ["']TikTok["']/);
    expect(app.read(auth)).toContain("clientKey: process.env.TIKTOK_CLIENT_KEY");
    succeeded(await app.kitcn("remove", "social", "tiktok", "--yes"));
    expect(app.snapshot()).not.toHaveProperty([page]);
  });

  test("with changes of somebody's own stays as it is, and the missing part is printed", async () => {
    const app = await appWithAuth("next");
    succeeded(await app.kitcn("add", "social", "google", "--yes"));
    const mine = pageOf(app).replace("Continue with", "Go on with");
    app.write(PAGE, mine);
    const ran = succeeded(await app.kitcn("add", "social", "github", "--yes"));
    expect(pageOf(app)).toBe(mine);
    expect(ran.stdout).toContain(`You changed ${PAGE}, so kitcn did not edit it`);
    expect(ran.stdout).toContain('{ id: "github", name: "GitHub" },');

    const listed = mine.replace(
      /PROVIDERS([^=]*)= \[/,
      'PROVIDERS$1= [{ id: "github", name: "Mine" }, ',
    );
    app.write(PAGE, listed);
    const gone = succeeded(await app.kitcn("remove", "social", "github", "--yes"));
    expect(gone.stdout).toContain(
      `You changed ${PAGE}, so kitcn did not edit it. Remove github from`,
    );
    expect(pageOf(app)).toBe(listed);
  });

  test("of an app without one is told how a button works", async () => {
    const app = await appWithAuth("plain");
    const ran = succeeded(await app.kitcn("add", "social", "twitter", "--yes"));
    expect(ran.stdout).toContain('authClient.signIn.social({ provider: "twitter", callbackURL');
  });
});

test("redirect URLs follow the base path, and the site of the routes", async () => {
  const redirects = async (app: CliApp) => {
    const ran = succeeded(await app.kitcn("add", "social", "github", "--dry-run", "--json"));
    const { items } = JSON.parse(ran.stdout) as { items: { redirects: object }[] };
    return items[0]?.redirects;
  };
  const vite = await appWithAuth("vite");
  vite.write(".env.local", "VITE_CONVEX_SITE_URL=http://127.0.0.1:3211\n");
  expect(await redirects(vite)).toEqual({
    development: "http://127.0.0.1:3211/api/auth/callback/github",
    production: "https://<your production deployment>.convex.site/api/auth/callback/github",
  });
  const next = await appWithAuth("next");
  const auth = next.read("convex/auth.ts");
  next.write("convex/auth.ts", auth.replace("baseURL:", 'basePath: "/custom/",\n  baseURL:'));
  next.write("convex/.env", "SITE_URL=http://localhost:4000/\n");
  expect(await redirects(next)).toEqual({
    development: "http://localhost:4000/custom/callback/github",
    production: "https://<your domain>/custom/callback/github",
  });
  next.write("convex/auth.ts", auth.replace("process.env.SITE_URL", '"https://app.example.com"'));
  expect(await redirects(next)).toMatchObject({
    production: "https://app.example.com/api/auth/callback/github",
  });
  const named = auth
    .replace(/baseURL:.*/, "baseURL,")
    .replace("export default", 'const baseURL = "https://other.example.com";\nexport default');
  next.write("convex/auth.ts", named);
  expect(await redirects(next)).toMatchObject({
    development: "https://other.example.com/api/auth/callback/github",
  });
});

test("the list of providers needs no app", async () => {
  const ran = succeeded(await cliApp("plain").kitcn("add", "social", "--list", "--json"));
  expect((JSON.parse(ran.stdout) as { listed: object[] }).listed).toContainEqual({
    name: "tiktok",
    summary: "TikTok: reads TIKTOK_CLIENT_KEY, TIKTOK_CLIENT_SECRET",
    docs: "https://better-auth.com/docs/authentication/tiktok",
    register: "https://developers.tiktok.com/apps",
  });
});

test("variables are read and declared through the app's own getEnv", async () => {
  const app = cliApp("plain", { packages: [...PACKAGES, "zod"] });
  app.write("package.json", app.read("package.json").replace('"convex"', '"zod": "4", "convex"'));
  succeeded(await app.kitcn("init", "--yes", "--no-install"));
  succeeded(await app.kitcn("add", "auth", "--yes"));
  const auth = app.read("convex/auth.ts");
  succeeded(await app.kitcn("add", "social", "github", "cognito", "--yes"));
  expect(app.read("convex/auth.ts")).toContain('clientId: getEnv().GITHUB_CLIENT_ID ?? ""');
  expect(app.read("convex/auth.ts")).toContain('domain: getEnv().COGNITO_DOMAIN || "not-set"');
  expect(app.read("lib/get-env.ts")).toContain("GITHUB_CLIENT_SECRET: z.string().optional(),");
  succeeded(await app.kitcn("remove", "social", "github", "cognito", "--yes"));
  expect(app.read("convex/auth.ts")).toBe(auth);
});

describe("nothing is written where", () => {
  test("the object is computed: the place is named, with the lines to write", async () => {
    const given = `${DEFINE}
const make = () => ({});
export default defineAuth(() => ({
  socialProviders: make(),
}));
`;
    const app = cliApp("plain", { files: { "convex/auth.ts": given } });
    const ran = await app.kitcn("add", "social", "github", "--yes");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain(
      "convex/auth.ts:5: kitcn cannot add to socialProviders: it is not written as an object",
    );
    expect(ran.stderr).toContain('    clientId: process.env.GITHUB_CLIENT_ID ?? "",');
    expect(app.read("convex/auth.ts")).toBe(given);
  });

  test("options are returned in several places: the first one is named", async () => {
    const given = `${DEFINE}
export default defineAuth(() => {
  if (process.env.PRODUCTION) {
    return { socialProviders: {} };
  }
  const plain = () => { return {}; };
  return { socialProviders: plain() && {} };
});
`;
    const app = cliApp("plain", { files: { "convex/auth.ts": given } });
    const before = app.snapshot();
    for (const [command, name] of [
      ["social", "github"],
      ["plugin", "username"],
    ] as const) {
      const ran = await app.kitcn("add", command, name, "--yes");
      expect(ran).toMatchObject({ code: 1 });
      expect(ran.stderr).toContain(
        "convex/auth.ts:5: the function that defineAuth takes returns options here and further down",
      );
    }
    expect(app.snapshot()).toEqual(before);
    const both = given
      .replaceAll("return {", "return { plugins: [username()],")
      .replace("{ return { plugins: [username()],}; }", "1");
    app.write("convex/auth.ts", `import { username } from "better-auth/plugins";\n${both}`);
    const again = succeeded(await app.kitcn("add", "plugin", "username", "--yes"));
    expect(again.stdout).toContain("username: is there already");
  });

  test("the options that run lack what the object has", async () => {
    const given = `${DEFINE}
export default defineAuth(() => {
  const options = { socialProviders: {} };
  options.socialProviders = {};
  return options;
});
`;
    const app = cliApp("plain", { files: { "convex/auth.ts": given } });
    const ran = await app.kitcn("add", "social", "github", "--yes");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain("auth.ts would run without github");
  });

  test.each([
    [["gihub", "gogle", "zzz"], 2, "Did you mean github, google?"],
    [[], 2, "`npx kitcn add social --list` shows all of them."],
  ])("%s was asked for", async (names, code, want) => {
    const app = cliApp("plain");
    const before = app.snapshot();
    const ran = await app.kitcn("add", "social", ...names, "--yes");
    expect(ran).toMatchObject({ code });
    expect(ran.stderr).toContain(want);
    expect(app.snapshot()).toEqual(before);
  });

  test("options of somebody's own would go; with --force they do, and only theirs", async () => {
    const given = `${DEFINE}import { mapProfile } from "./map";

export default defineAuth(() => ({
  socialProviders: {
    // mine
    github: {
      clientId: process.env.GITHUB_CLIENT_ID ?? "",
      clientSecret: process.env.GITHUB_CLIENT_SECRET ?? "",
      mapProfileToUser: mapProfile,
    },
    ${GITHUB.replaceAll("GITHUB", "GOOGLE").replace("github", "google")}
  },
}));
`;
    const map = "export const mapProfile = () => ({});\n";
    const app = cliApp("plain", { files: { "convex/auth.ts": given, "convex/map.ts": map } });
    succeeded(await app.kitcn("add", "auth", "--schema", "--yes"));
    const before = app.snapshot();
    const ran = await app.kitcn("remove", "social", "github", "google", "--yes");
    expect(ran).toMatchObject({ code: 1 });
    expect(ran.stderr).toContain("convex/auth.ts:7");
    expect(ran.stderr).not.toContain("convex/auth.ts:12");
    expect(ran.stderr).toContain("--force");
    expect(app.snapshot()).toEqual(before);
    succeeded(await app.kitcn("remove", "social", "github", "--force", "--yes"));
    expect(app.read("convex/auth.ts")).toBe(`${DEFINE}
export default defineAuth(() => ({
  socialProviders: {
    // mine
    ${GITHUB.replaceAll("GITHUB", "GOOGLE").replace("github", "google")}
  },
}));
`);
  });

  test("nobody said yes, or it is a dry run", async () => {
    const app = await appWithAuth("next");
    const before = app.snapshot();
    expect(await app.kitcn("add", "social", "github")).toMatchObject({ code: 2 });
    const dry = succeeded(await app.kitcn("add", "social", "github", "--dry-run"));
    expect(dry.stdout).toContain("+    github: {");
    expect(dry.stdout).toContain("github: would be added");
    expect(app.snapshot()).toEqual(before);
  });
});
