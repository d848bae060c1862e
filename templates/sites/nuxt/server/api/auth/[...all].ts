import { defineEventHandler, getRequestIP, getRequestURL, toWebRequest } from "h3";
import { auth } from "../../utils/auth";

export default defineEventHandler((event) => {
  // Without what the client says about its protocol and address.
  const url = getRequestURL(event, { xForwardedProto: false });
  return auth.handler(new Request(url, toWebRequest(event)), { ip: getRequestIP(event) });
});
