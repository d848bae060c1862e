import { defineApp } from "convex/server";
import authComponent from "kitcn/convex.config";

const app = defineApp();
app.use(authComponent);

export default app;
