// What every app of Convex Auth has by its documented setup, written for these tests: its entry and its routes.

export const CONVEX_AUTH_SETUP: Record<string, string> = {
  "convex/auth.config.ts": `export default {
  providers: [{ domain: process.env.CONVEX_SITE_URL, applicationID: "convex" }],
};
`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
import { auth } from "./auth";

const http = httpRouter();
auth.addHttpRoutes(http);
export default http;
`,
};
