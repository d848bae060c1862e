// Shows who is signed in, with a button to sign out.
import { authClient } from "../auth-client.js";
import { Button, Plain, Problem, useRequest } from "./shared.js";

export function Session({ name, email }: { name: string; email: string }) {
  const request = useRequest();

  async function signOut() {
    await request.send(() => authClient.signOut());
  }

  return (
    <>
      <Plain text={name} />
      <Plain text={email} />
      <Problem text={request.problem} />
      <Button title="Sign out" isBusy={request.isBusy} onPress={() => void signOut()} />
    </>
  );
}
