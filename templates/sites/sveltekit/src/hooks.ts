import { PUBLIC_CONVEX_URL } from "$env/static/public";
import {
  decodeConvexLoad,
  decodeConvexLoadPaginated,
  encodeConvexLoad,
  encodeConvexLoadPaginated,
  initConvex,
} from "convex-svelte/sveltekit";

// The browser goes on with the token that rendered the page.
initConvex(PUBLIC_CONVEX_URL, { initialAuthTokenReuse: true });

// Keeps the results of convexLoad() on the server up to date in the browser.
export const transport = {
  ConvexLoadResult: { encode: encodeConvexLoad, decode: decodeConvexLoad },
  ConvexLoadPaginatedResult: {
    encode: encodeConvexLoadPaginated,
    decode: decodeConvexLoadPaginated,
  },
};
