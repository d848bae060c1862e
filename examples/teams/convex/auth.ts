import { admin, organization } from "better-auth/plugins";
import { convex } from "kitcn/auth";
import authConfig from "./auth.config";
import { defineAuth } from "./generated/auth";

export default defineAuth(() => ({
  baseURL: process.env.SITE_URL,
  emailAndPassword: { enabled: true },
  user: {
    additionalFields: {
      plan: { type: ["free", "pro"], defaultValue: "free", input: false },
    },
  },
  plugins: [
    convex({ authConfig, jwks: process.env.JWKS }),
    organization({ teams: { enabled: true } }),
    admin(),
  ],
}));
