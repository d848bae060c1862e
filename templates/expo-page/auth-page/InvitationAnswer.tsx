// The two answers to an invitation.
import { authClient } from "../auth-client.js";
import { Button, type Request } from "./shared.js";

export function InvitationAnswer({
  id: invitationId,
  organizationName,
  request,
  onAnswer,
}: {
  id: string;
  organizationName: string;
  request: Request;
  onAnswer: () => void | Promise<void>;
}) {
  async function accept() {
    const data = await request.send(() =>
      authClient.organization.acceptInvitation({ invitationId }),
    );
    if (data) await onAnswer();
  }

  async function reject() {
    const data = await request.send(() =>
      authClient.organization.rejectInvitation({ invitationId }),
    );
    if (data) await onAnswer();
  }

  return (
    <>
      <Button
        title={`Join ${organizationName}`}
        isBusy={request.isBusy}
        onPress={() => void accept()}
      />
      <Button title="Reject the invitation" isBusy={request.isBusy} onPress={() => void reject()} />
    </>
  );
}
