// The one function used of Next.js, which is not installed here: apps bring it.
declare module "next/headers.js" {
  /** Next 15 and later answer with a promise; 14 with the headers. */
  export function headers(): Promise<Headers> | Headers;
}
