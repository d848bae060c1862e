// Strict installations, in which a package finds only what its package.json names: kitcn's app still type-checks, is
// pushed and signs people up with pnpm; the matrix has the same with npm that links.
import { mkdir, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { appIn, runIn } from "../support/packed-app.js";
import {
  assertWorks,
  emptyFolder,
  LINKING,
  PNPM,
  succeeded,
  todays,
} from "../support/strict-install.js";

test("pnpm without hoisting: add auth, types, push, sign-up", () => assertWorks(PNPM), 900_000);

// What kitcn installs are its own peers, after which this npm keeps kitcn in another folder.
test("npm that links: add auth installs what is missing, and goes on", async () => {
  const dir = await emptyFolder("moved");
  await mkdir(join(dir, "convex"));
  const { convex, kitcn } = await todays();
  const manifest = {
    private: true,
    type: "module",
    dependencies: { convex, kitcn },
    devDependencies: { typescript: "^5.9.0" },
  };
  await writeFile(join(dir, "package.json"), JSON.stringify(manifest));
  for (const [path, text] of Object.entries(LINKING.files)) await writeFile(join(dir, path), text);
  succeeded(await runIn(dir, LINKING.install));
  const app = appIn(dir);
  const before = await realpath(join(dir, "node_modules/kitcn"));
  succeeded(await app.run(["kitcn", "add", "auth", "--yes", "--crpc"], NOWHERE));
  // Otherwise this test holds nothing.
  expect(await realpath(join(dir, "node_modules/kitcn"))).not.toBe(before);
  succeeded(await app.run(["kitcn", "add", "auth", "--crpc", "--check"], NOWHERE));
}, 900_000);

// --- internal ---

const NOWHERE = { CONVEX_DEPLOYMENT: "", CONVEX_DEPLOY_KEY: "", CONVEX_SELF_HOSTED_URL: "" };
