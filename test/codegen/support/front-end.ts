// What every front end is held to: written once, compiled, and left alone by a second run.
import { join } from "node:path";
import { expect, vi } from "vitest";
import { featuresOf } from "../../../codegen/page/features.js";
import { filesFor } from "../../../codegen/page/files.js";
import { modulePath } from "../../../codegen/shell/language.js";
import { REPO } from "./app.js";
import { cliApp, PACKAGES, type AppOptions, type CliApp } from "./cli.js";
import { typeCheck } from "./type-check.js";

const DEPLOYMENT = [
  "CONVEX_SELF_HOSTED_URL",
  "CONVEX_SELF_HOSTED_ADMIN_KEY",
  "CONVEX_DEPLOYMENT",
  "CONVEX_DEPLOY_KEY",
  "CONVEX_DEPLOYMENT_TOKEN",
];

/** No deployment, whatever the shell says. */
export function withoutDeployment(): void {
  for (const name of DEPLOYMENT) vi.stubEnv(name, undefined);
}

/** An app after `kitcn add auth --yes`, with what it was before. */
export async function addAuth(
  name: string,
  { flags = [], ...options }: AppOptions & { flags?: readonly string[] } = {},
): Promise<{ app: CliApp; before: Record<string, string>; after: Record<string, string> }> {
  const app = cliApp(name, options);
  const before = app.snapshot();
  const ran = await app.kitcn("add", "auth", "--yes", ...flags);
  expect(ran, ran.stderr).toMatchObject({ code: 0, stderr: "" });
  return { app, before, after: app.snapshot() };
}

/** The files of the auth pages of a new app, in the order of their paths. */
export function newPages(folder: string, language: "ts" | "js" = "ts"): string[] {
  const files = filesFor(featuresOf({ options: undefined, clients: [] }));
  return files.map(({ path }) => join(folder, modulePath(path, language))).sort();
}

/** A second run writes nothing, and says so. */
export async function expectSecondRunEmpty(app: CliApp, ...flags: string[]): Promise<void> {
  const before = app.snapshot();
  const again = await app.kitcn("add", "auth", "--yes", ...flags);
  expect(again.stdout).toContain("nothing was written");
  expect(app.snapshot()).toEqual(before);
}

/** The lines of a file that were there before, and are not any more. */
export function lostLines(before = "", after = ""): string[] {
  const code = (line: string) => line.trim().replace(/,$/, "");
  const left = new Set(after.split("\n").map(code));
  return before.split("\n").filter((line) => code(line) !== "" && !left.has(code(line)));
}

/** Nothing that the compiler objects to in these modules, of one app or several, that Vite bundles. */
export function expectTypes(paths: readonly string[]): void {
  const ambient = ["node_modules/vite/client.d.ts", "src/nextjs/next-headers.d.ts"];
  expect(typeCheck([...paths, ...ambient.map((name) => join(REPO, name))])).toEqual([]);
}

/** Options of an app whose modules are compiled. */
export const COMPILED = {
  convex: "real",
  packages: [...PACKAGES, "react", "@types/react", "@types/react-dom"],
} as const satisfies AppOptions;
