"use client";

// The second step of a sign-in: a code of an authenticator app, or a backup code.
import { useState } from "react";
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { LinkButton } from "./LinkButton.js";
import { leave } from "./places.js";
import { Field, Form, useRequest } from "./shared.js";

const LABELS = {
  app: "Code of your authenticator app",
  backup: "Backup code",
  // @if two-factor-mail
  mail: "Code that we sent you",
  // @end
};

type Kind = keyof typeof LABELS;

export function TwoFactor() {
  const request = useRequest();
  const [kind, setKind] = useState<Kind>("app");

  async function send(text: (name: string) => string) {
    const code = text("code").trim();
    const trustDevice = text("trust") === "on";
    const data = await request.send(() => check(kind, { code, trustDevice }));
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
    if (data) request.setNotice("We sent you a code.");
  }
  // @end

  return (
    <>
      <Form request={request} label="Continue" onSend={send}>
        <Field
          key={kind}
          label={LABELS[kind]}
          name="code"
          autoComplete="one-time-code"
          inputMode={kind === "backup" ? "text" : "numeric"}
        />
        <label className={styles.check}>
          <input type="checkbox" name="trust" />
          Do not ask again on this device
        </label>
      </Form>
      <p className={styles.switch}>
        {kind === "app" ? (
          <LinkButton onClick={() => choose("backup")}>Use a backup code</LinkButton>
        ) : (
          <LinkButton onClick={() => choose("app")}>Use your authenticator app</LinkButton>
        )}
      </p>
      {/* @if two-factor-mail */}
      <p className={styles.switch}>
        <LinkButton onClick={() => void sendMail()}>Send me a code by email</LinkButton>
      </p>
      {/* @end */}
    </>
  );
}

function check(kind: Kind, body: { code: string; trustDevice: boolean }) {
  // @if two-factor-mail
  if (kind === "mail") return authClient.twoFactor.verifyOtp(body);
  // @end
  if (kind === "backup") return authClient.twoFactor.verifyBackupCode(body);
  return authClient.twoFactor.verifyTotp(body);
}
