// Users who sign up, sign in and refresh at the same time, and a check that they get in nobody's way. Found by what
// transactions read and wrote, so it takes neither luck nor a certain number of users to see it.
import { expect } from "vitest";
import { writeAsAdmin, type AuthApp, type Browser } from "./auth-app.js";

export const AUTH = `import { admin, organization, twoFactor, username } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: {
    enabled: true,
    // Hundreds of passwords are hashed here; how well is not what is tested.
    password: {
      hash: async (password: string) => crypto.randomUUID() + " hash of " + password,
      verify: async ({ hash, password }: { hash: string; password: string }) => hash.endsWith(" hash of " + password),
    },
  },
  // Each look at a session refreshes it.
  session: { updateAge: 0 },
  rateLimit: {
    enabled: true,
    storage: "database" as const,
    // Long enough for a busy machine.
    customRules: { "/sign-in/email": { window: 3600, max: 5 } },
  },
  plugins: [convex({ authConfig, jwks: process.env.JWKS }), organization(), admin(), twoFactor(), username()],
}));
`;

export async function assertAlone(app: AuthApp, users: number): Promise<void> {
  const people = Array.from({ length: users }, (_, at) => ({
    browser: app.browser(),
    email: `user-${at}@example.com`,
  }));
  const all = async (call: (person: { browser: Browser; email: string }) => Promise<Response>) => {
    await app.deployment.watch();
    const responses = await Promise.all(people.map(call));
    for (const response of responses) expect(response.status).toBe(200);
    return app.deployment.overlaps();
  };
  const password = "correct horse battery";
  const alone = { actions: users, overlaps: [] };
  expect(
    await all(({ browser, email }) =>
      browser.post("/sign-up/email", { name: "U", email, password }),
    ),
  ).toEqual(alone);
  const signIns = () =>
    all(({ browser, email }) => browser.post("/sign-in/email", { email, password }));
  for (let round = 0; round < 2; round++) expect(await signIns()).toEqual(alone);
  // Each window is over, and the counts are so old that they may go.
  await app.deployment.settled();
  await writeAsAdmin(app, { kind: "updateMany", input: { ...COUNTS, data: { lastRequest: 1 } } });
  expect(await signIns()).toEqual(alone);
  await writeAsAdmin(app, { kind: "updateMany", input: { ...COUNTS, data: { lastRequest: 1 } } });
  expect(await signIns()).toEqual(alone);
  expect(await all(({ browser }) => browser.get("/get-session"))).toEqual(alone);
}

// --- internal ---

const COUNTS = { model: "rateLimit", where: [] } as const;
