// Invitations to an organization: a new one, and those that nobody has answered. For members who may invite.
import { useCallback, useState } from "react";
import { authClient } from "../auth-client.js";
// @if !organization-mail
import { invitationAddress } from "./links.js";
// @end
import { ROLES } from "./roles.js";
import { Choice, Row, Section, useLoaded } from "./Section.js";
import {
  Button,
  Field,
  Form,
  // @if !organization-mail
  Plain,
  // @end
  Problem,
  useRequest,
} from "./shared.js";

type Role = Parameters<typeof authClient.organization.inviteMember>[0]["role"];

export function Invitations({
  organization: { id: organizationId, invitations },
}: {
  organization: {
    id: string;
    invitations: { id: string; email: string; role: string; status: string }[];
  };
}) {
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
  const [chosen, setChosen] = useState(ROLES[0] ?? "");
  const inviting = useRequest();
  const canceling = useRequest();
  if (!allowed?.success) return null;

  async function invite(text: (name: string) => string, clear: () => void) {
    const email = text("invited").trim();
    const role = chosen as Role; // one of ROLES, which auth.ts has
    const data = await inviting.send(() =>
      authClient.organization.inviteMember({ email, role, organizationId }),
    );
    if (!data) return;
    clear();
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
      {invitations
        .filter(({ status }) => status === "pending")
        .map((invitation) => (
          <Row key={invitation.id} title={invitation.email} detail={invitation.role}>
            {/* @if !organization-mail */}
            <Plain isCode text={invitationAddress(invitation.id)} />
            {/* @end */}
            <Button
              title={`Cancel the invitation of ${invitation.email}`}
              isBusy={canceling.isBusy}
              onPress={() => void cancel(invitation.id)}
            />
          </Row>
        ))}
      <Form request={inviting} label="Invite" onSend={invite}>
        <Field
          name="invited"
          label="Email of the new member"
          autoCapitalize="none"
          autoCorrect={false}
          inputMode="email"
        />
        <Choice label="Role" items={ROLES} chosen={chosen} onChoose={setChosen} />
      </Form>
    </Section>
  );
}
