// Apps of frameworks without React: taken from their creators, and given auth by command.
// Must not start servers or browsers.
import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect } from "vitest";
import { NPM_INSTALL, runOrThrow, succeed } from "./commands.js";
import { packKitcn } from "./installation.js";
import { linkNode } from "./node-release.js";
import { appIn, snapshotOf, type PackedApp } from "./packed-app.js";
import type { SiteCase } from "./site-cases.js";

/** A query that returns the email of the signed-in user. */
export const WHOAMI = `import { query } from "./_generated/server";

export const whoami = query({
  args: {},
  handler: async (ctx) => (await ctx.auth.getUserIdentity())?.email ?? null,
});
`;

/** As its creator makes it, with kitcn from \`npm pack\`; no React anywhere. The name is that of a folder below .tmp. */
export async function createApp(
  one: SiteCase,
  name = `site-${one.name}`,
): Promise<{ app: PackedApp; node: string }> {
  const home = resolve(".tmp", name);
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const node = one.node === undefined ? process.execPath : await linkNode(home, one.node);
  await one.create(home);
  const dir = join(home, "app");
  const flags = ["--prefer-offline", ...(one.install ?? [])];
  await runOrThrow(dir, [...NPM_INSTALL, ...flags, await packKitcn()]);
  return { app: appIn(dir), node };
}

/** Convex and auth by command; a second run changes nothing. */
export async function addAuth(app: PackedApp, one: SiteCase): Promise<void> {
  const before = await snapshotOf(app);
  const commands = [
    ["kitcn", "init", "--yes"],
    ["kitcn", "add", "auth", "--yes"],
  ];
  for (const command of commands) await succeed(app, command);
  const after = await snapshotOf(app);
  const changed = Object.keys(before).filter(
    (file) => before[file] !== after[file] && !file.startsWith(".nuxt/"),
  );
  expect(changed.filter((file) => !one.edited.includes(file))).toEqual([]);
  for (const command of commands)
    expect(await succeed(app, command)).toContain("nothing was written");
  expect(await snapshotOf(app)).toEqual(after);
  expect(after["package-lock.json"]).not.toContain('"node_modules/react"');
}
