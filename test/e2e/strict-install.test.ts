// Strict installations, in which a package finds only what its package.json names: kitcn's app still type-checks, is
// pushed and signs people up. pnpm comes from npm, by npx; npm's own strict kind links each package into a store.
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import { packKitcn } from "../support/installation.js";
import { appIn, runIn, type PackedApp, type Ran } from "../support/packed-app.js";

const home = resolve(".tmp/strict");

type Manager = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly install: readonly string[];
};

const MANAGERS: readonly Manager[] = [
  {
    name: "pnpm without hoisting",
    files: {
      ".npmrc": "hoist=false\nauto-install-peers=false\nstrict-peer-dependencies=false\n",
      // A workspace by itself: pnpm would look for one above.
      "pnpm-workspace.yaml": "packages: []\n",
    },
    install: [
      ...["npm", "exec", "--yes", "--", "pnpm@10", "install"],
      ...["--store-dir", resolve(".tmp/pnpm-store")],
    ],
  },
  {
    name: "npm that links",
    files: { ".npmrc": "install-strategy=linked\n" },
    install: ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"],
  },
];

let deployment: Deployment | undefined;

const succeeded = (ran: Ran) => expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });

beforeAll(() => rm(home, { recursive: true, force: true }));
afterEach(() => deployment?.stop());

test.each(MANAGERS)(
  "$name: add auth, types, push, sign-up",
  async (manager) => {
    const app = await installed(manager);
    for (const name of ["zod", "hono", "convex-helpers", "@better-auth/core"])
      expect(existsSync(join(app.dir, "node_modules", name)), name).toBe(false);
    deployment = await startDeployment();
    const env = deployment.cliEnv;
    succeeded(await app.run(["kitcn", "add", "auth", "--yes", "--no-install"], env));
    succeeded(await app.run(["tsc", "-p", "convex"]));
    succeeded(await app.run(["convex", "deploy", "--yes"], env));
    const jar = createCookieJar("http://localhost:3000");
    const made = await jar.fetch(`${deployment.siteUrl}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Ada", email: "ada@example.com", password: "correct horse" }),
    });
    expect(made.status, await made.text()).toBe(200);
    const token = await jar.fetch(`${deployment.siteUrl}/api/auth/convex/token`);
    expect(token.status).toBe(200);
  },
  900_000,
);

// What kitcn installs are its own peers, after which this npm keeps kitcn in another folder.
test("npm that links: add auth installs what is missing, and goes on", async () => {
  const dir = join(home, "moved");
  await mkdir(join(dir, "convex"), { recursive: true });
  const { convex, kitcn } = await versions();
  const manifest = {
    private: true,
    type: "module",
    dependencies: { convex, kitcn },
    devDependencies: { typescript: "^5.9.0" },
  };
  await writeFile(join(dir, "package.json"), JSON.stringify(manifest));
  await writeFile(join(dir, ".npmrc"), "install-strategy=linked\n");
  succeeded(await runIn(dir, ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]));
  const app = appIn(dir);
  const before = await realpath(join(dir, "node_modules/kitcn"));
  succeeded(await app.run(["kitcn", "add", "auth", "--yes", "--crpc"], NOWHERE));
  // Otherwise this test holds nothing.
  expect(await realpath(join(dir, "node_modules/kitcn"))).not.toBe(before);
  succeeded(await app.run(["kitcn", "add", "auth", "--crpc", "--check"], NOWHERE));
}, 900_000);

// --- internal ---

const NOWHERE = { CONVEX_DEPLOYMENT: "", CONVEX_DEPLOY_KEY: "", CONVEX_SELF_HOSTED_URL: "" };

async function installed({ name, files, install }: Manager): Promise<PackedApp> {
  const dir = join(home, name.replaceAll(" ", "-"));
  await mkdir(dir, { recursive: true });
  await cp("examples/notes/convex", join(dir, "convex"), { recursive: true });
  await writeFile(join(dir, "package.json"), JSON.stringify(await manifest()));
  for (const [path, text] of Object.entries(files)) await writeFile(join(dir, path), text);
  succeeded(await runIn(dir, install));
  return appIn(dir);
}

async function manifest(): Promise<object> {
  const { dependencies, ...rest } = JSON.parse(
    await readFile("examples/notes/package.json", "utf8"),
  ) as { dependencies: Record<string, string> }; // the example's own
  const own = { ...(await versions()), "better-auth": "1.7.25" };
  return { ...rest, name: "strict", dependencies: { ...dependencies, ...own } };
}

/** Of a range, npm takes what this Node can run; pnpm takes the newest. */
async function versions(): Promise<{ kitcn: string; convex: string }> {
  const { version } = JSON.parse(await readFile("node_modules/convex/package.json", "utf8")) as {
    version: string;
  }; // npm's
  return { kitcn: `file:${await packKitcn()}`, convex: version };
}
