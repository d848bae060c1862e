// What the auth page shows who is signed in: the session with the parts of the account, an invitation, or organizations.
import {
  // @if organization
  useState,
  // @end
  type ReactNode,
} from "react";
// @if change-email
import { ChangeEmail } from "./ChangeEmail.js";
// @end
// @if delete-user-here
import { DeleteAccount } from "./DeleteAccount.js";
// @end
// @if organization
import { Invitation } from "./Invitation.js";
import { Organization } from "./Organization.js";
// @end
// @if passkey
import { Passkeys } from "./Passkeys.js";
// @end
import { Session } from "./Session.js";
import {
  // @if organization
  LinkButton,
  // @end
  Screen,
} from "./shared.js";
// @if two-factor
import { TwoFactorSettings } from "./TwoFactorSettings.js";
// @end

type Props = {
  user: { id: string; name: string; email: string };
  // @if organization
  /** Id of the invitation that a link named, or an empty text. */
  invitation: string;
  onInvitationEnd: () => void;
  // @end
  /** The message about what led here. */
  children: ReactNode;
};

export function SignedIn({
  user,
  // @if organization
  invitation,
  onInvitationEnd,
  // @end
  children,
}: Props) {
  // @if organization
  const [isAtOrganizations, setIsAtOrganizations] = useState(false);

  function showOrganizations() {
    onInvitationEnd();
    setIsAtOrganizations(true);
  }

  if (invitation) {
    return (
      <Screen title="Your invitation">
        {children}
        <Invitation key={`${invitation} ${user.id}`} id={invitation} onDone={showOrganizations} />
        <Session name={user.name} email={user.email} />
        <LinkButton title="Your organizations" onPress={showOrganizations} />
      </Screen>
    );
  }
  if (isAtOrganizations) {
    return (
      <Screen title="Your organizations">
        {children}
        <Organization />
        <LinkButton title="Your account" onPress={() => setIsAtOrganizations(false)} />
      </Screen>
    );
  }
  // @end
  return (
    <Screen title="Signed in">
      {children}
      <Session name={user.name} email={user.email} />
      {/* @if organization */}
      <LinkButton title="Your organizations" onPress={showOrganizations} />
      {/* @end */}
      {/* @if change-email */}
      <ChangeEmail />
      {/* @end */}
      {/* @if two-factor */}
      <TwoFactorSettings />
      {/* @end */}
      {/* @if passkey */}
      <Passkeys />
      {/* @end */}
      {/* @if delete-user-here */}
      <DeleteAccount />
      {/* @end */}
    </Screen>
  );
}
