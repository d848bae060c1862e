// What patching a user's file comes to. Plain data; texts are made by the patchers, and codegen/errors/ says why a
// patch is not possible.

/** `text` is the whole file; undefined when the file already says all of it. */
export type Patch = { readonly text: string | undefined };
