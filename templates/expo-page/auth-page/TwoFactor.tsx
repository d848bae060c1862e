// The second step of a sign-in: a code of an authenticator app, or a backup code.
import { useState } from "react";
import { Switch, Text, View } from "react-native";
import { authClient } from "../auth-client.js";
import { Field, Form, LinkButton, styles, useColors, useRequest } from "./shared.js";

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
  const { color } = useColors();
  const [kind, setKind] = useState<Kind>("app");
  const [trustDevice, setTrustDevice] = useState(false);

  async function send(text: (name: string) => string) {
    await request.send(() => check(kind, { code: text("code").trim(), trustDevice }));
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
      <Form key={kind} request={request} label="Continue" onSend={send}>
        <Field
          name="code"
          label={LABELS[kind]}
          autoCapitalize="none"
          autoComplete="one-time-code"
          autoCorrect={false}
          inputMode={kind === "backup" ? "text" : "numeric"}
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
      {kind === "app" ? (
        <LinkButton title="Use a backup code" onPress={() => choose("backup")} />
      ) : (
        <LinkButton title="Use your authenticator app" onPress={() => choose("app")} />
      )}
      {/* @if two-factor-mail */}
      <LinkButton title="Send me a code by email" onPress={() => void sendMail()} />
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
