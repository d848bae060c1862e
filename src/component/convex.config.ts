// The kitcn component: signing keys, verifications and rate limits, outside the app's schema.
import { defineComponent } from "convex/server";

export default defineComponent("auth");
