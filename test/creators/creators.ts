// Apps as today's creators make them, what brings Convex and auth into them, and what builds them. One workspace with
// one installation serves them all. The default suite and the matrix choose what is built.
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { signUp } from "../codegen/support/live-app.js";
import type { Deployment } from "../deployment/index.js";
import { loadSection } from "../docs/support/manual.js";
import { snapshotOf, writeFiles, type PackedApp } from "../support/packed-app.js";
import { createApps } from "../support/workspace.js";

const CREATORS = {
  next: [
    ...["create-next-app@16.4.3", "next", "--yes", "--skip-install"],
    // Else it takes what somebody chose on this machine before.
    ...["--ts", "--eslint", "--tailwind", "--app"],
    ...["--disable-git", "--use-npm"],
  ],
  vite: ["create-vite@9.3.0", "vite", "--template", "react-ts", "--no-interactive"],
  start: [
    ...["@tanstack/cli@0.71.0", "create", "start", "--yes", "--no-install", "--no-git"],
    ...["--no-intent", "--package-manager", "npm"],
  ],
};

export type Name = keyof typeof CREATORS;

export type Case = {
  name: Name;
  /** The creator's files that `kitcn add auth` changes, and how many of their lines. */
  patched: Record<string, number>;
  /** What its compiler runs, before it what writes types, and after it what its lint script runs. */
  compile: string[][];
  /** What its bundler runs. */
  bundle: string[];
  /** The sections of docs/manual.md that are about it. */
  sections: string[];
  /** What they say in words; `files` are the app's. */
  words?: (files: Record<string, string>) => Record<string, string>;
};

export const CASES: Case[] = [
  {
    name: "next",
    patched: { "app/layout.tsx": 1, "next.config.ts": 0, ".gitignore": 0 },
    compile: [["next", "typegen"], ["tsc", "--noEmit"], ["eslint"]],
    bundle: ["next", "build"],
    sections: ["The server", "Next.js"],
  },
  {
    name: "vite",
    patched: { "src/main.tsx": 1, "tsconfig.app.json": 1, ".gitignore": 0 },
    compile: [["tsc", "--build"]],
    bundle: ["vite", "build"],
    sections: ["The server", "Vite"],
    words: (files) => ({ "tsconfig.app.json": withNodeTypes(files["tsconfig.app.json"]) }),
  },
  {
    name: "start",
    patched: { "src/routes/__root.tsx": 1, "tsconfig.json": 1, ".gitignore": 0 },
    compile: [
      ["tsr", "generate"],
      ["tsc", "--noEmit"],
    ],
    bundle: ["vite", "build"],
    sections: ["The server", "TanStack Start"],
    words: (files) => ({
      "src/lib/auth-client.ts": loadSection("Next.js")["lib/auth-client.ts"]!, // named there
      "src/routes/__root.tsx": withProvider(files["src/routes/__root.tsx"]),
      "tsconfig.json": withNodeTypes(files["tsconfig.json"]),
      ".env.local": loadSection("Vite")[".env.local"]!, // the same names
    }),
  },
];

/** The creators' apps, installed. `name`: a folder below .tmp. */
export function createAll(name: string): Promise<Record<Name, PackedApp>> {
  return createApps({ name, creators: CREATORS });
}

/** What brings Convex and auth into an app. */
export const COMMANDS = [
  ["kitcn", "init", "--yes"],
  ["kitcn", "add", "auth", "--yes"],
];

/** Convex and auth come in by command. */
export async function addByCommand(app: PackedApp): Promise<void> {
  for (const command of COMMANDS) await succeed(app, command);
}

/** Convex and auth come in by the documents alone: the app is pushed, and a user signs up. */
export async function addByHand(
  app: PackedApp,
  { name, sections, words }: Case,
  deployment: Deployment,
): Promise<void> {
  await succeed(app, ["kitcn", "init", "--yes"]);
  const files = Object.assign({}, ...sections.map(loadSection)) as Record<string, string>; // texts by path
  await writeFiles(app, { ...files, ...words?.(await snapshotOf(app)) });
  for (const command of MANUAL_COMMANDS) await succeed(app, command, deployment.cliEnv);
  const origin = /SITE_URL=(.*)/.exec(files["convex/.env"] ?? "")?.[1];
  const user = await signUp(deployment.siteUrl, `${name}@example.com`, origin);
  expect(await user.token()).toMatch(/^e/);
}

/** Runs a command that has to succeed, by default in the environment of a build. */
export async function succeed(
  app: PackedApp,
  command: readonly string[],
  env: Record<string, string> = buildEnv(app),
): Promise<string> {
  const { code, stdout, stderr } = await app.run(command, env);
  expect(code, `${command.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

// --- internal ---

const MANUAL_COMMANDS = [
  ["kitcn", "add", "auth", "--schema", "--yes"],
  ["kitcn", "codegen"],
  ["convex", "deploy", "--yes"],
  ["kitcn", "env", "push"],
];

function buildEnv({ dir }: PackedApp) {
  return {
    CONVEX_DEPLOYMENT: "",
    NODE_ENV: "production",
    // create-next-app's layout asks Google for two fonts.
    NEXT_FONT_GOOGLE_MOCKED_RESPONSES: resolve("test/fixtures/google-fonts.cjs"),
    // Its lint rules, which the workspace has above the app, ask for the app's Next.
    NODE_PATH: join(dir, "node_modules"),
  };
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
