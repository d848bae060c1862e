// Signs a user up, in and out through Better Auth's own client, and asks Convex who that is.
// Every step checks its answer: a wrong one ends the demo.
import assert from "node:assert/strict";
import { createAuthClient } from "better-auth/client";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { createCookieJar } from "../../test/support/cookie-fetch.js";
import { step } from "./step.js";

const user = { name: "Ada Lovelace", email: "ada@example.com", password: "correct horse battery" };

export async function signUpInAndOut({
  origin,
  authUrl,
  cloudUrl,
}: {
  origin: string;
  authUrl: string;
  cloudUrl: string;
}): Promise<void> {
  const jar = createCookieJar(origin);
  const client = createAuthClient({
    baseURL: authUrl,
    fetchOptions: { customFetchImpl: jar.fetch },
  });
  const getJson = async (path: string) => (await jar.fetch(`${authUrl}${path}`)).json();

  await step("sign up", async () => {
    const { data, error } = await client.signUp.email(user);
    assert.equal(error, null);
    return { result: undefined, detail: `user ${data?.user.id}` };
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
  await step("sign in", async () => {
    const { error } = await client.signIn.email(user);
    assert.equal(error, null);
    assert.equal((await client.getSession()).data?.user.email, user.email);
  });
  await step("ask a Convex query who is signed in, with the token", async () => {
    const { token } = await getJson("/api/auth/convex/token");
    const convex = new ConvexHttpClient(cloudUrl);
    convex.setAuth(token);
    const identity = await convex.query(anyApi.notes?.whoami as never, {}); // an app without types here
    assert.equal((identity as { email?: string } | null)?.email, user.email);
    return { result: undefined, detail: JSON.stringify(identity) };
  });
  await step("sign out for good", async () => {
    assert.equal((await client.signOut()).error, null);
    assert.equal((await client.getSession()).data, null);
  });
}
