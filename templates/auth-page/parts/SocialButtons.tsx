"use client";

// A button for each social provider of auth.ts.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { herePath, returnPath } from "./places.js";
import { Problem, useRequest } from "./shared.js";

const PROVIDERS: { id: string; name: string }[] = [];

export function SocialButtons() {
  const request = useRequest();

  async function go(provider: string) {
    await request.send(() =>
      authClient.signIn.social({
        provider,
        callbackURL: returnPath(),
        errorCallbackURL: herePath(),
      }),
    );
  }

  return (
    <>
      {PROVIDERS.map(({ id, name }) => (
        <button
          key={id}
          className={styles.secondary}
          type="button"
          disabled={request.isBusy}
          onClick={() => void go(id)}
        >
          Continue with {name}
        </button>
      ))}
      <Problem text={request.problem} />
    </>
  );
}
