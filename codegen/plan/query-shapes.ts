// The look-ups that Better Auth and its plugins really make, by model, read from their sources (1.7).
// Data only. Metadata (unique, index, references) covers the rest; plan-indexes.ts removes what repeats.

/** The shapes of a model's look-ups. A plugin may call a model `constructor`, which every object has. */
export function shapesOf(model: string): readonly (readonly string[])[] {
  return (Object.hasOwn(QUERY_SHAPES, model) && QUERY_SHAPES[model]) || [];
}

// --- internal ---

/**
 * Logical fields in index order: equality first, then range or sort. A shape whose fields are not all
 * there is skipped, so a plugin that is off costs nothing.
 */
const QUERY_SHAPES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  user: [["email"], ["createdAt"], ["stripeCustomerId"]],
  session: [["token"], ["userId", "expiresAt"]],
  account: [["providerId", "accountId"], ["userId"]],
  verification: [["identifier", "createdAt"], ["expiresAt"]],
  rateLimit: [["key"], ["lastRequest"]],

  // organization
  organization: [["slug"], ["stripeCustomerId"]],
  organizationRole: [["organizationId", "role"]],
  member: [["organizationId", "userId"], ["organizationId", "role"], ["userId"]],
  invitation: [
    ["organizationId", "status"],
    ["email", "organizationId", "status"],
    ["teamId"],
    ["inviterId"],
  ],
  team: [["organizationId"]],
  teamMember: [["teamId", "userId"], ["userId"]],

  // sign-in methods
  twoFactor: [["userId"]],
  passkey: [["credentialID"], ["userId"]],
  walletAddress: [["address", "chainId"], ["userId"]],
  deviceCode: [["deviceCode"], ["userCode"]],
  apikey: [["key"], ["referenceId", "createdAt"], ["expiresAt"]],
  ssoProvider: [
    ["providerId"],
    ["domain"],
    ["organizationId"],
    ["userId"],
    ["domainVerified", "providerId"],
  ],

  // stripe
  subscription: [["referenceId", "status"], ["stripeCustomerId"], ["stripeSubscriptionId"]],

  // oauth-provider
  oauthClient: [["clientId"], ["userId"], ["referenceId"]],
  oauthResource: [["identifier"]],
  oauthClientResource: [["clientId", "resourceId"], ["resourceId"]],
  oauthRefreshToken: [["token"], ["clientId", "userId"], ["userId"], ["sessionId"]],
  oauthAccessToken: [["token"], ["refreshId"], ["clientId"], ["userId"], ["sessionId"]],
  oauthConsent: [["clientId", "userId", "referenceId"], ["userId"]],
  oauthClientAssertion: [["expiresAt"]],

  // scim
  scimConnectionBinding: [
    ["connectionKey", "connectionId", "decommissionStatus"],
    ["connectionId"],
  ],
  scimIdentityTombstone: [["externalIdKey"], ["connectionId", "externalIdKey"]],
  scimSubject: [["userId"]],
  scimUser: [
    ["connectionId", "connectionUserKey"],
    ["connectionId", "externalIdKey"],
    ["connectionId", "userNameKey"],
    ["connectionId", "provisioningDomainId"],
    ["provisioningDomainId", "userId"],
    ["userId", "provisioningDomainId"],
    ["connectionId", "orderKey"],
  ],
  scimProjectionGrant: [["provisioningDomainId", "userId", "grantKey"], ["scimUserId"]],
  scimGroup: [
    ["connectionId", "displayNameKey"],
    ["connectionId", "externalIdKey"],
    ["connectionId", "provisioningDomainId"],
    ["connectionId", "orderKey"],
  ],
  scimGroupMember: [
    ["connectionId", "groupId", "createdAt"],
    ["connectionId", "groupId", "scimUserId"],
    ["connectionId", "scimUserId"],
    ["scimUserId"],
  ],
  scimManagedConnection: [
    ["connectionId", "provisioningDomainId"],
    ["provisioningDomainId", "createdAt"],
    ["creationRequestId"],
  ],
  scimManagedCredential: [
    ["connectionRecordId", "createdAt"],
    ["connectionRecordId", "status"],
    ["credentialId"],
  ],
  scimManagedConnectionEvent: [["connectionRecordId", "sequence"]],
};
