// The versions that kitcn is used with, pairwise, and one app that goes from nothing to a signed-in user with them.
// Node comes from npm, as the package `node`. Writes only below .tmp in the repository.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { expect } from "vitest";
import { startDeployment } from "../deployment/index.js";
import { blocksOf } from "../docs/support/markdown.js";
import { NPM_INSTALL, succeeded } from "../support/commands.js";
import { createCookieJar } from "../support/cookie-fetch.js";
import { packKitcn } from "../support/installation.js";
import { appIn, runIn, writeFiles } from "../support/packed-app.js";

export type Cell = {
  readonly convex: string;
  readonly node: string;
  readonly typescript: string;
  readonly vitest: string;
};

/** The lowest convex of the peer range, and the newest that Node 20 runs. */
const [LOWEST, LAST_FOR_NODE_20] = ["1.44.0", "1.48.0"];

/** Every legal pair is in one of them: newer convex and vitest 5 need Node 22. */
export const CELLS: readonly Cell[] = [
  { convex: LOWEST, node: "20.19", typescript: "5.9", vitest: "4" },
  { convex: LOWEST, node: "22", typescript: "7", vitest: "5" },
  { convex: LOWEST, node: "24", typescript: "5.9", vitest: "4" },
  { convex: "latest", node: "22", typescript: "5.9", vitest: "5" },
  { convex: "latest", node: "24", typescript: "7", vitest: "5" },
  { convex: "latest", node: "22", typescript: "7", vitest: "4" },
  { convex: LAST_FOR_NODE_20, node: "20.19", typescript: "7", vitest: "4" },
];

/** `add auth`, types, the app's own suite, a push and a sign-up; throws with what a step printed. */
export async function runCell(cell: Cell): Promise<void> {
  const dir = resolve(".tmp/matrix", Object.values(cell).join("-"), "app");
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  await cp("examples/notes/convex", join(dir, "convex"), { recursive: true });
  await writeFile(join(dir, "package.json"), JSON.stringify(await manifestOf(cell)));
  succeeded(await runIn(dir, NPM_INSTALL));
  const app = appIn(dir);
  await writeFiles(app, await documentedSuite());
  const deployment = await startDeployment();
  const bin = join(dir, "node_modules/node/bin");
  const env = { ...deployment.cliEnv, PATH: `${bin}${delimiter}${process.env.PATH ?? ""}` };
  try {
    const version = await runIn(dir, ["node", "--version"], env);
    expect(version.stdout).toMatch(new RegExp(`^v${cell.node.replace(".", "\\.")}\\.`));
    succeeded(await app.run(["kitcn", "add", "auth", "--yes"], env));
    succeeded(await app.run(["tsc", "-p", "convex"], env));
    succeeded(await app.run(["convex", "deploy", "--yes"], env));
    const tested = await app.run(["vitest", "run", "--testTimeout=120000"], env);
    succeeded(tested);
    await signUp(deployment.siteUrl);
  } finally {
    await deployment.stop();
  }
}

// --- internal ---

async function manifestOf({ convex, node, typescript, vitest }: Cell): Promise<object> {
  return {
    name: "cell",
    private: true,
    type: "module",
    dependencies: {
      convex,
      kitcn: `file:${await packKitcn()}`,
      "better-auth": "1.7.25",
    },
    devDependencies: {
      node,
      typescript,
      vitest,
      "convex-test": "latest",
      "@edge-runtime/vm": "^5.0.0",
      // vitest 5 refuses types of an older Node.
      "@types/node": `^${node.split(".")[0]}`,
    },
  };
}

/** The suite of docs/testing.md. */
async function documentedSuite(): Promise<Record<string, string>> {
  const blocks = blocksOf(await readFile("docs/testing.md", "utf8"));
  const named = blocks.flatMap(({ text }) => {
    const path = /^\/\/ (\S+\.ts)\n/.exec(text)?.[1];
    return path ? [[path, text] as const] : [];
  });
  return Object.fromEntries(named);
}

async function signUp(siteUrl: string): Promise<void> {
  const jar = createCookieJar("http://localhost:3000");
  const response = await jar.fetch(`${siteUrl}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Ada", email: "ada@example.com", password: "correct horse" }),
  });
  expect(response.status, await response.text()).toBe(200);
  expect((await jar.fetch(`${siteUrl}/api/auth/convex/token`)).status).toBe(200);
}
