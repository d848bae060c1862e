"use client";

// Lists the devices where the user is signed in, and signs them out.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { Row, Section, useLoaded } from "./Section.js";
import { Action, Problem, useRequest } from "./shared.js";

export function Sessions() {
  const { data: session } = authClient.useSession();
  const { data: sessions, problem, reload } = useLoaded(load);
  const request = useRequest();

  async function end(token: string) {
    const data = await request.send(() => authClient.revokeSession({ token }));
    if (data) await reload();
  }

  return (
    <Section title="Devices">
      <Problem text={problem || request.problem} />
      <ul className={styles.list}>
        {sessions?.map(({ id, token, userAgent, createdAt }) => (
          <Row
            key={id}
            title={nameOf(userAgent)}
            detail={`since ${new Date(createdAt).toLocaleDateString()}`}
          >
            {id === session?.session.id ? (
              <span>This device</span>
            ) : (
              <Action request={request} onSend={() => end(token)}>
                Sign out
              </Action>
            )}
          </Row>
        ))}
      </ul>
    </Section>
  );
}

function load() {
  return authClient.listSessions();
}

/** The names of the browser and the system in a user agent. */
function nameOf(userAgent: string | null | undefined): string {
  const find = (pattern: RegExp) => pattern.exec(userAgent ?? "")?.[1];
  const browser = find(/(Edg|OPR|Firefox|Chrome|Safari)\//) ?? "Unknown browser";
  const system = find(/(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)/);
  return system ? `${browser} on ${system}` : browser;
}
