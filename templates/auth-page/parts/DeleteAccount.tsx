"use client";

// Deletes the account of the signed-in user.
import { authClient } from "../auth-client.js";
import { Section } from "./Section.js";
import {
  // @if password
  Field,
  // @end
  Form,
  useRequest,
} from "./shared.js";

export function DeleteAccount() {
  const request = useRequest();

  async function send(
    // @if password
    text: (name: string) => string,
    // @end
  ) {
    const data = await request.send(() =>
      authClient.deleteUser({
        callbackURL: window.location.pathname,
        // @if password
        password: text("password") || undefined,
        // @end
      }),
    );
    if (data)
      request.setNotice("Check your inbox: if we sent you a link there, open it to confirm.");
  }

  return (
    <Section title="Delete the account">
      <Form request={request} label="Delete my account" onSend={send}>
        {/* @if password */}
        <Field
          label="Your password, to confirm"
          name="password"
          type="password"
          autoComplete="current-password"
        />
        {/* @end */}
      </Form>
    </Section>
  );
}
