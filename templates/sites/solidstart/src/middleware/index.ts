import { createMiddleware } from "@solidjs/start/middleware";
import { handleAuth } from "../lib/auth-server";

export default createMiddleware([handleAuth]);
