"use client";

// The members of an organization, with their roles.
import { useCallback } from "react";
import { authClient } from "../auth-client.js";
import styles from "../auth.module.css";
import { Row, Section, useLoaded } from "./Section.js";
import { Action, Problem, useRequest } from "./shared.js";

export function Members({
  organization: { id: organizationId, name: organizationName, members },
  onLeave,
}: {
  organization: {
    id: string;
    name: string;
    members: {
      id: string;
      userId: string;
      role: string;
      user: { name: string; email: string };
    }[];
  };
  onLeave: () => Promise<void>;
}) {
  const { data: session } = authClient.useSession();
  const { data: allowed } = useLoaded(
    useCallback(
      () =>
        authClient.organization.hasPermission({
          organizationId,
          permissions: { member: ["delete"] },
        }),
      [organizationId],
    ),
  );
  const request = useRequest();

  async function remove(memberIdOrEmail: string) {
    await request.send(() =>
      authClient.organization.removeMember({ memberIdOrEmail, organizationId }),
    );
  }

  async function leave() {
    const data = await request.send(() => authClient.organization.leave({ organizationId }));
    if (data) await onLeave();
  }

  return (
    <Section title={`Members of ${organizationName}`}>
      <Problem text={request.problem} />
      <ul className={styles.list}>
        {members.map(({ id, userId, role, user }) => (
          <Row key={id} title={user.name} detail={`${user.email}, ${role}`}>
            {userId === session?.user.id ? (
              <Action request={request} onSend={leave}>
                Leave
              </Action>
            ) : (
              allowed?.success && (
                <Action request={request} onSend={() => remove(id)}>
                  Remove {user.name}
                </Action>
              )
            )}
          </Row>
        ))}
      </ul>
    </Section>
  );
}
