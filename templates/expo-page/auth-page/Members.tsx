// The members of an organization, with their roles. Who may, changes a role or removes a member.
import { useCallback } from "react";
import { authClient } from "../auth-client.js";
import { MemberRole } from "./MemberRole.js";
import { isOwner } from "./roles.js";
import { Row, Section, useLoaded } from "./Section.js";
import { Button, Problem, useRequest } from "./shared.js";

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
  const mayUpdate = useMay("update", organizationId);
  const mayRemove = useMay("delete", organizationId);
  const own = members.find(({ userId }) => userId === session?.user.id);
  const isByOwner = isOwner(own?.role);
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
      {members.map(({ id, userId, role, user }) => {
        // Only owners change what owners are.
        const isInReach = isByOwner || !isOwner(role);
        const isOwn = userId === session?.user.id;
        return (
          <Row key={id} title={user.name} detail={`${user.email}, ${role}`}>
            {isOwn && <Button title="Leave" isBusy={request.isBusy} onPress={() => void leave()} />}
            {!isOwn && mayRemove && isInReach && (
              <Button
                title={`Remove ${user.name}`}
                isBusy={request.isBusy}
                onPress={() => void remove(id)}
              />
            )}
            {mayUpdate && isInReach && (
              <MemberRole
                organizationId={organizationId}
                memberId={id}
                name={user.name}
                role={role}
                isByOwner={isByOwner}
              />
            )}
          </Row>
        );
      })}
    </Section>
  );
}

/** Asks the server whether the user may do that to members. */
function useMay(action: "update" | "delete", organizationId: string): boolean {
  const { data } = useLoaded(
    useCallback(
      () =>
        authClient.organization.hasPermission({
          organizationId,
          permissions: { member: [action] },
        }),
      [action, organizationId],
    ),
  );
  return data?.success === true;
}
