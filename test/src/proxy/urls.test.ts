import { describe, expect, test } from "vitest";
import { deploymentUrls } from "../../../src/proxy/urls.js";

const variables = { url: "X_URL", site: "X_SITE_URL" };
const urls = (convexUrl?: string, convexSiteUrl?: string) =>
  deploymentUrls({ convexUrl, convexSiteUrl, variables });

describe("deploymentUrls", () => {
  test.each([
    { given: ["https://a-b-1.convex.cloud", undefined], want: "https://a-b-1.convex.site" },
    { given: ["https://a.eu-west-1.convex.cloud/", ""], want: "https://a.eu-west-1.convex.site" },
    {
      given: ["https://a.convex.cloud", "https://auth.example.com"],
      want: "https://auth.example.com",
    },
    { given: [undefined, "http://127.0.0.1:3211"], want: "http://127.0.0.1:3211" },
  ] as const)("site of $given", ({ given: [url, site], want }) =>
    expect(urls(url, site).convexSiteUrl()).toBe(want),
  );

  test.each([undefined, "", "http://127.0.0.1:3210", "https://convex.example.com"])(
    "no site follows from %s",
    (url) => expect(() => urls(url).convexSiteUrl()).toThrow(/X_SITE_URL/),
  );

  test("a missing URL names its variable, and only when it is needed", () => {
    const missing = urls(undefined, "http://127.0.0.1:3211");
    expect(() => missing.convexUrl()).toThrow(/X_URL/);
    expect(urls("http://127.0.0.1:3210").convexUrl()).toBe("http://127.0.0.1:3210");
  });
});
