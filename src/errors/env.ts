// What createEnv refuses. No variable tells a function which deployment it runs in, so the hint names both.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

const PUSH =
  "Development: set them in convex/.env, then run `npx kitcn env push`. Production: set them in .env.production, then run `npx kitcn env push --prod --from-file .env.production`.";

export const missingEnv = errorOf("INVALID_ENV", "Missing environment variables: <missing>.", PUSH);

export const invalidEnv = errorOf("INVALID_ENV", "Invalid environment variables: <invalid>.", PUSH);

export const missingAndInvalidEnv = errorOf(
  "INVALID_ENV",
  "Missing environment variables: <missing>. Invalid environment variables: <invalid>.",
  PUSH,
);
