import { useRuntimeConfig } from "#imports";
import { createWebAuth } from "kitcn/auth/web";

const { convexUrl, convexSiteUrl } = useRuntimeConfig().public;

// To call Convex as the user of a request: auth.forRequest(event).
export const auth = createWebAuth({
  convexUrl: convexUrl || undefined,
  convexSiteUrl: convexSiteUrl || undefined,
});
