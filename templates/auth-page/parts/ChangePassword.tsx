"use client";

// Changes the password, and ends all other sessions.
import { authClient } from "../auth-client.js";
import { Section } from "./Section.js";
import { Field, Form, useRequest } from "./shared.js";

export function ChangePassword() {
  const request = useRequest();

  async function send(text: (name: string) => string, form: HTMLFormElement) {
    const data = await request.send(() =>
      authClient.changePassword({
        currentPassword: text("password"),
        newPassword: text("new-password"),
        revokeOtherSessions: true,
      }),
    );
    if (!data) return;
    form.reset();
    request.setNotice("Your password was changed, and your other devices are signed out.");
  }

  return (
    <Section title="Password">
      <Form request={request} label="Change password" onSend={send}>
        <Field
          label="Current password"
          name="password"
          type="password"
          autoComplete="current-password"
        />
        <Field
          label="New password"
          name="new-password"
          type="password"
          autoComplete="new-password"
          minLength={8}
        />
      </Form>
    </Section>
  );
}
