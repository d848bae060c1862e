// Small apps on disk for codegen tests: a temp folder outside this repo, with its node_modules linked in.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import {
  planSchema,
  type SchemaInput,
  type SchemaOutcome,
} from "../../../codegen/commands/schema.js";
import { writeChanges } from "../../../codegen/disk/changes.js";
import type { Project } from "../../../codegen/types.js";
import { openWorkspace } from "../../../codegen/workspace/stage.js";

export const REPO = fileURLToPath(new URL("../../..", import.meta.url));
export const FIXTURES = join(REPO, "test/fixtures");

/** An app, with what tests do to it. */
export type TestApp = {
  readonly project: Project;
  readonly path: (name: string) => string;
  readonly read: (name: string) => string;
  readonly has: (name: string) => boolean;
  readonly write: (name: string, text: string) => void;
  readonly edit: (name: string, change: (text: string) => string) => void;
  readonly remove: (name: string) => void;
  /** Every file's text by its path in the app, node_modules left out. */
  readonly snapshot: () => Record<string, string>;
  /** Plans, and writes what was planned. */
  readonly run: (input?: Omit<SchemaInput, "ws">) => Promise<SchemaOutcome>;
  readonly plan: (input?: Omit<SchemaInput, "ws">) => Promise<SchemaOutcome>;
};

const roots: string[] = [];

afterAll(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** Makes an app of the given files; `convex/auth.config.ts` is there unless given. */
export function makeApp(
  files: Readonly<Record<string, string>>,
  { functions = "convex" }: { readonly functions?: string } = {},
): TestApp {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "kitcn-app-")));
  roots.push(root);
  symlinkSync(join(REPO, "node_modules"), join(root, "node_modules"));
  const project: Project = { root, functionsDir: join(root, functions), packageJson: {} };
  const path = (name: string) => join(root, name);
  const write = (name: string, text: string) => {
    mkdirSync(dirname(path(name)), { recursive: true });
    writeFileSync(path(name), text);
  };
  const defaults = {
    "package.json": '{ "name": "app", "type": "module" }\n',
    [`${functions}/auth.config.ts`]: AUTH_CONFIG,
  };
  for (const [name, text] of Object.entries({ ...defaults, ...files })) write(name, text);
  const read = (name: string) => readFileSync(path(name), "utf8");
  return {
    project,
    path,
    read,
    write,
    has: (name) => existsSync(path(name)),
    edit: (name, change) => write(name, change(read(name))),
    remove: (name) => rmSync(path(name)),
    snapshot: () => Object.fromEntries(listFiles(root).map((name) => [name, read(name)])),
    plan: (input = {}) => planSchema({ ...input, ws: openWorkspace(project) }),
    async run(input = {}) {
      const outcome = await planSchema({ ...input, ws: openWorkspace(project) });
      writeChanges(outcome.changes, { root });
      return outcome;
    },
  };
}

/** The text of a shared sample or of a fixture. */
export function fixture(name: string): string {
  return readFileSync(join(FIXTURES, name), "utf8");
}

/** Copies a fixture folder into an app. */
export function copyFixture(app: TestApp, from: string, to: string): void {
  cpSync(join(FIXTURES, from), app.path(to), { recursive: true });
}

/** An auth.ts with these options, as source text. */
export function authFile(options: string, imports = ""): string {
  return `${imports}\nimport { defineAuth } from "./generated/auth";\n\nexport default defineAuth(() => (${options}));\n`;
}

// --- internal ---

const AUTH_CONFIG = `import { getAuthConfigProvider } from "kitcn/auth/config";
import type { AuthConfig } from "convex/server";

export default { providers: [getAuthConfigProvider()] } satisfies AuthConfig;
`;

/** Every file below a folder but node_modules, by relative path, sorted. */
export function listFiles(root: string, folder = root): string[] {
  return readdirSync(folder)
    .filter((name) => name !== "node_modules")
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? listFiles(root, path) : [relative(root, path)];
    })
    .sort();
}
