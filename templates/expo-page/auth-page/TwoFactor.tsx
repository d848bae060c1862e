// The second step of a sign-in: a code.
import { useState } from "react";
import { Switch, Text, View } from "react-native";
import { authClient } from "../auth-client.js";
import { Field, Form, LinkButton, styles, useColors, useRequest } from "./shared.js";

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
  const { color } = useColors();
  const [kind, setKind] = useState(ORDER[0]);
  // @if !two-factor-app
  const [isSent, setIsSent] = useState(false);
  // @end
  const [trustDevice, setTrustDevice] = useState(false);

  async function send(text: (name: string) => string) {
    await request.send(() => KINDS[kind].check({ code: text("code").trim(), trustDevice }));
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
      <Form key={kind} request={request} label="Continue" onSend={send}>
        <Field
          name="code"
          label={KINDS[kind].label}
          autoCapitalize="none"
          autoComplete="one-time-code"
          autoCorrect={false}
          inputMode={KINDS[kind].inputMode}
        />
        <View style={styles.check}>
          <Switch
            aria-label="Do not ask again on this device"
            value={trustDevice}
            onValueChange={setTrustDevice}
          />
          <Text style={{ color }}>Do not ask again on this device</Text>
        </View>
      </Form>
      {/* @if two-factor-app */}
      {kind === "app" ? (
        <LinkButton title="Use a backup code" onPress={() => choose("backup")} />
      ) : (
        <LinkButton title="Use your authenticator app" onPress={() => choose("app")} />
      )}
      {/* @end */}
      {/* @if two-factor-mail */}
      <LinkButton title="Send me a code by email" onPress={() => void sendMail()} />
      {/* @end */}
    </>
  );
}
