// Sign-in with a mailed link. On a phone, the link opens the app.
import { authClient } from "../auth-client.js";
import { returnAddress } from "./links.js";
import { createLink } from "./mailed-session.js";
import { EmailField, Form, useRequest } from "./shared.js";

export function MagicLink() {
  const request = useRequest();

  async function send(text: (name: string) => string) {
    const data = await request.send(async () => {
      const link = createLink();
      await link.expect();
      return authClient.signIn.magicLink({
        email: text("email").trim(),
        callbackURL: link.address,
        errorCallbackURL: returnAddress(),
      });
    });
    if (data) request.setNotice("Check your inbox: we sent you a link.");
  }

  return (
    <Form request={request} label="Send me a link" onSend={send}>
      <EmailField />
    </Form>
  );
}
