"use client";

// Deletes the account of the signed-in user.
import { useState } from "react";
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { Section } from "./Section.js";
import {
  Action,
  // @if password
  Field,
  // @end
  Form,
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
    request.setNotice("");
    setIsAsked(false);
  }

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

  if (!isAsked) {
    return (
      <Section title="Delete the account">
        <Problem text={request.problem} />
        <div className={styles.form}>
          <Action request={request} onSend={ask}>
            Delete my account
          </Action>
        </div>
      </Section>
    );
  }
  return (
    <Section title="Delete the account">
      <div className={styles.form}>
        <p>You cannot undo this.</p>
        <Form request={request} label="Yes, delete my account" onSend={send}>
          {/* @if password */}
          {hasPassword && (
            <Field
              label="Your password, to confirm"
              name="password"
              type="password"
              autoComplete="current-password"
            />
          )}
          {/* @end */}
        </Form>
        <button className={styles.secondary} type="button" autoFocus onClick={keep}>
          Keep my account
        </button>
      </div>
    </Section>
  );
}
