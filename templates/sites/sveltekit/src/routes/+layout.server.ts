export { loadAuth as load } from "$lib/server/auth";
