// The kitcn component: signing keys, verifications and rate limits, out of reach of app code.
import { defineComponent } from "convex/server";

export default defineComponent("auth");
