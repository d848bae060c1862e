"use client";

// The second step of a sign-in: a code.
import { useState } from "react";
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { LinkButton } from "./LinkButton.js";
import { leave } from "./places.js";
import { Field, Form, useRequest } from "./shared.js";

/** The kinds of codes. */
const KINDS = {
  // @if two-factor-app
  app: {
    label: "Code of your authenticator app",
    inputMode: "numeric",
    check: (body: Code) => authClient.twoFactor.verifyTotp(body),
  },
  backup: {
    label: "Backup code",
    inputMode: "text",
    check: (body: Code) => authClient.twoFactor.verifyBackupCode(body),
  },
  // @end
  // @if two-factor-mail
  mail: {
    label: "Code that we sent you",
    inputMode: "numeric",
    check: (body: Code) => authClient.twoFactor.verifyOtp(body),
  },
  // @end
} as const;

type Kind = keyof typeof KINDS;
type Code = { code: string; trustDevice: boolean };

const ORDER: [Kind, ...Kind[]] = [
  // @if two-factor-app
  "app",
  // @end
  // @if !two-factor-app
  "mail",
  // @end
];

export function TwoFactor() {
  const request = useRequest();
  const [kind, setKind] = useState(ORDER[0]);
  // @if !two-factor-app
  const [isSent, setIsSent] = useState(false);
  // @end

  async function send(text: (name: string) => string) {
    const code = text("code").trim();
    const trustDevice = text("trust") === "on";
    const data = await request.send(() => KINDS[kind].check({ code, trustDevice }));
    if (data) leave();
  }

  function choose(next: Kind) {
    request.setProblem("");
    request.setNotice("");
    setKind(next);
  }
  // @if two-factor-mail

  async function sendMail() {
    choose("mail");
    const data = await request.send(() => authClient.twoFactor.sendOtp());
    if (!data) return;
    // @if !two-factor-app
    setIsSent(true);
    // @end
    request.setNotice("We sent you a code.");
  }
  // @end
  // @if !two-factor-app

  if (!isSent)
    return <Form key="send" request={request} label="Send me a code by email" onSend={sendMail} />;
  // @end

  return (
    <>
      <Form request={request} label="Continue" onSend={send}>
        <Field
          key={kind}
          label={KINDS[kind].label}
          name="code"
          autoComplete="one-time-code"
          inputMode={KINDS[kind].inputMode}
        />
        <label className={styles.check}>
          <input type="checkbox" name="trust" />
          Do not ask again on this device
        </label>
      </Form>
      {/* @if two-factor-app */}
      <p className={styles.switch}>
        {kind === "app" ? (
          <LinkButton onClick={() => choose("backup")}>Use a backup code</LinkButton>
        ) : (
          <LinkButton onClick={() => choose("app")}>Use your authenticator app</LinkButton>
        )}
      </p>
      {/* @end */}
      {/* @if two-factor-mail */}
      <p className={styles.switch}>
        <LinkButton onClick={() => void sendMail()}>Send me a code by email</LinkButton>
      </p>
      {/* @end */}
    </>
  );
}
