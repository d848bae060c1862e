// Small repositories of several packages for codegen tests: copies of the fixture apps as members, installed as npm
// installs them, with one node_modules at the root.
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FIXTURES } from "./app.js";
import { cliApp, runCli, type AppOptions, type CliApp, type Ran } from "./cli.js";

/** A member: the fixture app it is a copy of, with what its package.json says beside. */
export type MemberOptions = {
  readonly app: string;
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly manifest?: Readonly<Record<string, unknown>>;
};

export type TestRepo = CliApp & {
  /** `kitcn ...args --cwd <folder>`. */
  readonly kitcnIn: (folder: string, ...args: string[]) => Promise<Ran>;
};

/** Makes a repository. A member of the fixture `next` or `vite` has no functions: its backend is another one. */
export function makeRepo(
  members: Readonly<Record<string, MemberOptions>>,
  options: AppOptions = {},
): TestRepo {
  const app = cliApp("repo", options);
  for (const [folder, member] of Object.entries(members)) {
    cpSync(join(FIXTURES, "apps", member.app), app.path(folder), { recursive: true });
    if (member.app !== "plain")
      rmSync(app.path(`${folder}/convex`), { recursive: true, force: true });
    const path = app.path(`${folder}/package.json`);
    const manifest = JSON.parse(readFileSync(path, "utf8")) as { dependencies: object }; // a fixture's
    const { name, dependencies, manifest: more } = member;
    const whole = {
      ...manifest,
      name,
      ...more,
      dependencies: { ...manifest.dependencies, ...dependencies },
    };
    writeFileSync(path, `${JSON.stringify(whole, null, 2)}\n`);
    linkMember(app, folder, name);
  }
  for (const [file, text] of Object.entries(options.files ?? {}))
    if (text !== undefined) app.write(file, text);
  return {
    ...app,
    kitcnIn: (folder, ...args) => runCli(...args, "--cwd", app.path(folder)),
  };
}

/** Turborepo's layout: a backend with exports, a Next app and a Vite app. */
export const TURBO: Readonly<Record<string, MemberOptions>> = {
  "packages/backend": {
    app: "plain",
    name: "@acme/backend",
    manifest: { exports: { "./api": "./convex/_generated/api.js", "./convex/*": "./convex/*.ts" } },
  },
  "apps/web": { app: "next", name: "web", dependencies: { "@acme/backend": "*" } },
  "apps/admin": { app: "vite", name: "admin", dependencies: { "@acme/backend": "workspace:*" } },
};

// --- internal ---

function linkMember(app: CliApp, folder: string, name: string): void {
  const to = app.path(join("node_modules", name));
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(app.path(folder), to);
}
