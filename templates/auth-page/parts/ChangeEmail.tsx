"use client";

// Changes the email address of the account.
import { authClient } from "../auth-client.js";
import { Section } from "./Section.js";
import { Field, Form, useRequest } from "./shared.js";

export function ChangeEmail() {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const callbackURL = window.location.pathname;
    const data = await request.send(() =>
      authClient.changeEmail({ newEmail: text("email").trim(), callbackURL }),
    );
    if (data) request.setNotice("Check your inbox: if we sent you a link there, open it.");
  }

  return (
    <Section title="Email">
      <Form request={request} label="Change email" onSend={send}>
        <Field label="New email" name="email" type="email" autoComplete="email" />
      </Form>
    </Section>
  );
}
