import {
  admin,
  anonymous,
  emailOTP,
  magicLink,
  multiSession,
  oneTimeToken,
  organization,
  phoneNumber,
  twoFactor,
  username,
} from "better-auth/plugins";

export const extraPlugins = [
  organization({ teams: { enabled: true } }),
  admin(),
  twoFactor(),
  username(),
  phoneNumber(),
  magicLink({ sendMagicLink: async () => {} }),
  emailOTP({ sendVerificationOTP: async () => {} }),
  anonymous(),
  multiSession(),
  oneTimeToken(),
] as const;
