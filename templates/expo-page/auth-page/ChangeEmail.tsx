// Changes the email address of the account.
import { authClient } from "../auth-client.js";
import { returnAddress } from "./links.js";
import { Section } from "./Section.js";
import { Field, Form, useRequest } from "./shared.js";

export function ChangeEmail() {
  const request = useRequest();

  async function send(text: (name: string) => string, clear: () => void) {
    const data = await request.send(() =>
      authClient.changeEmail({ newEmail: text("email").trim(), callbackURL: returnAddress() }),
    );
    if (!data) return;
    clear();
    request.setNotice("Check your inbox: if we sent you a link there, open it.");
  }

  return (
    <Section title="Email">
      <Form request={request} label="Change email" onSend={send}>
        <Field
          name="email"
          label="New email"
          autoCapitalize="none"
          autoComplete="email"
          autoCorrect={false}
          inputMode="email"
        />
      </Form>
    </Section>
  );
}
