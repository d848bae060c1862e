// Counts function runs and documents read of each operation, by the deployment's own counters: exact.
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { createCookieJar } from "../test/support/cookie-fetch.js";
import type { BenchApp } from "./apps.js";

/** Function runs at the top level, those within them, documents read. */
export type Cost = { readonly runs: number; readonly nested: number; readonly documents: number };

export type Costs = Readonly<Record<string, Cost>>;

/** Every operation in one go, by one user whom the deployment does not know yet. */
export async function measureOperations(app: BenchApp, email = "ada@example.com"): Promise<Costs> {
  const ada = { name: "Ada", email, password: "correct horse battery" };
  const browser = createBrowser(app);
  const costs: Record<string, Cost> = {};
  const measure = async (name: string, path: string, body?: object) => {
    const { cost, data } = await costOf(app, () => browser(path, body));
    costs[name] = cost;
    return data;
  };
  await measure("sign-up", "/sign-up/email", ada);
  await measure("get-session", "/get-session");
  const { token } = (await measure("token", "/convex/token")) as { token: string };
  await measure("list-sessions", "/list-sessions");
  const client = new ConvexHttpClient(app.deployment.url);
  client.setAuth(token);
  for (const [name, query] of Object.entries(IN_QUERIES)) {
    const reference = makeFunctionReference<"query">(query);
    const { cost, data } = await costOf(app, () => client.query(reference, {}));
    if (data === null) throw new Error(`${app.name}: ${query} found nobody`);
    costs[name] = cost;
  }
  await measure("sign-out", "/sign-out", {});
  await measure("sign-in, wrong password", "/sign-in/email", { ...ada, password: "wrong" });
  await measure("sign-in", "/sign-in/email", ada);
  return costs;
}

/** A fetch of auth routes, with cookies; returns the body. */
export function createBrowser({ deployment }: BenchApp) {
  const jar = createCookieJar(deployment.siteUrl);
  return async (path: string, body?: object): Promise<unknown> => {
    const response = await jar.fetch(`${deployment.siteUrl}/api/auth${path}`, {
      method: body ? "POST" : "GET",
      headers: { "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    // A wrong password is measured, too.
    const isFailure = response.status >= 400 && response.status !== 401;
    if (isFailure) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  };
}

export async function costOf(
  { deployment }: BenchApp,
  work: () => Promise<unknown>,
): Promise<{ cost: Cost; data: unknown }> {
  await deployment.resetCounters();
  const data = await work();
  const { queries, mutations, nested, documentsRead } = await deployment.counters();
  return { cost: { runs: queries + mutations - nested, nested, documents: documentsRead }, data };
}

// --- internal ---

const IN_QUERIES = {
  "in a query: user id": "counted:userId",
  "in a query: current user": "counted:currentUser",
  "in a query: auth.api.getSession": "counted:apiSession",
} as const;
