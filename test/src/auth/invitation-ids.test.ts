// The older `advanced.generateId`: Better Auth takes an invitation's id from it, and from nowhere else.
import { organization } from "better-auth/plugins";
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

test("an invitation has the id that advanced.generateId makes, and is found by it", async () => {
  const made: string[] = [];
  const generateId = ({ model }: { model: string }) => {
    made.push(model);
    return `${model}-${made.length}`;
  };
  const app = createHttpApp({
    options: {
      // The type has lost it, Better Auth has not.
      advanced: { generateId } as object,
      plugins: [organization({ sendInvitationEmail: async () => {} })],
    },
  });
  const post = async (path: string, body: object, cookie = "") => {
    const response = await app.fetch(`/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: SITE, ...(cookie && { cookie }) },
      body: JSON.stringify(body),
    });
    const lines = response.headers.getSetCookie().map((line) => line.split(";")[0]);
    const answer = (await response.json()) as { id?: string };
    return { status: response.status, answer, cookie: lines.join("; ") };
  };
  const { cookie } = await post("/sign-up/email", credentials);
  const { answer: org } = await post("/organization/create", { name: "Org", slug: "org" }, cookie);
  const invited = await post(
    "/organization/invite-member",
    { email: "bea@example.com", role: "member", organizationId: org.id },
    cookie,
  );
  expect(invited).toMatchObject({
    status: 200,
    answer: { id: expect.stringMatching(/^invitation-/) as string },
  });
  const cancelled = await post(
    "/organization/cancel-invitation",
    { invitationId: invited.answer.id },
    cookie,
  );
  expect(cancelled.status).toBe(200);
});
