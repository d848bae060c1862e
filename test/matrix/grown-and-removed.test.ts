// `npm run test:all`: many plugins in several orders, and all of them taken out again one by one: the app is what it
// was before, but for the names of variables, which stay.
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { stubCloudDeployment, type CliApp } from "../codegen/support/cli.js";
import { appWithAuth, succeeded } from "../codegen/grow/support.js";

beforeEach(stubCloudDeployment);
afterEach(() => vi.unstubAllEnvs());

const MANY = [
  "username",
  "email-otp",
  "passkey",
  "admin",
  "multi-session",
  "api-key",
  "device-authorization",
  "anonymous",
  "phone-number",
  "one-tap",
  "jwt",
  "bearer",
  "open-api",
  "generic-oauth",
] as const;

const ORGANIZATION = ["organization", "two-factor", "magic-link", "oauth-provider"] as const;

type Case = {
  readonly name: string;
  readonly fixture: string;
  /** Names of each `add plugin`, one after the other. */
  readonly adds: readonly (readonly string[])[];
  /** Each is removed alone, in this order. */
  readonly removes: readonly string[];
};

const CASES: readonly Case[] = [
  { name: "all at once in next", fixture: "next", adds: [MANY], removes: MANY },
  {
    name: "one by one, from the end, in vite",
    fixture: "vite",
    adds: [...MANY].reverse().map((one) => [one]),
    removes: MANY,
  },
  {
    name: "in two halves, with organizations between them, in start",
    fixture: "start",
    adds: [MANY.slice(7), ORGANIZATION, MANY.slice(0, 7)],
    // oauth-provider goes before jwt, which it needs.
    removes: [...ORGANIZATION, ...MANY].sort().reverse(),
  },
];

test.each(CASES)("$name", async ({ fixture, adds, removes }) => {
  const app = await appWithAuth(fixture);
  addOverrides(app);
  const before = app.snapshot();
  for (const names of adds) succeeded(await app.kitcn("add", "plugin", ...names, "--yes"));
  const grown = app.snapshot();
  const again = succeeded(await app.kitcn("add", "plugin", ...adds.flat().reverse(), "--yes"));
  expect(again.stdout).toMatch(
    /^kitcn add plugin .+: everything is in place; nothing was written\.\n$/,
  );
  expect(app.snapshot()).toEqual(grown);
  for (const name of removes)
    succeeded(await app.kitcn("remove", "plugin", name, "--yes", "--prune"));
  expect(meantBy(app.snapshot())).toEqual(meantBy(before));
});

// --- internal ---

/** The packages that are linked here come with the overrides of this repository, as an installation writes them. */
function addOverrides(app: CliApp): void {
  const own = JSON.parse(readFileSync("package.json", "utf8")) as { overrides: object };
  const manifest = JSON.parse(app.read("package.json")) as object; // npm's format
  app.write("package.json", JSON.stringify({ ...manifest, overrides: own.overrides }, null, 2));
}

/** A list that grew keeps its line breaks. */
function meantBy(files: Record<string, string>): Record<string, string> {
  const kept = Object.entries(files).filter(([path]) => !path.endsWith(".env"));
  return Object.fromEntries(kept.map(([path, text]) => [path, text.replaceAll(/[\s,]/g, "")]));
}
