"use client";

// The invitation that a mailed link leads to: /auth#invitation=<id>.
import { useCallback } from "react";
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { InvitationAnswer } from "./InvitationAnswer.js";
import { useLoaded } from "./Section.js";
import { Problem, useRequest } from "./shared.js";

export function Invitation({ id }: { id: string }) {
  const { data: invitation, problem } = useLoaded(
    useCallback(() => authClient.organization.getInvitation({ query: { id } }), [id]),
  );
  const request = useRequest();

  function showOrganizations() {
    window.location.hash = "organization";
  }

  if (problem) return <Problem text={problem} />;
  if (!invitation) {
    return (
      <p>
        <output>Loading…</output>
      </p>
    );
  }
  const { organizationName, inviterEmail, role } = invitation;
  return (
    <>
      <p className={styles.who}>
        <strong>{organizationName}</strong>
        <span>
          {inviterEmail} invites you as {role}.
        </span>
      </p>
      <Problem text={request.problem} />
      <div className={styles.form}>
        <InvitationAnswer
          id={id}
          organizationName={organizationName}
          request={request}
          onAnswer={showOrganizations}
        />
      </div>
    </>
  );
}
