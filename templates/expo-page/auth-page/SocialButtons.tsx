// A button for each social provider of auth.ts. On a phone, it opens a browser, which returns to the app.
import { authClient } from "../auth-client.js";
import { returnAddress } from "./links.js";
import { Button, Problem, useRequest } from "./shared.js";

const PROVIDERS: { id: string; name: string }[] = [];

export function SocialButtons() {
  const request = useRequest();

  async function go(provider: string) {
    await request.send(() =>
      authClient.signIn.social({
        provider,
        callbackURL: returnAddress(),
        errorCallbackURL: returnAddress(),
      }),
    );
  }

  return (
    <>
      {PROVIDERS.map(({ id, name }) => (
        <Button
          key={id}
          title={`Continue with ${name}`}
          isBusy={request.isBusy}
          onPress={() => void go(id)}
        />
      ))}
      <Problem text={request.problem} />
    </>
  );
}
