// The two polyfills that Convex's runtime is built with, and so is the guest: the same classes, the same gaps.
declare module "abortcontroller-polyfill/dist/abortcontroller.js" {
  export const AbortController: typeof globalThis.AbortController;
  export const AbortSignal: typeof globalThis.AbortSignal;
}
