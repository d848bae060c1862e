"use client";

// Sign-in with a passkey: a fingerprint, a face or a security key.
import { authClient } from "../auth-client.js";
import { leave } from "./places.js";
import { Action, Problem, useRequest } from "./shared.js";

export function PasskeyButton() {
  const request = useRequest();

  async function signIn() {
    const data = await request.send(() => authClient.signIn.passkey());
    if (data) leave();
  }

  return (
    <>
      <Action request={request} onSend={signIn}>
        Use a passkey
      </Action>
      <Problem text={request.problem} />
    </>
  );
}
