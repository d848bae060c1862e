// The app with every plugin of better-auth and its packages, pushed by the packed kitcn and the real convex CLI, and what
// its users do. The default suite and the matrix choose the placement.
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { expect } from "vitest";
import { startDeployment, type Deployment } from "../deployment/index.js";
import { CORE_FLOWS } from "./flows/core.js";
import { EVERY_PLUGIN_FILES, EVERY_PLUGIN_PACKAGES } from "./flows/every-plugin.js";
import { PACKAGE_FLOWS } from "./flows/packages.js";
import { openWorld, type World } from "./flows/world.js";
import { installApp, siblingApp, type PackedApp } from "./packed-app.js";

export type PushedApp = { readonly app: PackedApp; readonly deployment: Deployment };

// SSO imports Node modules, which Convex functions that serve HTTP do not have.
export const FLOWS = [...CORE_FLOWS, ...PACKAGE_FLOWS].filter(({ name }) => name !== "SSO");

const TRIGGERS = `    triggers: {
      user: { create: { before: ({ name }) => ({ data: { name } }), after: () => undefined } },
      account: { create: { before: () => undefined } },
      session: { change: () => undefined },
      rateLimit: { change: () => undefined },
      verification: { create: { after: () => undefined } },
    },`;
const UUIDS = `    advanced: { database: { generateId: "uuid" } },`;

/** The app's files with triggers, and with UUIDs for ids where those are not Convex's own. */
export const SOURCES = {
  triggers: withOptions(TRIGGERS),
  uuidsAndTriggers: withOptions(`${UUIDS}\n${TRIGGERS}`),
};

/** A folder with every package, for `pushEveryPlugin`. `name`: below .tmp. */
export function installEveryPlugin(name: string): Promise<PackedApp> {
  return installApp({ from: "examples/notes", name, packages: EVERY_PLUGIN_PACKAGES });
}

/** Through `kitcn add auth` and `convex deploy`, as a user would. */
export async function pushEveryPlugin(
  installed: PackedApp,
  {
    placement,
    files,
  }: { readonly placement: string; readonly files: Readonly<Record<string, string>> },
): Promise<PushedApp> {
  const app = await siblingApp(installed, { name: `in-${placement}`, files });
  const deployment = await startDeployment();
  for (const command of [
    ["kitcn", "add", "auth", "--yes", "--placement", placement],
    ["convex", "deploy", "--yes"],
  ]) {
    const ran = await app.run(command, deployment.cliEnv);
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 });
  }
  return { app, deployment };
}

/** Somebody's view of a pushed app. */
export function worldOf(deployment: Deployment): World {
  return openWorld({
    base: deployment.siteUrl,
    serve: (request) => fetch(request, { redirect: "manual" }),
    lastSent: async () => {
      // What a request sends is sent by a function that it scheduled.
      await deployment.settled();
      return String(await new ConvexHttpClient(deployment.url).query(lastText, {}));
    },
  });
}

// --- internal ---

const lastText = anyApi["sent"]!["last"] as FunctionReference<"query">; // the app's types are not ours

/** auth.ts with more before its rate limits. */
function withOptions(lines: string): Record<string, string> {
  return {
    ...EVERY_PLUGIN_FILES,
    "convex/auth.ts": EVERY_PLUGIN_FILES["convex/auth.ts"].replace(
      "    rateLimit: {",
      `${lines}\n    rateLimit: {`,
    ),
  };
}
