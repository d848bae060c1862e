// How often one request calls the callbacks of the options, as docs/concepts.md says it: what has an effect once, what
// computes an answer in each run, with the same answer.
import { beforeEach, expect, test, vi } from "vitest";
import { createHttpApp, credentials } from "./support/http-app.js";

const calls: { readonly name: string; readonly answer?: unknown }[] = [];
const note = <T>(name: string, answer: T): T => {
  calls.push({ name, answer });
  return answer;
};
const answersOf = (name: string) =>
  calls.filter((call) => call.name === name).map((one) => one.answer);

const options = {
  emailVerification: {
    sendOnSignUp: true,
    sendVerificationEmail: async () => note("sendVerificationEmail", undefined),
  },
  emailAndPassword: {
    enabled: true,
    password: {
      hash: async (password: string) => note("hash", `hash of ${password}`),
      verify: async ({ hash, password }: { hash: string; password: string }) =>
        note("verify", hash === `hash of ${password}`),
    },
  },
  trustedOrigins: async () => note("trustedOrigins", [`https://${Math.random()}.example.com`]),
  databaseHooks: {
    session: {
      create: {
        before: async (session: { userId: string }) => {
          const label = note("before", `${Date.now()} ${crypto.randomUUID()}`);
          return { data: { ...session, userAgent: label } };
        },
      },
    },
  },
};

beforeEach(() => void calls.splice(0));

test("what has an effect is called once, and what computes an answer gives the same one in each run", async () => {
  vi.useFakeTimers();
  const app = createHttpApp({ options });
  const post = async (path: string) => {
    calls.length = 0;
    const answer = await app.fetch(`/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(credentials),
    });
    expect(answer.status, await answer.text()).toBe(200);
    await app.t.finishAllScheduledFunctions(vi.runAllTimers);
  };
  await post("/sign-up/email");
  expect(answersOf("hash")).toHaveLength(1);
  expect(answersOf("sendVerificationEmail")).toHaveLength(1);
  await post("/sign-in/email");
  expect(answersOf("verify")).toEqual([true]);
  expect(answersOf("hash")).toEqual([]);
  // Only the second run has its answer, and creates the session.
  expect(answersOf("before")).toHaveLength(1);
  const origins = answersOf("trustedOrigins").map(String);
  const [first] = origins;
  const runs = origins.filter((answer) => answer === first).length;
  expect({ runs, calls: origins.length % runs }).toEqual({ runs: 2, calls: 0 });
  vi.useRealTimers();
});
