import { httpRouter } from "convex/server";
import { registerRoutes } from "kitcn/auth/http";
import { getAuth } from "./generated/auth";

const http = httpRouter();

registerRoutes(http, getAuth);

export default http;
