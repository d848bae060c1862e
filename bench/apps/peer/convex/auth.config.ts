import { getAuthConfigProvider } from "@convex-dev/better-auth/auth-config";
import type { AuthConfig } from "convex/server";
import { staticJwks } from "./jwks";

export default { providers: [getAuthConfigProvider({ jwks: staticJwks })] } satisfies AuthConfig;
