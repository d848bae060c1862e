// What is refused where auth routes are registered: paths and origins.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const invalidCorsOrigin = errorOf(
  "INVALID_CORS_ORIGIN",
  'cors.allowedOrigins has "<origin>", which is not an origin.',
  "Give scheme and host, as https://app.example.com or https://*.example.com; auth routes send credentials, so `*` alone is refused.",
);

export const invalidBasePath = errorOf(
  "INVALID_BASE_PATH",
  'basePath is "<path>", which does not begin with a slash.',
  'Write "/<path>", as in auth.ts.',
);
