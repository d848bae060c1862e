// Options of `@convex-dev/better-auth` whose callbacks ask for the context of an action, in the forms that its examples
// have: `add auth --replace` moves them without a line by hand.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cliApp } from "../../support/cli.js";
import { COMPILED, expectTypes, withoutDeployment } from "../../support/front-end.js";

beforeEach(withoutDeployment);
afterEach(() => void vi.unstubAllEnvs());

const OPTIONS = `{
    baseURL: process.env.CONVEX_SITE_URL,
    database: authComponent.adapter(ctx),
    emailAndPassword: {
      enabled: true,
      sendResetPassword: async ({ user, url }) => {
        await sendMail(requireActionCtx(ctx), { to: user.email, url });
      },
    },
    plugins: [convex({ authConfig })],
  }`;

const files = (functions: string) => ({
  "convex/auth.config.ts": `import { getAuthConfigProvider } from "@convex-dev/better-auth/auth-config";

export default { providers: [getAuthConfigProvider()] };
`,
  "convex/mail.ts": `import type { ActionCtx } from "./_generated/server";

export async function sendMail(ctx: ActionCtx, mail: { to: string; url: string }) {
  console.log(mail.to, typeof ctx.runAction);
}
`,
  "convex/auth.ts": `import { createClient, type GenericCtx } from "@convex-dev/better-auth";
import { convex } from "@convex-dev/better-auth/plugins";
import { requireActionCtx } from "@convex-dev/better-auth/utils";
import { betterAuth, type BetterAuthOptions } from "better-auth/minimal";
import { components } from "./_generated/api";
import type { DataModel } from "./_generated/dataModel";
import authConfig from "./auth.config";
import { sendMail } from "./mail";

// The words of the mails are in mail.ts.

// What reads and writes users:
// the client of the component.
export const authComponent = createClient<DataModel>(components.betterAuth, { verbose: false });

${functions}
`,
});

