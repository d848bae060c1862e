export { handleAuth as handle } from "$lib/server/auth";
