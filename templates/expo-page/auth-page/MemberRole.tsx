// Changes the role of a member of an organization.
import { useState } from "react";
import { authClient } from "../auth-client.js";
import { CREATOR_ROLE, ROLES, rolesIn } from "./roles.js";
import { Choice } from "./Section.js";
import { Form, LinkButton, useRequest } from "./shared.js";

type Role = Parameters<typeof authClient.organization.updateMemberRole>[0]["role"];

export function MemberRole({
  organizationId,
  memberId,
  name,
  role: current,
  isByOwner,
}: {
  organizationId: string;
  memberId: string;
  name: string;
  /** Several ones are separated by commas. */
  role: string;
  /** True if the signed-in user may also give the role of the creator. */
  isByOwner: boolean;
}) {
  const request = useRequest();
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState(current);
  const choices = new Set([current, ...ROLES, ...(isByOwner ? [CREATOR_ROLE] : [])]);

  async function send() {
    const role = rolesIn(chosen) as Role; // roles that auth.ts has
    const data = await request.send(() =>
      authClient.organization.updateMemberRole({ memberId, role, organizationId }),
    );
    if (data) request.setNotice(`${name} has the role ${chosen}.`);
  }

  if (!isOpen) return <LinkButton title={`Role of ${name}`} onPress={() => setIsOpen(true)} />;
  return (
    <Form request={request} label={`Change role of ${name}`} onSend={send}>
      <Choice
        label={`New role of ${name}`}
        items={[...choices]}
        chosen={chosen}
        onChoose={setChosen}
      />
    </Form>
  );
}
