// `npm run test:all`: each of Better Auth's separate packages, installed beside the tested better-auth by the command
// that kitcn prints.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { installLine } from "../../codegen/packages/satellites.js";
import { NPM_INSTALL } from "../support/commands.js";
import { runIn } from "../support/packed-app.js";

const NAMES = ["api-key", "oauth-provider", "passkey", "scim", "stripe"];

test.each(NAMES)(
  "@better-auth/%s",
  async (name) => {
    const dir = resolve(".tmp/satellites", name);
    await rm(dir, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    const manifest = { private: true, dependencies: { "better-auth": "1.7.25" } };
    await writeFile(join(dir, "package.json"), JSON.stringify(manifest));
    const run = async (command: readonly string[]) => {
      const ran = await runIn(dir, command);
      expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
    };
    await run(NPM_INSTALL);
    await run(["sh", "-c", installLine(`@better-auth/${name}`)]);
    // And what comes after it.
    await run(NPM_INSTALL);
    await run(["node", "-e", `import("@better-auth/${name}")`]);
  },
  600_000,
);
