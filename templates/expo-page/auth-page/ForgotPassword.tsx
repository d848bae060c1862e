// Requests a mail with a link to choose a new password. On a phone, the link opens the app.
import { authClient } from "../auth-client.js";
import { createLink } from "./mailed-session.js";
import { EmailField, Form, useRequest } from "./shared.js";

export function ForgotPassword() {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const data = await request.send(async () => {
      const link = createLink();
      await link.expect();
      return authClient.requestPasswordReset({
        email: text("email").trim(),
        redirectTo: link.address,
      });
    });
    if (data) request.setNotice("If there is an account with this email, we sent it a link.");
  }

  return (
    <Form request={request} label="Send me a link" onSend={send}>
      <EmailField />
    </Form>
  );
}
