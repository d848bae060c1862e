// Packages of Better Auth that npm refuses beside a newer better-auth: the command that makes them fit, and where it is
// printed. The command itself is run against npm, once here for one package and by `npm run test:all` for each.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { loadProject } from "../../../codegen/disk/project.js";
import { checkMisfit, checkPackages } from "../../../codegen/doctor/check-packages.js";
import { isSatellite } from "../../../codegen/packages/helpers.js";
import { findMisfits, installLine } from "../../../codegen/packages/satellites.js";
import { cliApp, PACKAGES, stubCloudDeployment } from "../support/cli.js";
import { makeRepo, TURBO, type TestRepo } from "../support/repo.js";

beforeEach(() => {
  stubCloudDeployment();
  // What runs the tests is not what an app is installed with.
  vi.stubEnv("npm_config_user_agent", "");
});
afterEach(() => vi.unstubAllEnvs());

test.each([
  ["@better-auth/passkey", true],
  ["@better-auth/made-up", true],
  ["@better-auth/core", false],
  ["@better-auth/kysely-adapter", false],
  ["better-auth", false],
  ["@other/passkey", false],
])("%s is released apart: %s", (name, want) => {
  expect(isSatellite(name)).toBe(want);
});

test("add auth --schema names the command for one that is not installed", async () => {
  const auth = `import { passkey } from "@better-auth/passkey-not-here";
import { defineAuth } from "./generated/auth";
export default defineAuth(() => ({ plugins: [passkey()] }));
`;
  const app = cliApp("plain", { files: { "convex/auth.ts": auth } });
  const ran = await app.kitcn("add", "auth", "--schema", "--yes");
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain(installLine("@better-auth/passkey-not-here"));
});

