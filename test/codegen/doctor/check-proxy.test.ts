// What `kitcn doctor` says of oAuthProxy(): facts in, findings out.
import { expect, test } from "vitest";
import { checkProxy } from "../../../codegen/doctor/check-proxy.js";

const productionURL = "https://app.example.com";

test.each([
  { proxy: { productionURL, currentURL: undefined }, want: ["OAUTH_PROXY_OPEN"] },
  { proxy: { productionURL: undefined, currentURL: undefined }, want: ["OAUTH_PROXY_OPEN"] },
  { proxy: { productionURL, currentURL: "https://other.example.com" }, want: ["OAUTH_PROXY_OPEN"] },
  { proxy: { productionURL, currentURL: "https://app.example.com/" }, want: [] },
  { proxy: undefined, want: [] },
])("on production, $proxy gives $want", ({ proxy, want }) => {
  expect(checkProxy(proxy, true).map(({ code }) => code)).toEqual(want);
  expect(checkProxy(proxy, false)).toEqual([]);
});
