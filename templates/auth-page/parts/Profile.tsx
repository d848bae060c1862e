"use client";

// Changes the name of the signed-in user.
import { authClient } from "../auth-client.js";
import { Section } from "./Section.js";
import { Field, Form, useRequest } from "./shared.js";

export function Profile() {
  const { data: session } = authClient.useSession();
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const data = await request.send(() => authClient.updateUser({ name: text("name").trim() }));
    if (data) request.setNotice("Your name was changed.");
  }

  return (
    <Section title="Profile">
      <Form request={request} label="Change name" onSend={send}>
        <Field label="Name" name="name" autoComplete="name" defaultValue={session?.user.name} />
      </Form>
    </Section>
  );
}
