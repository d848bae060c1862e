// The invitations that wait for an answer of whoever is signed in.
import { authClient } from "../auth-client.js";
import { InvitationAnswer } from "./InvitationAnswer.js";
import { Row, Section, useLoaded } from "./Section.js";
import { Problem, useRequest } from "./shared.js";

export function MyInvitations({ onAnswer }: { onAnswer: () => Promise<void> }) {
  const { data: invitations, problem, reload } = useLoaded(load);
  const request = useRequest();
  const open = invitations?.filter(({ expiresAt }) => new Date(expiresAt) > new Date()) ?? [];
  const wrong = problem || request.problem;
  if (!wrong && open.length === 0) return null;

  async function follow() {
    await Promise.all([reload(), onAnswer()]);
  }

  return (
    <Section title="Invitations to you">
      <Problem text={wrong} />
      {open.map(({ id, organizationName, role }) => (
        <Row key={id} title={organizationName} detail={role}>
          <InvitationAnswer
            id={id}
            organizationName={organizationName}
            request={request}
            onAnswer={follow}
          />
        </Row>
      ))}
    </Section>
  );
}

function load() {
  return authClient.organization.listUserInvitations();
}
