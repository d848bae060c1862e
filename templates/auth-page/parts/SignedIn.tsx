"use client";

// What the page at /auth shows who is signed in: the session, the account or the organizations. The hash of the address
// says which.
import type { ReactNode } from "react";
import styles from "../auth.module.css";
import { Account } from "./Account.js";
// @if organization
import { Invitation } from "./Invitation.js";
import { Organization } from "./Organization.js";
import { invitationIn } from "./places.js";
// @end
import { Session } from "./Session.js";
import { Card } from "./shared.js";

type Props = {
  user: { id: string; name: string; email: string };
  hash: string;
  /** The message about what led here. */
  children: ReactNode;
};

export function SignedIn({ user, hash, children }: Props) {
  // @if organization
  const invitation = invitationIn(hash);
  if (invitation) {
    return (
      <Card title="Your invitation">
        {children}
        <Invitation key={`${invitation} ${user.id}`} id={invitation} />
        <div className={styles.section}>
          <Session name={user.name} email={user.email} />
        </div>
        <p className={styles.switch}>
          <a href="#organization">Your organizations</a>
        </p>
      </Card>
    );
  }
  if (hash === "#organization") {
    return (
      <Card title="Your organizations">
        {children}
        <Organization />
        <p className={styles.switch}>
          <a href="#account">Your account</a>
        </p>
      </Card>
    );
  }
  // @end
  if (hash === "#account") {
    return (
      <Card title="Your account">
        {children}
        <Account />
        {/* @if organization */}
        <p className={styles.switch}>
          <a href="#organization">Your organizations</a>
        </p>
        {/* @end */}
        <p className={styles.switch}>
          <a href="#">Back</a>
        </p>
      </Card>
    );
  }
  return (
    <Card title="Signed in">
      {children}
      <Session name={user.name} email={user.email} />
      <p className={styles.switch}>
        <a href="#account">Your account</a>
      </p>
    </Card>
  );
}
