// Runs the CLI in this process on copies of the fixture apps, with a convex CLI that only keeps books.
// The real convex CLI is exercised by the tests against a deployment.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, vi } from "vitest";
import { main } from "../../../codegen/cli.js";
import { listFiles } from "./app.js";

const repo = fileURLToPath(new URL("../../..", import.meta.url));

export type CliApp = {
  readonly root: string;
  readonly path: (name: string) => string;
  readonly read: (name: string) => string;
  readonly has: (name: string) => boolean;
  readonly write: (name: string, text: string) => void;
  readonly remove: (name: string) => void;
  /** Every file but node_modules, by path. */
  readonly snapshot: () => Record<string, string>;
  /** `kitcn ...args --cwd <app>`. */
  readonly kitcn: (...args: string[]) => Promise<Ran>;
  /** What the bookkeeping convex CLI holds. */
  readonly convex: FakeConvex;
};

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

export type FakeConvex = {
  readonly state: () => FakeState;
  /** `fail`: text on stderr and exit code 1 for calls that start with a key. */
  readonly setState: (state: Partial<FakeState & { fail: Record<string, string> }>) => void;
};

export type FakeState = {
  env: Record<string, string>;
  /** What the development deployment holds, where `env` is production's. */
  dev?: Record<string, string>;
  /** Arguments of every call, and the names a batch set. */
  calls: string[];
};

export type AppOptions = {
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** Packages in node_modules. Default: kitcn, better-auth and the rest. */
  readonly packages?: readonly string[];
  /** `real`: the unmodified convex package, for tests against a deployment. */
  readonly convex?: "real" | "bookkeeping";
};

const roots: string[] = [];

afterAll(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** The shell of somebody whose development deployment is in the cloud; `vi.unstubAllEnvs()` ends it. */
export function stubCloudDeployment(): void {
  for (const name of [
    "CONVEX_SELF_HOSTED_URL",
    "CONVEX_SELF_HOSTED_ADMIN_KEY",
    "CONVEX_DEPLOY_KEY",
  ])
    vi.stubEnv(name, undefined);
  vi.stubEnv("CONVEX_DEPLOYMENT", "dev:happy-animal-1");
}

export const PACKAGES = [
  "kitcn",
  "better-auth",
  "@better-auth/core",
  "typescript",
  "@types/node",
  "prettier",
];

/** A copy of test/fixtures/apps/<name>, changed by `files`; undefined removes one. */
export function cliApp(
  name: string,
  { files = {}, packages = PACKAGES, convex = "bookkeeping" }: AppOptions = {},
): CliApp {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "kitcn-cli-")));
  roots.push(root);
  cpSync(join(repo, "test/fixtures/apps", name), root, { recursive: true });
  for (const one of packages) link(root, one);
  const stateFile = convex === "real" ? "" : fakeConvex(root);
  if (convex === "real") link(root, "convex");
  const path = (file: string) => join(root, file);
  const write = (file: string, text: string) => {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  };
  for (const [file, text] of Object.entries(files)) {
    if (text === undefined) rmSync(path(file));
    else write(file, text);
  }
  const state = () => JSON.parse(readFileSync(stateFile, "utf8")) as FakeState;
  return {
    root,
    path,
    write,
    read: (file) => readFileSync(path(file), "utf8"),
    has: (file) => existsSync(path(file)),
    remove: (file) => rmSync(path(file)),
    snapshot: () =>
      Object.fromEntries(listFiles(root).map((file) => [file, readFileSync(path(file), "utf8")])),
    kitcn: (...args) => runCli(...args, "--cwd", root),
    convex: {
      state,
      setState({ fail, ...part }) {
        // A file of its own: the CLI writes the other one, at any time.
        if (fail) replaceFile(failFile(stateFile), JSON.stringify(fail));
        if (part.env || part.calls || part.dev)
          writeFileSync(stateFile, JSON.stringify({ ...state(), ...part }));
      },
    },
  };
}

/** The CLI in this process, with what it printed. */
export async function runCli(...args: string[]): Promise<Ran> {
  const printed = { stdout: "", stderr: "" };
  const restore = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const write = stream.write;
    // Every writer in use passes a text first.
    stream.write = ((text: string) => {
      printed[name] += text;
      return true;
    }) as typeof stream.write;
    return () => void (stream.write = write);
  });
  try {
    const code = await main(args);
    // Progress depends on how busy the machine is.
    return { code, ...printed, stderr: printed.stderr.replace(/^.* \.\.\.\n/gm, "") };
  } finally {
    for (const one of restore) one();
  }
}

// --- internal ---

function link(root: string, name: string): void {
  const to = join(root, "node_modules", name);
  mkdirSync(dirname(to), { recursive: true });
  symlinkSync(name === "kitcn" ? repo : join(repo, "node_modules", name), to);
}

function fakeConvex(root: string): string {
  const folder = join(root, "node_modules/convex");
  mkdirSync(join(folder, "bin"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "convex", "version": "1.48.0" }');
  writeFileSync(join(folder, "bin/main.js"), FAKE_CLI);
  const stateFile = join(folder, "state.json");
  writeFileSync(stateFile, JSON.stringify({ env: {}, calls: [] }));
  writeFileSync(failFile(stateFile), "{}");
  return stateFile;
}

function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.next`, text);
  renameSync(`${path}.next`, path);
}

function failFile(stateFile: string): string {
  return join(dirname(stateFile), "fail.json");
}

const FAKE_CLI = `
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { parseEnv } = require("node:util");
const file = join(__dirname, "../state.json");
const state = JSON.parse(readFileSync(file, "utf8"));
const args = process.argv.slice(2);
const call = args.join(" ");
const input = readFileSync(0, "utf8");
const key = (id) => ({ id, publicKey: '{"kty":"RSA","n":"x","e":"AQAB"}', privateKey: '"private-of-' + id + '"', createdAt: 1, alg: "RS256" });
const end = (text) => {
  state.calls.push(call);
  // By renaming: a test may be reading.
  writeFileSync(file + ".next", JSON.stringify(state));
  renameSync(file + ".next", file);
  if (text !== undefined) process.stdout.write(text);
};
const fail = JSON.parse(readFileSync(join(__dirname, "../fail.json"), "utf8"));
const failure = Object.entries(fail).find(([start]) => call.startsWith(start));
if (failure) {
  end();
  process.stderr.write(failure[1]);
  process.exitCode = 1;
} else if (args.includes("list")) {
  const isDev = state.dev && !args.includes("--prod");
  end(Object.entries(isDev ? state.dev : state.env).map(([name, value]) => name + "=" + (value.includes("#") ? "'" + value + "'" : value) + "\\n").join(""));
} else if (args.includes("set")) {
  const values = parseEnv(input);
  Object.assign(state.env, values);
  state.calls.push("batch " + Object.keys(values).sort().join(","));
  end();
} else if (args[0] === "run" && call.includes("endSessions")) {
  end('{ "ended": 0, "before": 1, "elsewhere": false }');
} else if (args[0] === "run") {
  const isNew = call.includes("rotateKeys");
  end(JSON.stringify(JSON.stringify([key(isNew ? "new" : "first")]), null, 2) + "\\n");
} else end();
`;
