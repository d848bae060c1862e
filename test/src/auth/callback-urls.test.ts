// Sign-ins whose callback URL has letters that no header may have.
import { expect, test } from "vitest";
import { createHttpApp, credentials, SITE } from "./support/http-app.js";

test.each([
  ["/home?tab=1", "/home?tab=1"],
  ["/\uff0fevil.test", "/%EF%BC%8Fevil.test"],
  ["/caf\u00e9%20", "/caf%C3%A9%20"],
  ["/half \ud800", "/half %EF%BF%BD"],
])("%s", async (callbackURL, location) => {
  const app = createHttpApp();
  const post = (path: string, body: object) =>
    app.fetch(`/api/auth${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: SITE },
      body: JSON.stringify(body),
    });
  await post("/sign-up/email", credentials);
  const answer = await post("/sign-in/email", { ...credentials, callbackURL });
  expect([answer.status, answer.headers.get("location")]).toEqual([200, location]);
});
