"use client";

// Invitations to an organization: a new one, and those that nobody has answered. For members who may invite.
import { useCallback, useId } from "react";
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { ROLES } from "./roles.js";
import { Row, Section, useLoaded } from "./Section.js";
import { Action, Field, Form, Problem, useRequest } from "./shared.js";

type Role = Parameters<typeof authClient.organization.inviteMember>[0]["role"];

export function Invitations({
  organization: { id: organizationId, invitations },
}: {
  organization: {
    id: string;
    invitations: { id: string; email: string; role: string; status: string }[];
  };
}) {
  const id = useId();
  const { data: allowed } = useLoaded(
    useCallback(
      () =>
        authClient.organization.hasPermission({
          organizationId,
          permissions: { invitation: ["create"] },
        }),
      [organizationId],
    ),
  );
  const inviting = useRequest();
  const canceling = useRequest();
  if (!allowed?.success) return null;

  async function invite(text: (name: string) => string, form: HTMLFormElement) {
    const email = text("invited").trim();
    const role = text("role") as Role; // one of ROLES, which auth.ts has
    const data = await inviting.send(() =>
      authClient.organization.inviteMember({ email, role, organizationId }),
    );
    if (!data) return;
    form.reset();
    // @if organization-mail
    inviting.setNotice(`We sent an invitation to ${email}.`);
    // @end
    // @if !organization-mail
    inviting.setNotice(`${email} is invited. Send them the link above.`);
    // @end
  }

  async function cancel(invitationId: string) {
    await canceling.send(() => authClient.organization.cancelInvitation({ invitationId }));
  }

  return (
    <Section title="Invitations">
      <Problem text={canceling.problem} />
      <ul className={styles.list}>
        {invitations
          .filter(({ status }) => status === "pending")
          .map((invitation) => (
            <Row key={invitation.id} title={invitation.email} detail={invitation.role}>
              {/* @if !organization-mail */}
              <code className={styles.code}>{linkOf(invitation.id)}</code>
              {/* @end */}
              <Action request={canceling} onSend={() => cancel(invitation.id)}>
                Cancel
              </Action>
            </Row>
          ))}
      </ul>
      <Form request={inviting} label="Invite" onSend={invite}>
        <Field label="Email of the new member" name="invited" type="email" autoComplete="off" />
        <div className={styles.field}>
          <label htmlFor={id}>Role</label>
          <select id={id} name="role" className={styles.input}>
            {ROLES.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </div>
      </Form>
    </Section>
  );
}
// @if !organization-mail

/** For the one who is invited, while auth.ts sends no mail. */
function linkOf(invitationId: string): string {
  const { origin, pathname } = window.location;
  return `${origin}${pathname}#invitation=${encodeURIComponent(invitationId)}`;
}
// @end
