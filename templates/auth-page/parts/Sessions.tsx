"use client";

// Lists the devices where the user is signed in, and signs them out.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { Row, Section, useLoaded } from "./Section.js";
import { Action, Problem, useRequest } from "./shared.js";

export function Sessions() {
  const { data: session } = authClient.useSession();
  // Better Auth replaces the session at some changes, such as that of the second step.
  return <Devices key={session?.session.id} own={session?.session.id} />;
}

function Devices({ own }: { own: string | undefined }) {
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
            {id === own ? (
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
  const find = (names: [RegExp, string][]) =>
    names.find(([pattern]) => pattern.test(userAgent ?? ""))?.[1];
  const browser = find(BROWSERS) ?? "Unknown browser";
  const system = find(SYSTEMS);
  return system ? `${browser} on ${system}` : browser;
}

// The first one that fits: Edge and Opera also name Chrome, Chrome names Safari, and Android names Linux.
const BROWSERS: [RegExp, string][] = [
  [/\bEdg(A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];
