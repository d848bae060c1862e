// What crossDomain() refuses.
// Must import nothing but the error class.
import { errorOf } from "./error.js";

export const invalidSiteUrl = errorOf(
  "INVALID_SITE_URL",
  'crossDomain({ siteUrl }) got "<url>", which is not an http(s) URL.',
  "Give scheme and host of the app, as https://app.example.com; usually the SITE_URL variable of the deployment.",
);

export const cookieState = errorOf(
  "CROSS_DOMAIN_COOKIE_STATE",
  'crossDomain() cannot work with account.storeStateStrategy "cookie".',
  'Leave the option out, or set it to "database": an identity provider\'s callback has no cookies of the app.',
);
