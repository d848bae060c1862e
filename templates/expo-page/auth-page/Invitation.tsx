// The invitation that a link leads to.
import { useCallback } from "react";
import { ActivityIndicator } from "react-native";
import { authClient } from "../auth-client.js";
import { InvitationAnswer } from "./InvitationAnswer.js";
import { useLoaded } from "./Section.js";
import { Plain, Problem, useRequest } from "./shared.js";

export function Invitation({ id, onDone }: { id: string; onDone: () => void }) {
  const { data: invitation, problem } = useLoaded(
    useCallback(() => authClient.organization.getInvitation({ query: { id } }), [id]),
  );
  const request = useRequest();

  if (problem) return <Problem text={problem} />;
  if (!invitation) return <ActivityIndicator aria-label="Loading" />;
  const { organizationName, inviterEmail, role } = invitation;
  return (
    <>
      <Plain text={`${inviterEmail} invites you to ${organizationName} as ${role}.`} />
      <Problem text={request.problem} />
      <InvitationAnswer
        id={id}
        organizationName={organizationName}
        request={request}
        onAnswer={onDone}
      />
    </>
  );
}
