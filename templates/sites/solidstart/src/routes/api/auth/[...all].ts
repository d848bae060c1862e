import type { APIEvent } from "@solidjs/start/server";
import { auth } from "../../../lib/auth-server";

const forward = ({ request, clientAddress }: APIEvent) =>
  auth.handler(request, { ip: clientAddress });

export const GET = forward;
export const POST = forward;
export const PUT = forward;
export const PATCH = forward;
export const DELETE = forward;
export const OPTIONS = forward;
