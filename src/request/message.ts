// HTTP messages as plain data, so that an HTTP action can hand a request to a query or a mutation.
// Must not know what is in them.

export type RequestMessage = {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly HeaderLine[];
  readonly body: ArrayBuffer | null;
};

export type ResponseMessage = {
  readonly status: number;
  /** Default: none. */
  readonly statusText?: string;
  /** Where a fetched response came from in the end. Default: it was not fetched. */
  readonly url?: string;
  /** True if a fetched response came from another address than was asked for. Default: false. */
  readonly redirected?: boolean;
  readonly headers: readonly HeaderLine[];
  readonly body: ArrayBuffer | null;
};

/** Name and value; a name may come several times (`set-cookie`). */
export type HeaderLine = readonly string[];

/** Reads a request to its end. The request itself is used up. */
export async function loadRequest(request: Request): Promise<RequestMessage> {
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const body = hasBody ? await request.arrayBuffer() : null;
  return {
    url: request.url,
    method: request.method,
    headers: headerLines(request.headers),
    body: body && (body.byteLength > 0 || mayBeEmpty(request.headers)) ? body : null,
  };
}

export function toRequest({ url, method, headers, body }: RequestMessage): Request {
  return new Request(url, { method, headers: toHeaders(headers), body });
}

/** Reads a response to its end. The response itself is used up. */
export async function loadResponse(response: Response): Promise<ResponseMessage> {
  const body = response.body ? await response.arrayBuffer() : null;
  const { status, statusText, url, redirected } = response;
  return {
    status,
    ...(statusText && { statusText }),
    ...(url && { url }),
    ...(redirected && { redirected }),
    headers: headerLines(response.headers),
    body,
  };
}

export function toResponse(message: ResponseMessage): Response {
  const { status, statusText = "", url, redirected = false, headers, body } = message;
  // The constructor refuses others, which servers send all the same, such as 999.
  const isConstructible = status >= 200 && status <= 599;
  const response = new Response(isNullBodyStatus(status) ? null : body, {
    status: isConstructible ? status : 200,
    statusText,
    headers: toHeaders(headers),
  });
  const origin = { url: url ?? "", redirected, ...(!isConstructible && { status, ok: false }) };
  return url || redirected || !isConstructible ? asFetched(response, origin) : response;
}

// --- internal ---

/** No constructor takes these, and no copy keeps them; code that must not follow redirects reads them. */
function asFetched(response: Response, origin: object): Response {
  const clone = () => asFetched(Response.prototype.clone.call(response), origin);
  for (const [name, value] of Object.entries({ ...origin, clone }))
    Object.defineProperty(response, name, { value });
  return response;
}

/**
 * Convex gives every POST a body. One of no bytes is a body where the request says what kind it is, such as a form
 * without fields. JSON has no empty text.
 */
function mayBeEmpty(headers: Headers): boolean {
  const type = headers.get("content-type");
  return type !== null && !/json/i.test(type);
}

function headerLines(headers: Headers): HeaderLine[] {
  const lines: HeaderLine[] = [];
  headers.forEach((value, name) => {
    // forEach may join several cookies with commas, which cannot be split again.
    if (name.toLowerCase() !== "set-cookie") lines.push([name, value]);
  });
  for (const cookie of headers.getSetCookie()) lines.push(["set-cookie", cookie]);
  return lines;
}

function toHeaders(lines: readonly HeaderLine[]): Headers {
  const headers = new Headers();
  for (const [name, value] of lines) if (name && value !== undefined) headers.append(name, value);
  return headers;
}

/** The Response constructor refuses a body with these. */
function isNullBodyStatus(status: number): boolean {
  return status === 101 || status === 204 || status === 205 || status === 304;
}
