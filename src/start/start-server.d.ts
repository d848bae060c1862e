// The one function used of TanStack Start, which is not installed here: apps bring it.
declare module "@tanstack/react-start/server" {
  export function getRequest(): Request;
}
