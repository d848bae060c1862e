// What the panel shows of the deployment from outside: the runs of the last request, costs, owners of tables.
// Pure, but for the feed, which asks the deployment and calls one of its functions.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseLock } from "../../codegen/lock/parse-lock.js";
import type { Deployment, Execution } from "../../test/deployment/index.js";
import type { DemoApp } from "./app.js";
import type { Cost } from "./steps.js";

export type Facts = {
  readonly request: { readonly name: string; readonly runs: readonly Run[] } | null;
  readonly costs: readonly Cost[];
  readonly tables: readonly { readonly name: string; readonly owner: "kitcn" | "you" }[];
  readonly added: readonly Added[];
};

/** A plugin that was added while the demo runs, and where the page shows it. */
export type Added = { readonly plugin: string; readonly place: string };

type Run = { readonly type: string; readonly name: string; readonly ms: number };

/** The last HTTP request to auth and the functions that ran for it; null before the first. */
export function lastRequest(executions: readonly Execution[]): Facts["request"] {
  const own = executions.filter(({ identifier }) => !/^panel[:.]/.test(identifier));
  const end = own.findLastIndex(({ udfType }) => udfType === "HttpAction");
  const last = own[end];
  if (!last) return null;
  const before = own.slice(0, end).findLastIndex(({ udfType }) => udfType === "HttpAction");
  const runs = own.slice(before + 1, end + 1);
  return {
    name: last.identifier,
    runs: runs.map(({ udfType, identifier, executionTime }) => ({
      type: udfType,
      name: identifier,
      ms: Math.round(executionTime * 1000),
    })),
  };
}

/** Who owns each table of an app's schema.ts, by its lock. */
export async function tablesOf(app: DemoApp): Promise<Facts["tables"]> {
  const folder = join(app.dir, "convex/functions");
  const path = join(folder, "plugins.lock.json");
  const { entries } = parseLock(await readFile(path, "utf8"), path);
  const owners = new Map(
    Object.values(entries).flatMap(({ tables }) =>
      Object.entries(tables).map(([name, { owner }]) => [name, owner] as const),
    ),
  );
  const schema = await readFile(join(folder, "schema.ts"), "utf8");
  const names = [...schema.matchAll(/^ {2}(\w+): (?:defineTable\(|\w+Table\b)/gm)].map(
    ([, name = ""]) => name,
  );
  return names.map((name) => ({ name, owner: owners.get(name) === "managed" ? "kitcn" : "you" }));
}

/** Tells the app's panel of each new request, and of what changed in the app, until it is ended. */
export function feedPanel(
  deployment: Deployment,
  facts: () => Omit<Facts, "request">,
): { readonly end: () => void } {
  let sent = "";
  const timer = setInterval(
    () => void tell().catch((error: unknown) => console.error(error)),
    EVERY_MS,
  );
  const tell = async () => {
    const request = lastRequest(await deployment.executions());
    const json = JSON.stringify({ request, ...facts() } satisfies Facts);
    if (json === sent) return;
    sent = json;
    await fetch(`${deployment.url}/api/function`, {
      method: "POST",
      headers: {
        authorization: `Convex ${deployment.adminKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        path: "panel:record",
        format: "convex_encoded_json",
        args: [{ json }],
      }),
    });
  };
  return { end: () => clearInterval(timer) };
}

// --- internal ---

const EVERY_MS = 500;
