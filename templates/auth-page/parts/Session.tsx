"use client";

// Shows who is signed in, with a button to sign out.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { redirectTarget } from "./places.js";
import { Action, Problem, useRequest } from "./shared.js";

export function Session({ name, email }: { name: string; email: string }) {
  const request = useRequest();
  const target = redirectTarget();

  async function signOut() {
    await request.send(() => authClient.signOut());
  }

  return (
    <>
      <p className={styles.who}>
        <strong>{name}</strong>
        <span>{email}</span>
      </p>
      {target && (
        <p>
          <a href={target}>Continue</a>
        </p>
      )}
      <Problem text={request.problem} />
      <div className={styles.form}>
        <Action request={request} onSend={signOut}>
          Sign out
        </Action>
      </div>
    </>
  );
}