test.each([
  [
    "a function that returns them with `satisfies`",
    `export const createAuthOptions = (ctx: GenericCtx<DataModel>) => {
  return ${OPTIONS} satisfies BetterAuthOptions;
};

export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(createAuthOptions(ctx));`,
  ],
  [
    "a function with a second parameter, which only logging reads",
    `export const createAuth = (
  ctx: GenericCtx<DataModel>,
  { optionsOnly } = { optionsOnly: false },
) => {
  const appName = optionsOnly ? "options" : "app";
  return betterAuth(${OPTIONS.replace(
    "{",
    `{
    appName,
    // the logger is quiet while only the options are read
    logger: { disabled: optionsOnly },`,
  )});
};`,
  ],
  [
    "the call of betterAuth() itself",
    `export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(${OPTIONS});`,
  ],
])("options in %s keep the context of their callbacks", async (_name, functions) => {
  const app = cliApp("vite-convex", { ...COMPILED, files: files(functions) });
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const auth = app.read("convex/auth.ts");
  expect(auth).toContain('import { requireActionCtx } from "./authContext";');
  expect(auth).toContain("await sendMail(requireActionCtx(ctx), { to: user.email, url });");
  expect(auth).not.toMatch(/better-auth\/utils|GenericCtx|optionsOnly|logger|quiet/);
  // The comment above the client goes with it, and only that one.
  expect(auth).toContain("// The words of the mails are in mail.ts.");
  expect(auth).not.toMatch(/reads and writes users|client of the component/);
  expectTypes([app.path("convex/authContext.ts")]);
});

test("the values of other parameters are written where they are known", async () => {
  const options = (parameter: string) => ({
    files: files(`export const createAuth = (ctx: GenericCtx<DataModel>, ${parameter}) =>
  betterAuth(${OPTIONS.replace("{", "{ appName: name, logger: { disabled: quiet, level },")});`),
  });
  const known = cliApp(
    "vite-convex",
    options('{ quiet = true, level }: Wishes = { level: "warn" }, name = "Notes"'),
  );
  const ran = await known.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(known.read("convex/auth.ts")).toMatch(
    /appName: "Notes",\s+logger: \{ disabled: true, level: "warn" \},/,
  );
  const unknown = cliApp("vite-convex", options('{ quiet, level }: Wishes, name = "Notes"'));
  const refused = await unknown.kitcn("add", "auth", "--replace", "--yes");
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain("has options in a form that kitcn cannot edit");
});

test("functions of the app that use the library stay, and types follow", async () => {
  const app = cliApp("vite-convex", {
    ...COMPILED,
    files: {
      ...files(
        `export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(${OPTIONS} satisfies BetterAuthOptions);`,
      ),
      "convex/reports.ts": `import type { MutationCtx, QueryCtx } from "./_generated/server";
import { query } from "./_generated/server";
import { authComponent, createAuth } from "./auth";

type Api = ReturnType<typeof createAuth>["api"];
type Reader = NonNullable<Awaited<ReturnType<typeof authComponent.safeGetAuthUser>>>;

export type Report = { api: Api; email: Reader["email"] };

type Reads = QueryCtx | MutationCtx;

export const nameOf = async (ctx: Reads) => (await authComponent.safeGetAuthUser(ctx))?.name;

const auditing = { of: (ctx: QueryCtx) => createAuth(ctx) };

async function countMails(ctx: QueryCtx) {
  const { user } = createAuth(ctx).$Infer.Session;
  return user.email.length;
}

export const mails = query({
  args: {},
  handler: async (ctx) => (auditing.of(ctx) ? await countMails(ctx) : 0),
});
`,
    },
  });
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const reports = app.read("convex/reports.ts");
  expect(reports).toContain('type Api = ReturnType<typeof getAuth>["api"];');
  expect(reports).toContain("NonNullable<Awaited<ReturnType<typeof safeGetAuthUser>>>;");
  expect(reports).toContain("(await safeGetAuthUser(ctx))?.name");
  expect(ran.stdout).not.toContain("of Convex Auth");
  expect(reports).toContain("auditing.of(ctx) ? await countMails(ctx) : 0");
  expect(reports).toContain("const { user } = getAuth(ctx).$Infer.Session;");
  expectTypes([app.path("convex/reports.ts")]);
});

test.each([
  ["its import's own name", "import { getToken } from", "getToken(createAuth)"],
  ["another one", "import { getToken as tokenOf } from", "tokenOf(createAuth)"],
])("lib/auth-server with a token by %s exports getToken to pages", async (_name, head, call) => {
  const app = cliApp("next-convex", {
    ...COMPILED,
    files: {
      ...files(
        `export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(${OPTIONS} satisfies BetterAuthOptions);`,
      ),
      "src/app/api/auth/[...all]/route.ts": `import { nextJsHandler } from "@convex-dev/better-auth/nextjs";

export const { GET, POST } = nextJsHandler();
`,
      "src/lib/auth-server.ts": `${head} "@convex-dev/better-auth/nextjs";
import { createAuth } from "../../convex/auth";

export const getServerToken = () => ${call};
`,
      "src/app/notes/page.tsx": `import { getToken } from "@convex-dev/better-auth/nextjs";
import { createAuth } from "../../../convex/auth";
import { getServerToken } from "../../lib/auth-server";

export default async function Notes() {
  return <p>{(await getToken(createAuth)) === (await getServerToken()) ? "in" : "out"}</p>;
}
`,
    },
  });
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const server = app.read("src/lib/auth-server.ts");
  expect(server).toContain("export const getServerToken = () => nextAuth.getToken();");
  expect(server).toContain("  getToken,");
  expect(app.read("src/app/notes/page.tsx")).toContain(
    "await getToken()) === (await getServerToken",
  );
  expectTypes([app.path("src/app/notes/page.tsx"), app.path("src/lib/auth-server.ts")]);
});

test("a token with options is listed with the code to write, in lib/auth-server and in a page", async () => {
  const load = `import { getToken as tokenOf } from "@convex-dev/better-auth/nextjs";
import { createAuth } from "../../convex/auth";

export const load = () => tokenOf(createAuth, { forceRefresh: true });
`;
  const app = cliApp("next-convex", {
    files: {
      ...files(
        `export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(${OPTIONS} satisfies BetterAuthOptions);`,
      ),
      "src/lib/auth-server.ts": load,
      "src/lib/load.ts": load,
      "src/app/notes/page.tsx": `import { load } from "../../lib/auth-server";
import { load as again } from "../../lib/load";

export default async function Notes() {
  return <p>{(await load()) === (await again()) ? "in" : "out"}</p>;
}
`,
    },
  });
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toMatch(
    /lib\/auth-server\.ts:4 .*Write `createNextAuth\(\)\.getToken\(\)` in its place/,
  );
  expect(ran.stderr).toMatch(/lib\/load\.ts:4 .*Write `getToken\(\)` in its place/);
});

test("the handlers and the token of an older release become kitcn's", async () => {
  const app = cliApp("next-convex", {
    ...COMPILED,
    files: {
      ...files(
        `export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(${OPTIONS} satisfies BetterAuthOptions);`,
      ),
      "src/app/api/auth/[...all]/route.ts": `import { nextJsHandler } from "@convex-dev/better-auth/nextjs";

export const { GET, POST } = nextJsHandler();
`,
      "src/lib/auth-server.ts": `import { getToken as tokenOf } from "@convex-dev/better-auth/nextjs";
import { createAuth } from "../../convex/auth";

/** Of the user who asks. */
export const getToken = () => {
  return tokenOf(createAuth);
};
`,
      "src/lib/load.ts": `import { getToken } from "@convex-dev/better-auth/nextjs";
import { createAuth } from "../../convex/auth";

export async function tokenForPage() {
  return await getToken(createAuth);
}
`,
      "src/app/notes/page.tsx": `import { getToken } from "../../lib/auth-server";
import { tokenForPage } from "../../lib/load";

export default async function Notes() {
  return <p>{(await tokenForPage()) === (await getToken()) ? "in" : "out"}</p>;
}
`,
    },
  });
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  const server = app.read("src/lib/auth-server.ts");
  expect(server).toContain("const nextAuth = createNextAuth();");
  expect(server).toMatch(/^export const \{\n {2}handlers,\n {2}isAuthenticated,/m);
  expect(server).toContain("  return nextAuth.getToken();");
  expect(server).toContain("/** Of the user who asks. */");
  expect(app.read("src/app/api/auth/[...all]/route.ts")).toContain("handlers");
  const load = app.read("src/lib/load.ts");
  expect(load).toContain('import { getToken } from "./auth-server";');
  expect(load).toContain("return await getToken();");
  expectTypes([app.path("src/lib/load.ts"), app.path("src/app/api/auth/[...all]/route.ts")]);
});

const OPEN = files(
  `export const createAuthOptions = (ctx: GenericCtx<DataModel>) => (${OPTIONS} satisfies BetterAuthOptions);

export const createAuth = (ctx: GenericCtx<DataModel>) => betterAuth(createAuthOptions(ctx));

export const { getAuthUser } = authComponent.clientApi();`,
);

test("what only users see stays so: the boundary and preloaded queries are kitcn's", async () => {
  const app = cliApp("vite-convex", {
    ...COMPILED,
    files: {
      ...OPEN,
      "src/lib/auth-client.tsx": `import { convexClient } from "@convex-dev/better-auth/client/plugins";
import { AuthBoundary } from "@convex-dev/better-auth/react";
import { createAuthClient } from "better-auth/react";
import type { PropsWithChildren } from "react";
import { api } from "../../convex/_generated/api";

export const authClient = createAuthClient({
  baseURL: import.meta.env.VITE_CONVEX_SITE_URL,
  plugins: [convexClient()],
});

export const OnlyUsers = ({ children }: PropsWithChildren) => (
  <AuthBoundary
    authClient={authClient}
    onUnauth={() => location.assign("/sign-in")}
    getAuthUserFn={api.auth.getAuthUser}
    isAuthError={(error) => String(error).includes("auth")}
  >
    {children}
  </AuthBoundary>
);
`,
      "src/App.tsx": `import { Profile } from "./Profile";

export default function App() {
  return <h1 title={Profile.name}>Notes</h1>;
}
`,
      "src/Profile.tsx": `import { usePreloadedAuthQuery as usePreloaded } from "@convex-dev/better-auth/nextjs/client";
import type { Preloaded } from "convex/react";
import type { api } from "../convex/_generated/api";
import { OnlyUsers } from "./lib/auth-client";

const usePreloadedAuthQuery = "a name that is taken";

export function Profile({ user }: { user: Preloaded<typeof api.auth.getAuthUser> }) {
  const me = usePreloaded(user);
  return <OnlyUsers>{me?.name ?? usePreloadedAuthQuery}</OnlyUsers>;
}
`,
    },
  });
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0, stderr: "" });
  expect(ran.stdout).toContain("becomes <AuthBoundary> of kitcn/auth/react.");
  expect(ran.stdout).toContain("becomes usePreloadedAuthQuery() of kitcn/auth/react.");
  const client = app.read("src/lib/auth-client.tsx");
  expect(client).toContain('import { AuthBoundary } from "kitcn/auth/react";');
  expect(client).toContain("  <AuthBoundary\n    onUnauth={");
  expect(client).not.toContain("@convex-dev");
  expectTypes([app.path("src/lib/auth-client.tsx"), app.path("src/Profile.tsx")]);
});

