"use client";

// Changes the password, and ends all other sessions. For users without one, says how to get it.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { useHasPassword } from "./accounts.js";
import { PASSWORD_LENGTH } from "./limits.js";
import { Section } from "./Section.js";
import { Field, Form, Problem, useRequest } from "./shared.js";

export function ChangePassword() {
  const { hasPassword, problem } = useHasPassword();
  return (
    <Section title="Password">
      <Problem text={problem} />
      {hasPassword === true && <NextPassword />}
      {hasPassword === false && <FirstPassword />}
    </Section>
  );
}

function NextPassword() {
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
        minLength={PASSWORD_LENGTH}
      />
    </Form>
  );
}

function FirstPassword() {
  // @if reset
  const { data: session } = authClient.useSession();
  const request = useRequest();

  async function send() {
    const email = session?.user.email ?? "";
    const redirectTo = window.location.pathname + window.location.hash;
    const data = await request.send(() => authClient.requestPasswordReset({ email, redirectTo }));
    if (data) request.setNotice(`We sent a link to ${email}. Open it to choose your password.`);
  }
  // @end

  return (
    <div className={styles.form}>
      {/* @if reset */}
      <p className={styles.notice}>You have no password yet.</p>
      <Form request={request} label="Email me a link to choose one" onSend={send} />
      {/* @end */}
      {/* @if !reset */}
      <p className={styles.notice}>You sign in without a password.</p>
      {/* @end */}
    </div>
  );
}
