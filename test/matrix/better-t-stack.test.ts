// `npm run test:all`: repositories that Better-T-Stack's creator makes, from its command by kitcn's to a signed-in user.
// Its creator, and what its apps are built with, need a newer Node than kitcn: that Node comes from npm.
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { freePort, startServer } from "../browser/support/app.js";
import { signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { argsOfNext, NPM_INSTALL, succeeded } from "../support/commands.js";
import { installIn } from "../support/installation.js";
import { appIn, runIn, snapshotOf, writeFiles } from "../support/packed-app.js";
import { startRegistry, type Registry } from "../support/registry.js";

type Case = {
  readonly name: string;
  readonly frontend: "next" | "tanstack-router";
  readonly auth: "none" | "better-auth";
  /** Where the command is run. */
  readonly folder: string;
  readonly command: readonly string[];
  /** What the address of the deployment is called in the front end. */
  readonly prefix: string;
};

const CASES: readonly Case[] = [
  {
    name: "router",
    frontend: "tanstack-router",
    auth: "none",
    folder: "",
    command: ["add", "auth", "--yes"],
    prefix: "VITE_",
  },
  {
    name: "next",
    frontend: "next",
    auth: "none",
    folder: "apps/web",
    command: ["add", "auth", "--yes"],
    prefix: "NEXT_PUBLIC_",
  },
  {
    name: "router-replaced",
    frontend: "tanstack-router",
    auth: "better-auth",
    folder: "packages/backend",
    command: ["add", "auth", "--replace", "--yes"],
    prefix: "VITE_",
  },
];

const BACKEND = "packages/backend";
const home = resolve(".tmp/better-t-stack");
const cli = join(home, "npx/app/node_modules/kitcn/dist/codegen/bin.js");
const node = join(
  home,
  "tools/node_modules",
  `node-${process.platform}-${process.arch}`,
  "bin/node",
);

let registry: Registry;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  await rm(home, { recursive: true, force: true });
  await mkdir(join(home, "npx/app"), { recursive: true });
  await writeFile(join(home, "npx/app/package.json"), '{ "name": "npx", "private": true }');
  await installIn(join(home, "npx"), { specs: [], flags: [] });
  await mkdir(join(home, "tools"));
  await writeFile(join(home, "tools/package.json"), '{ "private": true }');
  const tools = [`node-${process.platform}-${process.arch}@22`, "create-better-t-stack@3.44.1"];
  succeeded(await runIn(join(home, "tools"), [...INSTALL, ...tools]));
  // Programs of the folders above come first for all that is run below here.
  await mkdir(join(home, "node_modules/.bin"), { recursive: true });
  await symlink(node, join(home, "node_modules/.bin/node"));
  registry = await startRegistry();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => registry?.close());

test.each(CASES)(
  "$name is wired by one command, compiles, is pushed, and signs up",
  async (one) => {
    const root = await createRepo(one);
    const deployment = await startDeployment();
    closing.push(() => deployment.stop());
    const env = { ...registry.env, ...deployment.cliEnv };
    // As `convex dev` writes it. The template's README asks people to copy it into the front end.
    await writeFile(
      join(root, BACKEND, ".env.local"),
      `CONVEX_URL=${deployment.url}\nCONVEX_SITE_URL=${deployment.siteUrl}\n`,
    );
    const kitcn = async (folder: string, ...args: string[]) =>
      succeeded(await runIn(join(root, folder), [node, cli, ...args], env)).stdout;

    await kitcn(one.folder, ...one.command);
    expect(await kitcn("", ...one.command)).toContain("nothing was written");
    const files = await snapshotOf(appIn(join(root, "apps/web")));
    expect(files[".env.local"]).toContain(`${one.prefix}CONVEX_URL=${deployment.url}\n`);
    expect(files[".env.local"]).toContain(`${one.prefix}CONVEX_SITE_URL=${deployment.siteUrl}\n`);
    for (const [path, text] of Object.entries(files))
      if (!path.includes("node_modules/")) expect(text, path).not.toContain("@convex-dev/");

    await writeFiles(appIn(join(root, BACKEND)), { "convex/who.ts": WHO });
    const backend = appIn(join(root, BACKEND));
    succeeded(await backend.run(["convex", "deploy", "--yes"], env));
    await kitcn("", "env", "push");
    succeeded(await backend.run(["tsc", "-p", "convex"], env));
    await expectFrontEnd(root, one, deployment);
  },
);

// --- internal ---

const INSTALL = [...NPM_INSTALL, "--prefer-offline"];

const BUILD_ENV = {
  NODE_ENV: "production",
  // The layout asks Google for two fonts.
  NEXT_FONT_GOOGLE_MOCKED_RESPONSES: resolve("test/fixtures/google-fonts.cjs"),
};

const WHO = `import { query } from "./_generated/server";

export const am = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.email ?? null,
});
`;

async function createRepo({ name, frontend, auth }: Case): Promise<string> {
  const creator = join(home, "tools/node_modules/.bin/create-better-t-stack");
  const none = ["database", "orm", "runtime", "api", "payments", "examples", "db-setup"];
  succeeded(
    await runIn(
      home,
      [
        ...[creator, name, "--backend", "convex", "--frontend", frontend, "--auth", auth],
        ...[...none, "web-deploy", "server-deploy"].flatMap((flag) => [`--${flag}`, "none"]),
        ...["--addons", "turborepo", "--package-manager", "npm", "--no-git", "--no-install"],
        "--disable-analytics",
      ],
      { BTS_TELEMETRY: "0" },
    ),
  );
  const root = join(home, name);
  succeeded(await runIn(root, INSTALL));
  return root;
}

/** The front end is built by its own script and compiles; a user signs up as its pages do it. */
async function expectFrontEnd(root: string, one: Case, deployment: Deployment): Promise<void> {
  const web = join(root, "apps/web");
  succeeded(await runIn(web, ["npm", "run", "build"], BUILD_ENV));
  succeeded(await appIn(web).run(["tsc", "--noEmit"]));
  const origin = "http://localhost:3001";
  const routes = one.frontend === "next" ? await serveNext(root) : deployment.siteUrl;
  const user = await signUp(routes, "ada@example.com", origin);
  const client = new ConvexHttpClient(deployment.url);
  client.setAuth(await user.token());
  expect(await client.query(anyApi.who!.am as never)).toBe("ada@example.com");
}

async function serveNext(root: string): Promise<string> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const web = join(root, "apps/web");
  const server = await startServer({
    app: { dir: web },
    node,
    args: argsOfNext([web, root], port),
    origin,
  });
  closing.push(server.end);
  return origin;
}
