"use client";

// Requests a mail with a link to choose a new password.
import { authClient } from "../auth-client.js";
import { herePath } from "./places.js";
import { Field, Form, useRequest } from "./shared.js";

export function ForgotPassword() {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const data = await request.send(() =>
      authClient.requestPasswordReset({ email: text("email").trim(), redirectTo: herePath() }),
    );
    if (data) request.setNotice("If there is an account with this email, we sent it a link.");
  }

  return (
    <Form request={request} label="Send me a link" onSend={send}>
      <Field label="Email" name="email" type="email" autoComplete="email" />
    </Form>
  );
}
