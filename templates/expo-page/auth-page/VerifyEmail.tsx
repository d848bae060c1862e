// Asks the user to confirm an email address, and sends the mail again.
// @if verification-code
import { useState } from "react";
// @end
import { authClient } from "../auth-client.js";
// @if !verification-code
import { createLink } from "./mailed-session.js";
// @end
import {
  // @if verification-code
  Button,
  // @end
  EmailField,
  // @if verification-code
  Field,
  // @end
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
    const data = await request.send(async () => {
      const link = createLink({ confirm: "email" });
      await link.expect();
      return authClient.sendVerificationEmail({
        email: text("email").trim(),
        callbackURL: link.address,
      });
    });
    if (data) request.setNotice("We sent the link again.");
  }

  return (
    <Form request={request} label="Send the link again" initial={{ email }} onSend={send}>
      <EmailField />
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
      <EmailField />
    </Form>
  );
}

function CodeForm({ email }: { email: string }) {
  const confirming = useRequest();
  const sending = useRequest();

  async function confirm(text: (name: string) => string) {
    const otp = text("code").trim();
    const data = await confirming.send(() => authClient.emailOtp.verifyEmail({ email, otp }));
    if (data && !data.token) confirming.setNotice("Your email is confirmed. You can sign in now.");
  }

  async function sendAgain() {
    if (await sending.send(() => sendCode(email))) sending.setNotice(`We sent a code to ${email}.`);
  }

  return (
    <>
      <Form request={confirming} label="Confirm" onSend={confirm}>
        <Field name="code" label="Code" autoComplete="one-time-code" inputMode="numeric" />
      </Form>
      <Problem text={sending.problem} />
      <Notice text={sending.notice} />
      <Button
        title="Send me another code"
        isBusy={sending.isBusy}
        onPress={() => void sendAgain()}
      />
    </>
  );
}

function sendCode(email: string) {
  return authClient.emailOtp.sendVerificationOtp({ email, type: "email-verification" });
}
// @end
