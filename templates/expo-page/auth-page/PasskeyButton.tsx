// Sign-in with a passkey: a fingerprint, a face or a security key. Only in a browser: phones do not have the API that
// Better Auth's client needs for it.
import { Platform } from "react-native";
import { authClient } from "../auth-client.js";
import { Button, Problem, useRequest } from "./shared.js";

export function PasskeyButton() {
  const request = useRequest();
  if (Platform.OS !== "web") return null;

  async function signIn() {
    await request.send(() => authClient.signIn.passkey());
  }

  return (
    <>
      <Button title="Use a passkey" isBusy={request.isBusy} onPress={() => void signIn()} />
      <Problem text={request.problem} />
    </>
  );
}
