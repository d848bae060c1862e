import { auth } from "$lib/server/auth";
import type { RequestHandler } from "@sveltejs/kit";

export const fallback: RequestHandler = ({ request, getClientAddress }) =>
  auth.handler(request, { ip: getClientAddress() });