test("a use that kitcn does not rewrite is refused, with its line on disk and what to write", async () => {
  const app = cliApp("vite-convex", {
    files: {
      ...OPEN,
      "src/App.tsx": `import { AuthBoundary } from "@convex-dev/better-auth/react";
import { convexClient } from "@convex-dev/better-auth/client/plugins";
import { createAuthClient } from "better-auth/react";
import { createElement } from "react";
import { usePreloadedAuthQuery } from "@convex-dev/better-auth/nextjs/client";
import { AuthBoundary as Boundary } from "@convex-dev/better-auth/react";

export const client = createAuthClient({ plugins: [convexClient()] });
export const useMe = usePreloadedAuthQuery;
export default () => <AuthBoundary>{createElement(Boundary)}</AuthBoundary>;
`,
    },
  });
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--replace", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  const [, left = ""] = ran.stderr.split("Change these yourself first:\n");
  expect(left.split("\n\n")[0]?.split("\n")).toEqual([
    "  src/App.tsx:5  usePreloadedAuthQuery of @convex-dev/better-auth: is removed; use instead: `usePreloadedAuthQuery` of kitcn/auth/react.",
    "  src/App.tsx:6  AuthBoundary of @convex-dev/better-auth: is removed; use instead: `<AuthBoundary>` of kitcn/auth/react.",
  ]);
  expect(app.snapshot()).toEqual(before);
});
