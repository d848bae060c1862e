// Apps as today's creators make them: Convex and auth come in by command, or by the documents alone; what was there
// stays, and all of it compiles and builds. One workspace with one installation serves them all.
import { resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signUp } from "../codegen/support/live-app.js";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { loadSection } from "../docs/support/manual.js";
import { snapshotOf, writeFiles, type PackedApp } from "../support/packed-app.js";
import { copyApp, createApps } from "../support/workspace.js";

const CREATORS = {
  next: [
    ...["create-next-app@16.4.3", "next", "--yes", "--skip-install"],
    ...["--disable-git", "--use-npm"],
  ],
  vite: ["create-vite@9.3.0", "vite", "--template", "react-ts", "--no-interactive"],
  start: [
    ...["@tanstack/cli@0.71.0", "create", "start", "--yes", "--no-install", "--no-git"],
    ...["--no-intent", "--package-manager", "npm"],
  ],
};

type Name = keyof typeof CREATORS;

type Case = {
  name: Name;
  /** The creator's files that `kitcn add auth` changes, and how many of their lines. */
  patched: Record<string, number>;
  /** What its compiler and its bundler run. */
  build: string[][];
  /** The sections of docs/manual.md that are about it. */
  sections: string[];
  /** What they say in words; `files` are the app's. */
  words?: (files: Record<string, string>) => Record<string, string>;
};

const CASES: Case[] = [
  {
    name: "next",
    patched: { "app/layout.tsx": 1, ".gitignore": 0 },
    build: [
      ["next", "typegen"],
      ["tsc", "--noEmit"],
      ["next", "build"],
    ],
    sections: ["The server", "Next.js"],
  },
  {
    name: "vite",
    patched: { "src/main.tsx": 1, "tsconfig.app.json": 1, ".gitignore": 0 },
    build: [
      ["tsc", "--build"],
      ["vite", "build"],
    ],
    sections: ["The server", "Vite"],
    words: (files) => ({ "tsconfig.app.json": withNodeTypes(files["tsconfig.app.json"]) }),
  },
  {
    name: "start",
    patched: { "src/routes/__root.tsx": 1, "tsconfig.json": 1, ".gitignore": 0 },
    build: [
      ["tsr", "generate"],
      ["tsc", "--noEmit"],
      ["vite", "build"],
    ],
    sections: ["The server", "TanStack Start"],
    words: (files) => ({
      "src/lib/auth-client.ts": loadSection("Next.js")["lib/auth-client.ts"]!, // named there
      "src/routes/__root.tsx": withProvider(files["src/routes/__root.tsx"]),
      "tsconfig.json": withNodeTypes(files["tsconfig.json"]),
      ".env.local": loadSection("Vite")[".env.local"]!, // the same names
    }),
  },
];

let apps: Record<Name, PackedApp>;
let byHand: Record<Name, PackedApp>;
let deployment: Deployment;

beforeAll(async () => {
  apps = await createApps({ name: "creators", creators: CREATORS });
  const copies = Object.entries(apps).map(async ([name, app]) => [name, await copyApp(app)]);
  byHand = Object.fromEntries(await Promise.all(copies)) as Record<Name, PackedApp>; // the names of `apps`
  deployment = await startDeployment();
}, 1_200_000); // three creators and all of their apps' packages, maybe with nothing in npm's cache

afterAll(() => deployment.stop());

describe.each(CASES)("$name", ({ name, patched, build, sections, words }) => {
  test("is given Convex and auth, keeps its files, compiles and builds", async () => {
    const app = apps[name];
    const before = await snapshotOf(app);
    for (const command of COMMANDS) await succeed(app, command);
    const after = await snapshotOf(app);
    const changed = Object.keys(before).filter((file) => before[file] !== after[file]);
    expect(changed.filter((file) => !(file in patched))).toEqual([]);
    for (const file of changed)
      expect(lost(before[file], after[file]).length, file).toBeLessThanOrEqual(patched[file] ?? 0);
    for (const command of COMMANDS)
      expect(await succeed(app, command)).toContain("nothing was written");
    expect(await snapshotOf(app)).toEqual(after);
    for (const command of build) await succeed(app, command);
  });

  test("has auth by the documents alone: it is pushed, a user signs up, it builds", async () => {
    const app = byHand[name];
    await succeed(app, ["kitcn", "init", "--yes"]);
    const files = Object.assign({}, ...sections.map(loadSection)) as Record<string, string>; // texts by path
    await writeFiles(app, { ...files, ...words?.(await snapshotOf(app)) });
    for (const command of MANUAL_COMMANDS) await succeed(app, command, deployment.cliEnv);
    const origin = /SITE_URL=(.*)/.exec(files["convex/.env"] ?? "")?.[1];
    const user = await signUp(deployment.siteUrl, `${name}@example.com`, origin);
    expect(await user.token()).toMatch(/^e/);
    for (const command of build) await succeed(app, command);
  });
});

// --- internal ---

const COMMANDS = [
  ["kitcn", "init", "--yes"],
  ["kitcn", "add", "auth", "--yes"],
];

const MANUAL_COMMANDS = [
  ["kitcn", "add", "auth", "--schema", "--yes"],
  ["kitcn", "codegen"],
  ["convex", "deploy", "--yes"],
  ["kitcn", "env", "push"],
];

const BUILD_ENV = {
  CONVEX_DEPLOYMENT: "",
  NODE_ENV: "production",
  // create-next-app's layout asks Google for two fonts.
  NEXT_FONT_GOOGLE_MOCKED_RESPONSES: resolve("test/fixtures/google-fonts.cjs"),
};

async function succeed(
  app: PackedApp,
  command: readonly string[],
  env: Record<string, string> = BUILD_ENV,
): Promise<string> {
  const { code, stdout, stderr } = await app.run(command, env);
  expect(code, `${command.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Lines that are not there any more, wherever they would be now. */
function lost(before = "", after = ""): string[] {
  const left = new Set(after.split("\n").map((line) => line.trim()));
  return before.split("\n").filter((line) => !left.has(line.trim()));
}

/** As an editor would: `"types": [...]` gains "node". */
function withNodeTypes(text = ""): string {
  return text.replace(/"types": \[/, '"types": ["node", ');
}

function withProvider(text = ""): string {
  const imports = `import { ConvexReactClient } from 'convex/react'
import { ConvexAuthProvider } from 'kitcn/auth/client'
import { authClient } from '../lib/auth-client'

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL)
`;
  const wrapped = text.replace(
    "{children}",
    "<ConvexAuthProvider client={convex} authClient={authClient}>{children}</ConvexAuthProvider>",
  );
  const at = wrapped.indexOf("\n\n") + 1;
  return wrapped.slice(0, at) + imports + wrapped.slice(at);
}
