// Signs a user up, in and out through Better Auth's own client, and asks Convex who that is.
// Every step checks its answer, and counts what it cost: a wrong answer ends the demo.
import assert from "node:assert/strict";
import { createAuthClient } from "better-auth/client";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { createCookieJar } from "../../test/support/cookie-fetch.js";
import type { Counters } from "../../test/deployment/index.js";
import { step } from "./step.js";

const user = { name: "Ada Lovelace", email: "ada@example.com", password: "correct horse battery" };

/** What a step cost on Convex. */
export type Cost = { readonly step: string; readonly runs: number; readonly documents: number };

export async function signUpInAndOut({
  origin,
  authUrl,
  cloudUrl,
  counters,
}: {
  origin: string;
  authUrl: string;
  cloudUrl: string;
  /** What the deployment has counted so far; undefined where it does not count. */
  counters: (() => Promise<Counters>) | undefined;
}): Promise<Cost[]> {
  const costs: Cost[] = [];
  const counted = async (name: string, work: () => Promise<string>) => {
    await step(name, async () => {
      const before = await counters?.();
      const detail = await work();
      const after = await counters?.();
      if (!before || !after) return { result: undefined, detail };
      const cost = {
        runs: runsOf(after) - runsOf(before),
        documents: after.documentsRead - before.documentsRead,
      };
      costs.push({ step: name, ...cost });
      const words = `${cost.runs} queries and mutations, ${cost.documents} documents read`;
      return { result: undefined, detail: [detail, words].filter(Boolean).join("; ") };
    });
  };
  const jar = createCookieJar(origin);
  const client = createAuthClient({
    baseURL: authUrl,
    fetchOptions: { customFetchImpl: jar.fetch },
  });
  const getJson = async (path: string) => (await jar.fetch(`${authUrl}${path}`)).json();

  await counted("sign up", async () => {
    const { data, error } = await client.signUp.email(user);
    assert.equal(error, null);
    return `user ${data?.user.id}`;
  });
  await step("sign up again with the same email is refused", async () => {
    const { error } = await client.signUp.email(user);
    assert.equal(error?.status, 422);
    return { result: undefined, detail: `422 ${error?.code}` };
  });
  await step("sign out", async () => {
    const { error } = await client.signOut();
    assert.equal(error, null);
    assert.equal((await client.getSession()).data, null);
  });
  await step("sign in with a wrong password is refused", async () => {
    const { error } = await client.signIn.email({ ...user, password: "wrong password" });
    assert.equal(error?.status, 401);
    return { result: undefined, detail: `401 ${error?.code}` };
  });
  await counted("sign in", async () => {
    const { error } = await client.signIn.email(user);
    assert.equal(error, null);
    return "";
  });
  await counted("ask Better Auth for the session", async () => {
    assert.equal((await client.getSession()).data?.user.email, user.email);
    return "";
  });
  const convex = new ConvexHttpClient(cloudUrl);
  await counted("get a token for Convex", async () => {
    const { token } = await getJson("/api/auth/convex/token");
    convex.setAuth(token);
    return "";
  });
  await counted("ask a Convex query who is signed in, with the token", async () => {
    const viewer = await convex.query(anyApi.viewer?.me as never, {}); // an app without types here
    assert.equal((viewer as { name?: string } | null)?.name, user.name);
    return JSON.stringify(viewer);
  });
  await step("sign out for good", async () => {
    assert.equal((await client.signOut()).error, null);
    assert.equal((await client.getSession()).data, null);
  });
  return costs;
}

// --- internal ---

/** As the bench counts: queries and mutations but for those within another one. */
function runsOf({ queries, mutations, nested }: Counters): number {
  return queries + mutations - nested;
}
