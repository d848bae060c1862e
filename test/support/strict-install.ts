// Strict installations, in which a package finds only what its package.json names: kitcn's app still type-checks, is
// pushed and signs people up. The default suite and the matrix choose who installs. Writes only below .tmp.
import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { startDeployment } from "../deployment/index.js";
import { NPM_INSTALL } from "./commands.js";
import { createCookieJar } from "./cookie-fetch.js";
import { packKitcn } from "./installation.js";
import { appIn, runIn, type PackedApp, type Ran } from "./packed-app.js";

type Manager = {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly install: readonly string[];
};

/** It comes from npm, by npx. */
export const PNPM: Manager = {
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
};

/** npm's own strict kind links each package into a store. */
export const LINKING: Manager = {
  name: "npm that links",
  files: { ".npmrc": "install-strategy=linked\n" },
  install: NPM_INSTALL,
};

/** An empty folder below .tmp. */
export async function emptyFolder(name: string): Promise<string> {
  const dir = resolve(".tmp/strict", name);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  return dir;
}

/** `add auth`, types, a push and a sign-up. */
export async function assertWorks(manager: Manager): Promise<void> {
  const app = await installed(manager);
  for (const name of ["zod", "hono", "convex-helpers", "@better-auth/core"])
    expect(existsSync(join(app.dir, "node_modules", name)), name).toBe(false);
  const deployment = await startDeployment();
  const env = deployment.cliEnv;
  try {
    succeeded(await app.run(["kitcn", "add", "auth", "--yes", "--no-install"], env));
    succeeded(await app.run(["tsc", "-p", "convex"]));
    succeeded(await app.run(["convex", "deploy", "--yes", "--typecheck", "disable"], env)); // tsc has just answered
    const jar = createCookieJar("http://localhost:3000");
    const made = await jar.fetch(`${deployment.siteUrl}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "Ada", email: "ada@example.com", password: "correct horse" }),
    });
    expect(made.status, await made.text()).toBe(200);
    const token = await jar.fetch(`${deployment.siteUrl}/api/auth/convex/token`);
    expect(token.status).toBe(200);
  } finally {
    await deployment.stop();
  }
}

/** Specs of today's kitcn and of this convex. Of a range, npm takes what this Node can run; pnpm takes the newest. */
export async function todays(): Promise<{ kitcn: string; convex: string }> {
  const { version } = JSON.parse(await readFile("node_modules/convex/package.json", "utf8")) as {
    version: string;
  }; // npm's
  return { kitcn: `file:${await packKitcn()}`, convex: version };
}

export const succeeded = (ran: Ran) =>
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });

// --- internal ---

async function installed({ name, files, install }: Manager): Promise<PackedApp> {
  const dir = await emptyFolder(name.replaceAll(" ", "-"));
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
  const own = { ...(await todays()), "better-auth": "1.7.25" };
  return { ...rest, name: "strict", dependencies: { ...dependencies, ...own } };
}
