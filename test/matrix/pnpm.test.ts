// `npm run test:all`: pnpm from npm. Since 11, an installation ends with an error where build scripts wait for approval.
// The command that kitcn prints then lets its second run finish.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { expect, test } from "vitest";
import { NPM_INSTALL, succeeded } from "../support/commands.js";
import { packKitcn } from "../support/installation.js";
import { appIn, runIn } from "../support/packed-app.js";

const cli = resolve("dist/codegen/cli.js");

test.each(["10", "11", "12"])(
  "pnpm %s: add auth says the one command, if any, and then finishes",
  async (version) => {
    const home = resolve(`.tmp/pnpm-${version}`);
    const dir = join(home, "app");
    await rm(home, { recursive: true, force: true });
    await mkdir(dir, { recursive: true });
    await writeFile(join(home, "package.json"), '{ "private": true }');
    // pnpm 11 needs Node 22.13.
    succeeded(
      await runIn(home, [
        ...NPM_INSTALL,
        `pnpm@${version}`,
        ...(version === "11" ? ["node@22"] : []),
      ]),
    );
    const bin = join(home, "node_modules/.bin");
    const env = { PATH: `${bin}${delimiter}${process.env.PATH ?? ""}`, CONVEX_SELF_HOSTED_URL: "" };

    await cp("examples/notes/convex", join(dir, "convex"), { recursive: true });
    // A workspace by itself: pnpm would look for one above.
    await writeFile(join(dir, "pnpm-workspace.yaml"), "packages: []\n");
    await writeFile(join(dir, "pnpm-lock.yaml"), "");
    await writeFile(join(dir, "package.json"), JSON.stringify(await manifest()));
    const addAuth = () => runIn(dir, [process.execPath, cli, "add", "auth", "--yes"], env);

    const first = await addAuth();
    // pnpm 10 only warns.
    expect(first, first.stderr).toMatchObject({ code: version === "10" ? 0 : 1 });
    if (first.code !== 0) {
      const command = /`(pnpm [^`]+)` allows the scripts/.exec(first.stderr)?.[1];
      expect(command, first.stderr).toBe("pnpm approve-builds --all");
      succeeded(await runIn(dir, (command ?? "").split(" "), env));
      succeeded(await addAuth());
    }
    succeeded(await appIn(dir).run(["tsc", "-p", "convex"]));
  },
  900_000,
);

// --- internal ---

async function manifest(): Promise<object> {
  const text = await readFile("examples/notes/package.json", "utf8");
  const { dependencies, ...rest } = JSON.parse(text) as { dependencies: object }; // the example's own
  const { version } = JSON.parse(await readFile("node_modules/convex/package.json", "utf8")) as {
    version: string;
  }; // npm's
  const own = { kitcn: `file:${await packKitcn()}`, convex: version };
  return { ...rest, name: "pnpm-app", dependencies: { ...dependencies, ...own } };
}
