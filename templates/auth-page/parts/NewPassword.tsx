"use client";

// A form for a new password, with the token of a mailed link.
import { authClient } from "../auth-client.js";
import { PASSWORD_LENGTH } from "./limits.js";
import { Field, Form, useRequest } from "./shared.js";

export function NewPassword({ token, onDone }: { token: string; onDone: () => void }) {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const data = await request.send(() =>
      authClient.resetPassword({ newPassword: text("password"), token }),
    );
    if (data) onDone();
  }

  return (
    <Form request={request} label="Save the password" onSend={send}>
      <Field
        label="New password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={PASSWORD_LENGTH}
      />
    </Form>
  );
}
