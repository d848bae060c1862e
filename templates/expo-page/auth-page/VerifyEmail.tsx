// Asks the user to confirm an email address, and sends the mail again.
import { authClient } from "../auth-client.js";
import { createLink } from "./mailed-session.js";
import { EmailField, Form, Notice, useRequest } from "./shared.js";

export function VerifyEmail({ email }: { email: string }) {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const data = await request.send(async () => {
      const link = createLink();
      await link.expect();
      return authClient.sendVerificationEmail({
        email: text("email").trim(),
        callbackURL: link.address,
      });
    });
    if (data) request.setNotice("We sent the link again.");
  }

  return (
    <>
      <Notice text="Check your inbox: we sent you a link to confirm your email." />
      <Form request={request} label="Send the link again" initial={{ email }} onSend={send}>
        <EmailField />
      </Form>
    </>
  );
}
