"use client";

// Turns the second step of sign-in on and off.
// @if two-factor-app
import { useState } from "react";
// @end
import { authClient } from "../auth-client.js";
// @if two-factor-app
import styles from "../auth.module.css";
// @end
import { useHasPassword } from "./accounts.js";
// @if qr-code
import { QrCode } from "./QrCode.js";
// @end
import { Section } from "./Section.js";
import { Field, Form, Notice, Problem, useRequest } from "./shared.js";

// @if two-factor-app
type Setup = { uri: string; codes: string[] };

// @end
export function TwoFactorSettings() {
  const { data: session } = authClient.useSession();
  const { hasPassword, problem } = useHasPassword();
  // @if two-factor-app
  const [setup, setSetup] = useState<Setup | null>(null);
  // @end
  const request = useRequest();
  const isOn = session?.user.twoFactorEnabled === true;

  async function turnOn(text: (name: string) => string) {
    const password = text("password") || undefined;
    // @if two-factor-app
    const data = await request.send(() => authClient.twoFactor.enable({ password }));
    if (data && "totpURI" in data) setSetup({ uri: data.totpURI, codes: data.backupCodes });
    // @end
    // @if !two-factor-app
    await request.send(() => authClient.twoFactor.enable({ password, method: "otp" }));
    // @end
  }
  // @if two-factor-app

  async function confirm(text: (name: string) => string) {
    const data = await request.send(() =>
      authClient.twoFactor.verifyTotp({ code: text("code").trim() }),
    );
    if (data) setSetup(null);
  }
  // @end

  async function turnOff(text: (name: string) => string) {
    await request.send(() =>
      authClient.twoFactor.disable({ password: text("password") || undefined }),
    );
  }

  // @if two-factor-app
  if (setup) {
    return (
      <Section title="Second step">
        {/* @if qr-code */}
        <p>Scan this code with your authenticator app:</p>
        <QrCode text={setup.uri} label="QR code with the key below" />
        <p>
          On this device, <a href={setup.uri}>open the app</a>. Or add this key to it:
        </p>
        {/* @end */}
        {/* @if !qr-code */}
        <p>
          Add this key to your authenticator app, or <a href={setup.uri}>open the app</a>:
        </p>
        {/* @end */}
        <p>
          <code className={styles.code}>{new URL(setup.uri).searchParams.get("secret")}</code>
        </p>
        <p>Keep these backup codes. If you lose the app, each of them works once:</p>
        <ul className={styles.list}>
          {setup.codes.map((code) => (
            <li key={code}>
              <code className={styles.code}>{code}</code>
            </li>
          ))}
        </ul>
        <Form key="code" request={request} label="Turn on" onSend={confirm}>
          <Field
            label="Code of your authenticator app"
            name="code"
            autoComplete="one-time-code"
            inputMode="numeric"
            autoFocus
          />
        </Form>
      </Section>
    );
  }
  // @end
  // @if !two-factor-passwordless
  if (hasPassword === false) {
    return (
      <Section title="Second step">
        {/* @if reset */}
        <Notice text="A second step needs a password. Choose your password first." />
        {/* @end */}
        {/* @if !reset */}
        <Notice text="A second step needs a password, and your account has none." />
        {/* @end */}
      </Section>
    );
  }
  // @end
  return (
    <Section title="Second step">
      <Problem text={problem} />
      {/* @if two-factor-app */}
      <Notice text={isOn ? "Sign-in with a password asks for a code of your app." : ""} />
      {/* @end */}
      {/* @if !two-factor-app */}
      <Notice text={isOn ? "Sign-in with a password asks for a code that we mail you." : ""} />
      {/* @end */}
      {hasPassword !== null && (
        <Form
          key={isOn ? "on" : "off"}
          request={request}
          label={isOn ? "Turn off" : "Set up"}
          onSend={isOn ? turnOff : turnOn}
        >
          {hasPassword && (
            <Field
              label="Your password"
              name="password"
              type="password"
              autoComplete="current-password"
            />
          )}
        </Form>
      )}
    </Section>
  );
}
