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
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  user: {
    additionalFields: {
      plan: { type: "string", required: false, input: false },
      onboardedAt: { type: "date", required: false },
    },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
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
  ],
}));
