// `npm run test:all`: `npx auth generate`, by the CLI that Better Auth publishes today, on the Node that it asks for,
// which comes from npm.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { fixture } from "../codegen/support/app.js";
import { cliApp, PACKAGES } from "../codegen/support/cli.js";
import { NPM_INSTALL } from "../support/commands.js";
import { runIn } from "../support/packed-app.js";

test("npx auth generate writes blocks that kitcn knows for its own", async () => {
  const home = resolve(".tmp/auth-cli");
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const dependencies = { auth: "latest", node: "22" };
  await writeFile(join(home, "package.json"), JSON.stringify({ private: true, dependencies }));
  const installed = await runIn(home, NPM_INSTALL);
  expect(installed, installed.stderr).toMatchObject({ code: 0 });

  const packages = [...PACKAGES, "@better-auth/api-key", "zod"];
  const files = { "convex/auth.ts": fixture("cases/saas.auth.ts") };
  const app = cliApp("plain", { packages, files, convex: "real" });
  // auth.ts is all there is: codegen refuses, and leaves `_generated`, until add auth has made the rest.
  const refused = await app.kitcn("codegen");
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain("Run `npx kitcn add auth --yes` to create it");
  expect(await app.kitcn("add", "auth", "--yes", "--no-install")).toMatchObject({ code: 0 });
  const schema = app.read("convex/schema.ts");
  const node = join(home, "node_modules/node/bin/node");
  const program = join(home, "node_modules/auth/dist/index.mjs");
  const args = ["generate", "--config", "convex/auth.ts", "-y"];
  const ran = await runIn(app.root, [node, program, ...args], { BETTER_AUTH_TELEMETRY: "0" });
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  expect(app.read("convex/schema.ts")).toBe(schema);
}, 900_000);
