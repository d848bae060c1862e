// Strict installations, in which a package finds only what its package.json names: kitcn's app still type-checks, is
// pushed and signs people up. pnpm comes from npm, by npx; npm's own strict kind is in `npm run test:all`.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import { packKitcn } from "../support/installation.js";
import { appIn, runIn, type PackedApp, type Ran } from "../support/packed-app.js";

const home = resolve(".tmp/strict");
const dir = join(home, "app");

let app: PackedApp;
let deployment: Deployment;

const succeeded = (ran: Ran) => expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });

beforeAll(async () => {
  await rm(home, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await cp("examples/notes/convex", join(dir, "convex"), { recursive: true });
  const { dependencies, ...manifest } = JSON.parse(
    await readFile("examples/notes/package.json", "utf8"),
  ) as { dependencies: Record<string, string> };
  const { version } = JSON.parse(await readFile("node_modules/convex/package.json", "utf8")) as {
    version: string;
  };
  // Of a range, npm takes what this Node can run; pnpm takes the newest.
  const own = {
    kitcn: `file:${await packKitcn()}`,
    "better-auth": "1.7.25",
    convex: version,
  };
  const all = { ...manifest, name: "strict", dependencies: { ...dependencies, ...own } };
  await writeFile(join(dir, "package.json"), JSON.stringify(all));
  const settings = ["hoist=false", "auto-install-peers=false", "strict-peer-dependencies=false"];
  await writeFile(join(dir, ".npmrc"), `${settings.join("\n")}\n`);
  // A workspace by itself: pnpm would look for one above.
  await writeFile(join(dir, "pnpm-workspace.yaml"), "packages: []\n");
  const pnpm = ["npm", "exec", "--yes", "--", "pnpm@10"];
  succeeded(await runIn(dir, [...pnpm, "install", "--store-dir", resolve(".tmp/pnpm-store")]));
  app = appIn(dir);
  deployment = await startDeployment();
}, 600_000);
afterAll(() => deployment?.stop());

test("pnpm without hoisting: add auth, types, push, sign-up", async () => {
  succeeded(await app.run(["kitcn", "add", "auth", "--yes", "--no-install"], deployment.cliEnv));
  succeeded(await app.run(["tsc", "-p", "convex"]));
  succeeded(await app.run(["convex", "deploy", "--yes"], deployment.cliEnv));
  const jar = createCookieJar("http://localhost:3000");
  const made = await jar.fetch(`${deployment.siteUrl}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Ada", email: "ada@example.com", password: "correct horse" }),
  });
  expect(made.status, await made.text()).toBe(200);
  const token = await jar.fetch(`${deployment.siteUrl}/api/auth/convex/token`);
  expect(token.status).toBe(200);
}, 600_000);
