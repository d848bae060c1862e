// The small grammars of HTTP that several web classes need: header names and media types.

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const HEADER_NAME = new RegExp(`^${TOKEN}$`);
const MEDIA_TYPE = new RegExp(`^\\s*(${TOKEN}/${TOKEN})\\s*(?:;|$)`);

export function isHeaderName(text: string): boolean {
  return HEADER_NAME.test(text);
}

/** Type and boundary of a content-type header; null if it is not a media type. */
export function mediaTypeOf(text: string): { essence: string; boundary: string | null } | null {
  const essence = MEDIA_TYPE.exec(text)?.[1]?.toLowerCase();
  if (!essence) return null;
  const boundary = /;\s*boundary=(?:"([^"]*)"|([^;\s]*))/i.exec(text);
  return { essence, boundary: boundary ? (boundary[1] ?? boundary[2] ?? null) : null };
}
