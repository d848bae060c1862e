import { apiKey } from "@better-auth/api-key";
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
  apiKey(),
] as const;

export const extraFields = {
  plan: { type: "string", required: false, input: false },
  onboardedAt: { type: "date", required: false },
} as const;
