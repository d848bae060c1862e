// When the action got a request: a header that it sets, and that later functions of the request read.
// http.ts loads this for every request, so it must stay this small.

/** In ms. Set by the action alone: what a client sends under the name is replaced. */
const BEGAN_HEADER = "x-kitcn-began";

/** The request with the time it came in. */
export function beganNow(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.set(BEGAN_HEADER, String(Date.now()));
  return new Request(request, { headers });
}

/** When the action got the request, in ms; Infinity for a request that came another way. */
export function beganAt(request: Request): number {
  return Number(request.headers.get(BEGAN_HEADER) ?? Infinity);
}
