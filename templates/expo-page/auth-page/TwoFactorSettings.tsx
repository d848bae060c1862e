// Turns the second step of sign-in on and off.
// @if two-factor-app
import { useState } from "react";
// @end
// @if two-factor-app
import { Linking } from "react-native";
// @end
import { authClient } from "../auth-client.js";
import { useHasPassword } from "./accounts.js";
import { Section } from "./Section.js";
import {
  Field,
  Form,
  // @if two-factor-app
  LinkButton,
  // @end
  Notice,
  // @if two-factor-app
  Plain,
  // @end
  Problem,
  useRequest,
} from "./shared.js";

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
  function openApp(uri: string) {
    Linking.openURL(uri).catch(() => request.setProblem("No app on this device opens the key."));
  }

  if (setup) {
    return (
      <Section title="Second step">
        <Plain text="Add this key to your authenticator app:" />
        <Plain isCode text={new URL(setup.uri).searchParams.get("secret") ?? ""} />
        <LinkButton title="Open the app" onPress={() => openApp(setup.uri)} />
        <Plain text="Keep these backup codes. If you lose the app, each of them works once:" />
        <Plain isCode text={setup.codes.join("\n")} />
        <Form key="code" request={request} label="Turn on" onSend={confirm}>
          <Field
            name="code"
            label="Code of your authenticator app"
            autoComplete="one-time-code"
            inputMode="numeric"
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
              name="password"
              label="Your password"
              autoCapitalize="none"
              autoComplete="current-password"
              secureTextEntry
            />
          )}
        </Form>
      )}
    </Section>
  );
}