test.each([
  ["npm", { "package-lock.json": "{}" }, installLine("@better-auth/passkey-not-here")],
  ["pnpm", { "pnpm-lock.yaml": "" }, "\nThen run: pnpm add -w @better-auth/passkey-not-here"],
  ["yarn", { "yarn.lock": "" }, "Install it: yarn add @better-auth/passkey-not-here"],
  [
    "bun",
    { "bun.lock": "" },
    'Install it: npm pkg set "overrides[@better-auth/passkey-not-here][better-call]=^1.0.0"',
  ],
  [
    "pnpm, with lines",
    { "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "packages: ['.']\n" },
    '\n  "@better-auth/passkey-not-here>better-call": "^1.0.0"\n',
  ],
  [
    "pnpm, by its name",
    { "package.json": '{ "packageManager": "pnpm@12.0.0", "dependencies": { "convex": "*" } }' },
    `Install it: First make the file pnpm-workspace.yaml with these lines:
  packages:
    - "."
  overrides:
    "@better-auth/passkey-not-here>better-call": "^1.0.0"
`,
  ],
  [
    "pnpm, with a file",
    { "pnpm-lock.yaml": "", "pnpm-workspace.yaml": "packages: ['.']\n" },
    'Install it: First add these lines to pnpm-workspace.yaml, below "overrides:" (add that key if it is missing):\n',
  ],
  [
    "pnpm, where the lines are there",
    {
      "pnpm-lock.yaml": "",
      "pnpm-workspace.yaml": `packages: ['.']
overrides:
  "@better-auth/passkey-not-here>better-call": "^1.0.0"
  "@better-auth/passkey-not-here>@better-auth/utils": ">=0"
  "@better-fetch/fetch": "1.3.2"
`,
    },
    "Install it: pnpm add @better-auth/passkey-not-here",
  ],
  [
    "npm, where package.json names it, with a line",
    {
      "package-lock.json": "{}",
      "package.json": JSON.stringify({
        dependencies: { convex: "*", "@better-auth/passkey-not-here": "1.7.0" },
        overrides: { "@better-auth/passkey-not-here": { "better-call": "1.4.0" } },
      }),
    },
    'Install it: npm pkg set "overrides[@better-auth/passkey-not-here][@better-auth/utils]=>=0" "overrides[@better-auth/passkey-not-here][@better-fetch/fetch]=>=0" && npm install\n',
  ],
])("the command is the app's package manager's: %s", async (_name, files, want) => {
  const auth = `import { passkey } from "@better-auth/passkey-not-here";
import { defineAuth } from "./generated/auth";
export default defineAuth(() => ({ plugins: [passkey()] }));
`;
  const app = cliApp("plain", { files: { ...files, "convex/auth.ts": auth } });
  expect((await app.kitcn("add", "auth", "--schema", "--yes")).stderr).toContain(want);
});

describe("an installed one", () => {
  const appWith = (overrides: object | undefined) => {
    const packages = [...PACKAGES, "better-call", "@better-auth/utils"];
    const app = cliApp("plain", { packages });
    app.write("package-lock.json", "{}");
    const manifest = JSON.parse(app.read("package.json")) as object;
    app.write("package.json", JSON.stringify({ ...manifest, overrides }));
    const peers = { "better-call": "1.0.0", "@better-auth/utils": "^0.5.0" };
    const text = { name: "@better-auth/passkey", version: "1.7.6", peerDependencies: peers };
    app.write("node_modules/@better-auth/passkey/package.json", JSON.stringify(text));
    return app;
  };

  test("with pinned peers of another version is found, by what it pins", async () => {
    const app = appWith(undefined);
    const misfits = findMisfits(loadProject(app.root));
    expect(misfits).toMatchObject([
      {
        name: "@better-auth/passkey",
        version: "1.7.6",
        asks: [expect.stringMatching(/^better-call 1\.0\.0, not 1\./)],
      },
    ]);
    const { stdout } = await app.kitcn("doctor");
    expect(stdout).toContain("PEERS_DO_NOT_FIT");
    expect(stdout).toContain(installLine("@better-auth/passkey"));
  });

  test.each([
    ["npm", "npm pkg set overrides"],
    ["bun", "npm pkg set overrides"],
    ["pnpm-yaml", "First make the file pnpm-workspace.yaml"],
  ] as const)("in a repository of several packages: where to run it, for %s", (form, want) => {
    const [found] = checkMisfit({
      name: "@better-auth/passkey",
      version: "1.7.6",
      asks: ["x 1, not 2"],
      conflicts: [],
      place: { root: "/repo", form },
      home: "/repo",
    });
    expect(found?.fix.replaceAll('"', "")).toMatch(new RegExp(`^In /repo: ${want}`));
    expect(found?.fix).toMatch(/(npm|bun|pnpm) install$/);
  });

  test("that auth.ts uses is named by add auth --schema, which goes on", async () => {
    const app = appWith(undefined);
    app.write(
      "node_modules/@better-auth/passkey/index.js",
      'exports.passkey = () => ({ id: "passkey" });',
    );
    app.write(
      "convex/auth.ts",
      `import { passkey } from "@better-auth/passkey";
import { defineAuth } from "./generated/auth";
export default defineAuth(() => ({ plugins: [passkey()] }));
`,
    );
    const ran = await app.kitcn("add", "auth", "--schema", "--yes");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain(`ERESOLVE. To fix it: ${installLine("@better-auth/passkey")}`);
  });

  test("is none for Yarn, which installs no peers", () => {
    const app = appWith(undefined);
    app.remove("package-lock.json");
    app.write("yarn.lock", "");
    expect(findMisfits(loadProject(app.root))).toEqual([]);
  });

  test("doctor says the lines of pnpm-workspace.yaml, until they are there", async () => {
    const app = appWith(undefined);
    app.remove("package-lock.json");
    app.write("pnpm-lock.yaml", "");
    const lines = [
      '  "@better-auth/passkey>better-call": "^1.0.0"',
      '  "@better-auth/passkey>@better-auth/utils": ">=0"',
      '  "@better-auth/passkey>@better-fetch/fetch": ">=0"',
    ].join("\n");
    const { stdout } = await app.kitcn("doctor");
    expect(stdout).toContain("pnpm installs both versions");
    for (const line of lines.split("\n")) expect(stdout).toContain(line.trim());
    app.write("pnpm-workspace.yaml", `overrides:\n${lines}\n`);
    expect(findMisfits(loadProject(app.root))).toEqual([]);
  });

  test("that a line of the user gives another helper is found, with the line", async () => {
    const app = appWith({ "@better-auth/passkey": { "better-call": "1.0.0" } });
    expect(findMisfits(loadProject(app.root))).toMatchObject([{ asks: [] }]);
    const { stdout } = await app.kitcn("doctor");
    expect(stdout).toMatch(/by your line "@better-auth\/passkey > better-call"[^]*write ">=0"/);
  });

  test("doctor prints no line again that is there", async () => {
    const app = appWith(undefined);
    app.remove("package-lock.json");
    app.write("pnpm-lock.yaml", "");
    const own = '"@better-auth/passkey>@better-auth/utils": 0.4.0';
    app.write("pnpm-workspace.yaml", `packages: ["."]\noverrides:\n  ${own}\n`);
    const { stdout } = await app.kitcn("doctor");
    expect(stdout).toContain('"@better-auth/passkey>better-call": "^1.0.0"');
    expect(stdout).not.toContain('"@better-auth/passkey>@better-auth/utils": ');
    expect(stdout).toMatch(/by your line "@better-auth\/passkey>@better-auth\/utils"/);
  });

  test("that package.json makes fit is not", () => {
    const app = appWith({ "@better-auth/passkey": { "better-call": "*" } });
    expect(findMisfits(loadProject(app.root))).toEqual([]);
  });

  test("is a warning: it runs", () => {
    const place = { root: "", form: "npm" } as const;
    const misfits = [
      {
        name: "@better-auth/passkey",
        version: "1.7.6",
        asks: ["x 1, not 2"],
        conflicts: [],
        place,
      },
    ];
    const versions = { "better-auth": "1.7.25", convex: "1.48.0" };
    const found = checkPackages({ versions, copies: [], broken: [], misfits });
    expect(found).toMatchObject([{ code: "PEERS_DO_NOT_FIT", level: "warning" }]);
  });
});

describe("in a package of a repository", () => {
  const auth = `import { passkey } from "@better-auth/passkey-not-here";
import { defineAuth } from "./generated/auth";
export default defineAuth(() => ({ plugins: [passkey()] }));
`;
  const backend = "packages/backend";
  const schemaIn = (repo: TestRepo) =>
    repo.kitcnIn(backend, "add", "auth", "--schema", "--yes").then(({ stderr }) => stderr);
  const repoWith = (files: Record<string, string>) =>
    makeRepo(TURBO, { files: { ...files, [`${backend}/convex/auth.ts`]: auth } });

  test("npm: overrides at the root, and the package below", async () => {
    const repo = repoWith({ "package-lock.json": "{}" });
    const stderr = await schemaIn(repo);
    expect(stderr).toContain(`Install it: In ${repo.root}: npm pkg set "overrides`);
    expect(stderr).toContain(`&& cd ${backend} && npm install @better-auth/passkey-not-here\n`);
  });

  test("pnpm: the folder of the command", async () => {
    const workspace = { "pnpm-workspace.yaml": "packages: [apps/*, packages/*]\n" };
    const repo = repoWith({ "pnpm-lock.yaml": "", ...workspace });
    expect(await schemaIn(repo)).toContain(
      `\nThen run in ${repo.path(backend)}: pnpm add @better-auth/passkey-not-here\n`,
    );
  });

  test("one that npm installed at the root is found", async () => {
    const name = "@better-auth/made-up";
    const text = { name, version: "1.7.6", peerDependencies: { "better-call": "1.0.0" } };
    const repo = makeRepo(TURBO, {
      packages: [...PACKAGES, "better-call"],
      files: {
        "package-lock.json": "{}",
        [`node_modules/${name}/package.json`]: JSON.stringify(text),
      },
    });
    expect(findMisfits(loadProject(repo.path(backend)))).toMatchObject([
      { name, version: "1.7.6", home: repo.root },
    ]);
    // What lies in the package itself is what it imports.
    repo.write(
      `${backend}/node_modules/${name}/package.json`,
      JSON.stringify({ name, version: "1.7.7" }),
    );
    expect(findMisfits(loadProject(repo.path(backend)))).toEqual([]);
  });
});

test("kitcn's own package.json has what the printed commands set, and nothing else", () => {
  const { overrides, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
    overrides: Record<string, Record<string, string>>;
    devDependencies: Record<string, string>;
  };
  const printed = Object.keys(devDependencies)
    .filter(isSatellite)
    .flatMap((name) => installLine(name).match(/"overrides\[[^"]*"/g) ?? []);
  const own = Object.entries(overrides).flatMap(([name, helpers]) =>
    Object.entries(helpers).map(([helper, range]) => `"overrides[${name}][${helper}]=${range}"`),
  );
  expect(own.sort()).toEqual(printed.sort());
});

test("the printed command installs passkey beside the tested better-auth, where npm alone refuses", () => {
  const dir = mkdtempSync(join(tmpdir(), "kitcn-satellite-"));
  const dependencies = { "better-auth": "1.7.25" };
  writeFileSync(join(dir, "package.json"), JSON.stringify({ private: true, dependencies }));
  const quiet = {
    cwd: dir,
    stdio: "pipe",
    env: { ...process.env, npm_config_audit: "false" },
  } as const;
  try {
    execFileSync("npm", ["install", "--package-lock-only", "--no-fund"], quiet);
    const line = installLine("@better-auth/passkey").replace(
      "npm install",
      "npm install --package-lock-only",
    );
    execFileSync("sh", ["-c", line], quiet);
    const lock = JSON.parse(readFileSync(join(dir, "package-lock.json"), "utf8")) as {
      packages: Record<string, { version: string }>;
    };
    const versionsOf = (name: string) =>
      Object.keys(lock.packages).filter((path) => path.endsWith(`node_modules/${name}`));
    expect(versionsOf("@better-auth/passkey")).toHaveLength(1);
    for (const helper of [
      "better-call",
      "@better-auth/utils",
      "@better-fetch/fetch",
      "better-auth",
    ])
      expect(versionsOf(helper), helper).toHaveLength(1);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
