// A fetch with a cookie jar, so that Better Auth's own client can be used outside a browser.
// One jar is one browser profile on one origin; expiry and paths are not modelled.

export type CookieJar = { readonly cookies: Map<string, string>; readonly fetch: typeof fetch };

/** `origin` is sent as the Origin header, as a page of that origin would. */
export function createCookieJar(origin: string): CookieJar {
  const cookies = new Map<string, string>();
  const cookieFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    request.headers.set("origin", origin);
    if (cookies.size > 0) {
      request.headers.set(
        "cookie",
        [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      );
    }
    const response = await fetch(request, { redirect: "manual" });
    for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
    return response;
  };
  return { cookies, fetch: cookieFetch };
}

// --- internal ---

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split(";");
  const [name = "", ...value] = pair.split("=");
  const isGone = attributes.some((attribute) => /^\s*max-age=0\s*$/i.test(attribute));
  if (isGone) cookies.delete(name.trim());
  else cookies.set(name.trim(), value.join("=").trim());
}
