// Deletes the account of the signed-in user. Only for apps that confirm it without a mail: the link of such a mail opens
// a browser, and the session is in the app.
import { useState } from "react";
import { authClient } from "../auth-client.js";
import { Section } from "./Section.js";
import {
  Button,
  // @if password
  Field,
  // @end
  Form,
  Plain,
  Problem,
  useRequest,
} from "./shared.js";

export function DeleteAccount() {
  const request = useRequest();
  const [isAsked, setIsAsked] = useState(false);
  // @if password
  const [hasPassword, setHasPassword] = useState(false);
  // @end

  async function ask() {
    // @if password
    // Users who only sign in in other ways have no password to confirm with.
    const accounts = await request.send(() => authClient.listAccounts());
    if (!accounts) return;
    setHasPassword(accounts.some(({ providerId }) => providerId === "credential"));
    // @end
    setIsAsked(true);
  }

  function keep() {
    request.setProblem("");
    setIsAsked(false);
  }

  async function send(
    // @if password
    text: (name: string) => string,
    // @end
  ) {
    await request.send(() =>
      authClient.deleteUser({
        // @if password
        password: text("password") || undefined,
        // @end
      }),
    );
  }

  if (!isAsked) {
    return (
      <Section title="Delete the account">
        <Problem text={request.problem} />
        <Button title="Delete my account" isBusy={request.isBusy} onPress={() => void ask()} />
      </Section>
    );
  }
  return (
    <Section title="Delete the account">
      <Plain text="You cannot undo this." />
      <Form request={request} label="Yes, delete my account" onSend={send}>
        {/* @if password */}
        {hasPassword && (
          <Field
            name="password"
            label="Your password, to confirm"
            autoCapitalize="none"
            autoComplete="current-password"
            secureTextEntry
          />
        )}
        {/* @end */}
      </Form>
      <Button title="Keep my account" isBusy={request.isBusy} onPress={keep} />
    </Section>
  );
}
