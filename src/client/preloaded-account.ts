// Under which name a preloaded query carries the id of the user it was loaded for, from the server to the browser.
// Must import nothing: both sides load it.

/** Beside the fields of Convex's `Preloaded`, which pass through the props of a client component. */
export const ACCOUNT = "_kitcnAccount";
