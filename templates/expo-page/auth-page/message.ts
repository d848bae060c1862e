// Replaces the module of the pages for browsers, for lint and the compiler. No app gets this file.
export * from "../../auth-page/parts/message.js";
