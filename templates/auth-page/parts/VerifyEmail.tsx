"use client";

// Asks the user to confirm an email address, and sends the mail again.
import { authClient } from "../auth-client.js";
import { Field, Form, useRequest } from "./shared.js";

export function VerifyEmail({ email }: { email: string }) {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const callbackURL = window.location.pathname + window.location.hash;
    const data = await request.send(() =>
      authClient.sendVerificationEmail({ email: text("email").trim(), callbackURL }),
    );
    if (data) request.setNotice("We sent the link again.");
  }

  return (
    <>
      <p role="status">Check your inbox: we sent you a link to confirm your email.</p>
      <Form request={request} label="Send the link again" onSend={send}>
        <Field label="Email" name="email" type="email" autoComplete="email" defaultValue={email} />
      </Form>
    </>
  );
}
