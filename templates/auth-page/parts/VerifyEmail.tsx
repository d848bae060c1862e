"use client";

// Asks the user to confirm an email address, and sends the mail again.
// @if verification-code
import { useState } from "react";
// @end
import { authClient } from "../auth-client.js";
// @if verification-code
import styles from "../auth.module.css";
// @end
import {
  // @if !verification-code
  confirmedPath,
  // @end
  // @if verification-code
  leave,
  // @end
} from "./places.js";
import {
  // @if verification-code
  Action,
  // @end
  Field,
  Form,
  Notice,
  // @if verification-code
  Problem,
  // @end
  useRequest,
} from "./shared.js";

export function VerifyEmail({ email }: { email: string }) {
  // Somebody who signs in with a user name has not typed the address.
  const known = email.includes("@") ? email : "";
  // @if verification-code
  const [address, setAddress] = useState(known);
  // @end
  return (
    <>
      {/* @if !verification-code */}
      <Notice text="Check your inbox for a link to confirm your email. If it did not arrive, ask for another one." />
      <AnotherLink email={known} />
      {/* @end */}
      {/* @if verification-code */}
      <Notice text="Check your inbox for a code to confirm your email. If it did not arrive, ask for another one." />
      {address ? <CodeForm email={address} /> : <AddressForm onSent={setAddress} />}
      {/* @end */}
    </>
  );
}
// @if !verification-code

function AnotherLink({ email }: { email: string }) {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const data = await request.send(() =>
      authClient.sendVerificationEmail({
        email: text("email").trim(),
        callbackURL: confirmedPath(),
      }),
    );
    if (data) request.setNotice("We sent the link again.");
  }

  return (
    <Form request={request} label="Send the link again" onSend={send}>
      <Field label="Email" name="email" type="email" autoComplete="email" defaultValue={email} />
    </Form>
  );
}
// @end
// @if verification-code

function AddressForm({ onSent }: { onSent: (email: string) => void }) {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const email = text("email").trim();
    if (await request.send(() => sendCode(email))) onSent(email);
  }

  return (
    <Form request={request} label="Send me a code" onSend={send}>
      <Field label="Email" name="email" type="email" autoComplete="email" />
    </Form>
  );
}

function CodeForm({ email }: { email: string }) {
  const confirming = useRequest();
  const sending = useRequest();

  async function confirm(text: (name: string) => string) {
    const otp = text("code").trim();
    const data = await confirming.send(() => authClient.emailOtp.verifyEmail({ email, otp }));
    if (data?.token) return leave();
    if (data) confirming.setNotice("Your email is confirmed. You can sign in now.");
  }

  async function sendAgain() {
    if (await sending.send(() => sendCode(email))) sending.setNotice(`We sent a code to ${email}.`);
  }

  return (
    <div className={styles.form}>
      <Form request={confirming} label="Confirm" onSend={confirm}>
        <Field label="Code" name="code" autoComplete="one-time-code" inputMode="numeric" />
      </Form>
      <Problem text={sending.problem} />
      <Notice text={sending.notice} />
      <Action request={sending} onSend={sendAgain}>
        Send me another code
      </Action>
    </div>
  );
}

function sendCode(email: string) {
  return authClient.emailOtp.sendVerificationOtp({ email, type: "email-verification" });
}
// @end
