"use client";

// What the page at /auth shows who is signed in, below its heading: the session, the account or the organizations. The hash
// of the address says which.
import styles from "../auth.module.css";
import { Account } from "./Account.js";
// @if organization
import { Invitation } from "./Invitation.js";
import { Organization } from "./Organization.js";
import { invitationIn } from "./places.js";
// @end
import { Session } from "./Session.js";

type Props = {
  user: { id: string; name: string; email: string };
  hash: string;
};

export function SignedIn({ user, hash }: Props) {
  // @if organization
  const invitation = invitationIn(hash);
  if (invitation) {
    return (
      <>
        <Invitation key={`${invitation} ${user.id}`} id={invitation} />
        <div className={styles.section}>
          <Session name={user.name} email={user.email} />
        </div>
        <p className={styles.switch}>
          <a href="#organization">Your organizations</a>
        </p>
      </>
    );
  }
  if (hash === "#organization") {
    return (
      <>
        <Organization />
        <p className={styles.switch}>
          <a href="#account">Your account</a>
        </p>
      </>
    );
  }
  // @end
  if (hash === "#account") {
    return (
      <>
        <Account />
        {/* @if organization */}
        <p className={styles.switch}>
          <a href="#organization">Your organizations</a>
        </p>
        {/* @end */}
        <p className={styles.switch}>
          <a href="#session">Back</a>
        </p>
      </>
    );
  }
  return (
    <>
      <Session name={user.name} email={user.email} />
      <p className={styles.switch}>
        <a href="#account">Your account</a>
      </p>
    </>
  );
}
