"use client";

// Sign-in with a mailed link.
import { authClient } from "../auth-client.js";
import { herePath, returnPath } from "./places.js";
import { Field, Form, useRequest } from "./shared.js";

export function MagicLink() {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const data = await request.send(() =>
      authClient.signIn.magicLink({
        email: text("email").trim(),
        callbackURL: returnPath(),
        errorCallbackURL: herePath(),
      }),
    );
    if (data) request.setNotice("Check your inbox: we sent you a link.");
  }

  return (
    <Form request={request} label="Send me a link" onSend={send}>
      <Field label="Email" name="email" type="email" autoComplete="email" />
    </Form>
  );
}
