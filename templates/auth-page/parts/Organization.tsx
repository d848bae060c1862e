"use client";

// The organizations of whoever is signed in: shown at /auth#organization.
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { Invitations } from "./Invitations.js";
import { Members } from "./Members.js";
import { MyInvitations } from "./MyInvitations.js";
import { Organizations } from "./Organizations.js";
import {
  // @if verification-here
  Section,
  // @end
  useLoaded,
} from "./Section.js";
import { Problem } from "./shared.js";
// @if verification-here
import { VerifyEmail } from "./VerifyEmail.js";
// @end

export function Organization() {
  const { data: session } = authClient.useSession();
  const { data: active } = authClient.useActiveOrganization();
  const { data: all, problem, reload } = useLoaded(load);
  // With another role of theirs, the parts ask again what the user may do.
  const own = active?.members.find(({ userId }) => userId === session?.user.id);
  const key = `${active?.id} ${own?.role}`;

  return (
    <>
      <Problem text={problem} />
      {session?.user.emailVerified ? (
        <MyInvitations onAnswer={reload} />
      ) : (
        <>
          <p className={styles.notice}>
            To join an organization, open the link of your invitation. Once your email is confirmed,
            your invitations are listed here.
          </p>
          {/* @if verification-here */}
          {session && (
            <Section title="Confirm your email">
              <VerifyEmail email={session.user.email} />
            </Section>
          )}
          {/* @end */}
        </>
      )}
      <Organizations
        active={active?.id}
        all={all ?? []}
        // @if organization-create
        onChange={reload}
        // @end
      />
      {active && <Members key={`members ${key}`} organization={active} onLeave={reload} />}
      {active && <Invitations key={`invitations ${key}`} organization={active} />}
    </>
  );
}

function load() {
  return authClient.organization.list();
}
