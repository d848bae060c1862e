import { httpRouter } from "convex/server";
import { registerRoutes } from "kitcn/auth/http";
import { authRoutes } from "./generated/routes";

const http = httpRouter();

registerRoutes(http, authRoutes);

export default http;
