// Sign-in and sign-up with a password.
import { useState } from "react";
import { authClient } from "../auth-client.js";
// @if verification
// @if !verification-code
import { createLink } from "./mailed-session.js";
// @end
// @end
import { EmailField, Field, Form, useRequest } from "./shared.js";

export function SignForm({
  isNew = false,
  onUnverified,
  onSecondStep,
}: {
  /** True for sign-up, false for sign-in. */
  isNew?: boolean;
  /** Called if the user must confirm the address first. */
  onUnverified?: (email: string) => void;
  /** Called if the account has a second step. */
  onSecondStep?: () => void;
}) {
  const request = useRequest();
  const { setProblem, setNotice } = request;

  // What was said about a sign-in is not about a sign-up.
  const [wasNew, setWasNew] = useState(isNew);
  if (wasNew !== isNew) {
    setWasNew(isNew);
    setProblem("");
    setNotice("");
  }

  function send(text: (name: string) => string) {
    return isNew ? signUp(text) : signIn(text("email").trim(), text("password"));
  }

  async function signIn(name: string, password: string) {
    const data = await request.send(
      () => askFor(name, password),
      ({ code }) => {
        if (code !== "EMAIL_NOT_VERIFIED" || !onUnverified) return false;
        onUnverified(name);
        return true;
      },
    );
    if (!data || !("twoFactorRedirect" in data)) return;
    if (onSecondStep) return onSecondStep();
    request.setNotice(
      "This account needs a second step to sign in, which this page does not have.",
    );
  }

  async function signUp(text: (name: string) => string) {
    const email = text("email").trim();
    const data = await request.send(async () => {
      // @if verification
      // @if !verification-code
      const link = createLink({ confirm: "email" });
      // @end
      // @end
      const answer = await authClient.signUp.email({
        email,
        password: text("password"),
        name: text("name").trim(),
        // @if username
        username: text("username").trim(),
        // @end
        // @if verification
        // @if !verification-code
        callbackURL: link.address,
        // @end
        // @end
      });
      // @if verification
      // @if !verification-code
      // Whoever is signed in at once needs no link.
      if (answer.data && !answer.data.token) await link.expect();
      // @end
      // @end
      return answer;
    });
    if (!data || data.token) return;
    // @if verification
    if (onUnverified) return onUnverified(email);
    // @end
    // @if sign-up-mail
    request.setNotice("Check your inbox: we sent you a link to confirm your email.");
    // @end
    // @if !sign-up-mail
    // The server gives the same answer for an email that has an account.
    request.setNotice("You can sign in now. If you had an account before, use its password.");
    // @end
  }

  return (
    <Form request={request} label={isNew ? "Create account" : "Sign in"} onSend={send}>
      {isNew && <Field name="name" label="Name" autoComplete="name" />}
      {/* @if username */}
      {isNew && (
        <Field
          name="username"
          label="User name"
          autoCapitalize="none"
          autoComplete="username"
          autoCorrect={false}
        />
      )}
      {isNew ? (
        <EmailField />
      ) : (
        <Field
          name="email"
          label="Email or user name"
          autoCapitalize="none"
          autoComplete="username"
          autoCorrect={false}
        />
      )}
      {/* @end */}
      {/* @if !username */}
      <EmailField />
      {/* @end */}
      <Field
        name="password"
        label="Password"
        autoCapitalize="none"
        autoComplete={isNew ? "new-password" : "current-password"}
        secureTextEntry
      />
    </Form>
  );
}

function askFor(name: string, password: string) {
  // @if username
  if (!name.includes("@")) return authClient.signIn.username({ username: name, password });
  // @end
  return authClient.signIn.email({ email: name, password });
}
