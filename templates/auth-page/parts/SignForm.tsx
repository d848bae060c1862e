"use client";

// Sign-in and sign-up with a password.
import { useState } from "react";
import { authClient } from "../auth-client.js";
import {
  PASSWORD_LENGTH,
  // @if username
  USERNAME_LENGTH,
  // @end
} from "./limits.js";
import {
  // @if sign-up-mail
  confirmedPath,
  // @end
  leave,
} from "./places.js";
import { Field, Form, useRequest } from "./shared.js";

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
    if (!data) return;
    if (!("twoFactorRedirect" in data)) return leave();
    if (onSecondStep) return onSecondStep();
    request.setNotice(
      "This account needs a second step to sign in, which this page does not have.",
    );
  }

  async function signUp(text: (name: string) => string) {
    const email = text("email").trim();
    const data = await request.send(() =>
      authClient.signUp.email({
        email,
        password: text("password"),
        name: text("name").trim(),
        // @if username
        username: text("username").trim(),
        // @end
        // @if sign-up-mail
        callbackURL: confirmedPath(),
        // @end
      }),
    );
    if (!data) return;
    if (data.token) return leave();
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
      {isNew && <Field label="Name" name="name" autoComplete="name" />}
      {/* @if username */}
      {isNew && (
        <Field
          label="User name"
          name="username"
          autoComplete="username"
          minLength={USERNAME_LENGTH}
        />
      )}
      {!isNew && <Field label="Email or user name" name="email" autoComplete="username" />}
      {/* @end */}
      {/* @if username */}
      {isNew && <Field label="Email" name="email" type="email" autoComplete="email" />}
      {/* @end */}
      {/* @if !username */}
      <Field label="Email" name="email" type="email" autoComplete="email" />
      {/* @end */}
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete={isNew ? "new-password" : "current-password"}
        minLength={isNew ? PASSWORD_LENGTH : undefined}
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
