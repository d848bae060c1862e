// Sign-in with a mailed code: first asks for the address, then for the code.
import { useState } from "react";
import { authClient } from "../auth-client.js";
import { EmailField, Field, Form, useRequest } from "./shared.js";

export function EmailCode() {
  const request = useRequest();
  const [email, setEmail] = useState("");

  async function sendCode(text: (name: string) => string) {
    const address = text("email").trim();
    const data = await request.send(() =>
      authClient.emailOtp.sendVerificationOtp({ email: address, type: "sign-in" }),
    );
    if (!data) return;
    setEmail(address);
    request.setNotice(`We sent a code to ${address}.`);
  }

  async function signIn(text: (name: string) => string) {
    await request.send(() => authClient.signIn.emailOtp({ email, otp: text("code").trim() }));
  }

  if (email)
    return (
      <Form key="code" request={request} label="Sign in" onSend={signIn}>
        <Field
          name="code"
          label="Code"
          autoComplete="one-time-code"
          inputMode="numeric"
          autoFocus
        />
      </Form>
    );
  return (
    <Form key="email" request={request} label="Send me a code" onSend={sendCode}>
      <EmailField />
    </Form>
  );
}
