"use client";

// Links and unlinks accounts at social providers, with which the user can sign in.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { loadAccounts } from "./accounts.js";
import { Row, Section, useLoaded } from "./Section.js";
import { Action, Problem, useRequest } from "./shared.js";

const PROVIDERS: { id: string; name: string }[] = [];

export function LinkedAccounts() {
  const { data: accounts, problem, reload } = useLoaded(loadAccounts);
  const request = useRequest();

  async function link(provider: string) {
    const here = `${window.location.pathname}#account`;
    await request.send(() =>
      authClient.linkSocial({ provider, callbackURL: here, errorCallbackURL: here }),
    );
  }

  async function unlink(accountId: string) {
    const data = await request.send(() => authClient.unlinkAccount({ accountId }));
    if (data) await reload();
  }

  return (
    <Section title="Linked accounts">
      <Problem text={problem || request.problem} />
      <ul className={styles.list}>
        {PROVIDERS.map(({ id, name }) => {
          const linked = accounts?.find(({ providerId }) => providerId === id);
          return (
            <Row key={id} title={name}>
              {linked ? (
                <Action request={request} onSend={() => unlink(linked.id)}>
                  Unlink {name}
                </Action>
              ) : (
                <Action request={request} onSend={() => link(id)}>
                  Link {name}
                </Action>
              )}
            </Row>
          );
        })}
      </ul>
    </Section>
  );
}
