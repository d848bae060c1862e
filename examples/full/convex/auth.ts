import { apiKey } from "@better-auth/api-key";
import { admin, organization, twoFactor, username } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  user: {
    additionalFields: {
      plan: { type: ["free", "pro"], required: false, input: false },
      onboardedAt: { type: "date", required: false, index: true },
    },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    organization(),
    admin(),
    twoFactor(),
    username(),
    apiKey(),
  ],
  telemetry: { enabled: false },
}));
