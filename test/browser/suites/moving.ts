// Users of another auth library, on their way to kitcn by the commands of a page of docs/ alone: the app is moved, its
// users are imported, and one of them signs in with the old password, in Chromium, on a production build.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SourceName } from "../../../codegen/import/types.js";
import { startDeployment, type Deployment } from "../../deployment/index.js";
import { kitcnCommandsOf } from "../../docs/support/commands.js";
import { PASSWORD, writeExport } from "../../support/import/exports.js";
import { openMoving, type Moving } from "../../support/moving.js";
import { CONVEX_AUTH_VITE, PEER_VITE } from "../../support/moving-apps.js";
import { buildApp, freePort, startServer } from "../support/app.js";
import { startBrowser, type TestBrowser } from "../support/browser.js";
import { VITE } from "../support/frameworks.js";
import { openTab, submitSignIn, waitForSession, type Tab } from "../support/visitor.js";

type Credentials = { readonly email: string; readonly password: string };

/** An app, where its users come from, and how they sign in once it has moved. */
type Case = {
  readonly title: string;
  readonly source: SourceName;
  /** The page with the commands. */
  readonly page: string;
  /** The column that holds an id of a user in the app; the page calls it notes.userId. */
  readonly column?: string;
  readonly files: Readonly<Record<string, string>>;
  readonly signIn: (tab: Tab, who: Credentials) => Promise<void>;
};

const CASES: readonly Case[] = [
  {
    title: "@convex-dev/better-auth: at the page that kitcn brings",
    source: "better-auth-component",
    page: "docs/from-convex-dev-better-auth.md",
    files: PEER_VITE,
    signIn: async (tab, who) => {
      await tab.open("/auth");
      await submitSignIn(tab, who);
      await waitForSession(tab, { name: "", ...who });
      await tab.open("/");
    },
  },
  {
    title: "Convex Auth: at the app's own form",
    source: "convex-auth",
    page: "docs/from-convex-auth.md",
    column: "numbers.userId",
    files: CONVEX_AUTH_VITE,
    signIn: async (tab, { email, password }) => {
      await tab.open("/");
      await tab.page.locator("input[name=email]").fill(email);
      await tab.page.locator("input[name=password]").fill(password);
      await tab.page.getByRole("button", { name: "signIn", exact: true }).click();
    },
  },
];

/** All of them, with so many users each. */
export function describeMoving(users: number): void {
  let moving: Moving;
  let browser: TestBrowser;
  beforeAll(async () => {
    [moving, browser] = await Promise.all([openMoving("browser-moving"), startBrowser()]);
  });
  afterAll(() => browser?.close());

  describe.each(CASES)("$title", ({ source, page, column, files, signIn }) => {
    let deployment: Deployment;
    let server: { readonly end: () => Promise<void> };
    let origin: string;
    let email: string;

    beforeAll(async () => {
      const app = await moving.appOf(source, withBuild(files));
      deployment = await startDeployment();
      const port = await freePort();
      origin = `http://localhost:${port}`;
      const { url: convexUrl, siteUrl: convexSiteUrl } = deployment;
      await writeEnv(join(app.dir, ".env.local"), VITE.env({ convexUrl, convexSiteUrl, origin }));
      await writeEnv(join(app.dir, "convex/.env"), { SITE_URL: origin });
      const kitcn = async (...args: string[]) => {
        const ran = await moving.kitcn(app, args, deployment);
        expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
      };
      const { paths, emailOf } = await writeExport(source, join(app.dir, ".export"), users);
      for (const command of commandsFor(page, { paths, column })) await kitcn(...command);
      email = emailOf(users - 1);
      await buildApp(app);
      server = await startServer({ app, args: VITE.serve(port), origin });
    });
    afterAll(async () => {
      await server?.end();
      await deployment?.stop();
    });

    test(`one of ${users} users signs in with the old password, and the app knows them`, async () => {
      const tab = await openTab(await browser.newVisitor(), origin);
      await signIn(tab, { email, password: PASSWORD });
      await tab.page.getByText(email).waitFor();
      expect(tab.problems).toEqual([]);
    });
  });
}

// --- internal ---

/** Types first: what the command wrote has to compile. */
const BUILD = "tsc -p convex --noEmit && tsc -p . --noEmit && vite build";

function withBuild(files: Readonly<Record<string, string>>): Record<string, string> {
  const manifest = JSON.parse(files["package.json"] ?? "{}") as object; // an app's own
  return {
    ...files,
    "package.json": JSON.stringify({ ...manifest, scripts: { build: BUILD } }),
  };
}

function writeEnv(path: string, values: Readonly<Record<string, string>>): Promise<void> {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  return writeFile(path, lines.join(""));
}

/** The commands of a page, with the names of this app and of its export in the place of the page's. */
function commandsFor(
  page: string,
  { paths, column }: { readonly paths: readonly string[]; readonly column: string | undefined },
): string[][] {
  const commands = kitcnCommandsOf(".", page);
  expect(commands.map(([name]) => name)).toEqual(["add", "add", "import", "import", "import"]);
  return commands
    .filter((args) => column !== undefined || !args.includes("notes.userId"))
    .map((args) =>
      args.flatMap((arg) =>
        arg === "backup.zip" ? paths : arg === "notes.userId" ? [column ?? arg] : [arg],
      ),
    );
}
