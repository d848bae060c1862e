// Where `hono/cors` covers the auth routes of an http.ts over Hono, and what doctor says where it does not.
import { describe, expect, test } from "vitest";
import { checkCors } from "../../../codegen/doctor/check-cors.js";
import type { SourceFile } from "../../../codegen/doctor/check-files.js";
import { parseModule } from "../../../codegen/edit/index.js";

describe("checkCors", () => {
  const http = (lines: string, middleware = "authMiddleware(getAuth)"): SourceFile => {
    const text = `import { Hono } from "hono";
import { cors } from "hono/cors";
import { authMiddleware } from "kitcn/auth/http";
import { createHttpRouter } from "kitcn/server";
import { getAuth } from "./generated/auth";
const app = new Hono();
const browsers = cors({ origin: "https://a.b" });
${lines}
app.use(${middleware});
export default createHttpRouter(app);
`;
    return { path: "convex/http.ts", open: () => parseModule(text, "convex/http.ts") };
  };
  const api = 'app.use("/api/*", browsers);';
  const cases: [string, SourceFile, string, string[]][] = [
    ["below /api", http(api), "/api/auth", []],
    ["elsewhere", http(api), "/custom/auth/path", ["CORS_MISSES_AUTH"]],
    ["beside it", http('app.use("/api/*", cors());'), "/apis/auth", ["CORS_MISSES_AUTH"]],
    ["covered by another use", http(`${api}\napp.use("/custom/*", cors());`), "/custom/auth", []],
    ["covered exactly", http(`${api}\napp.use("/custom/auth/*", cors());`), "/custom/auth/", []],
    [
      "the base path alone",
      http('app.use("/custom/auth", cors());'),
      "/custom/auth",
      ["CORS_MISSES_AUTH"],
    ],
    ["a parameter", http('app.use("/:tenant/auth/*", cors());'), "/custom/auth", []],
    ["everywhere", http("app.use(browsers);"), "/custom/auth", []],
    ["everywhere, by a star", http('app.use("*", browsers);'), "/custom/auth", []],
    ["a computed path", http("app.use(`${where}/*`, browsers);"), "/custom/auth", []],
    ["no CORS", http(""), "/custom/auth", []],
    [
      "that of authMiddleware",
      http(api, "authMiddleware(getAuth, { cors: {} })"),
      "/custom/auth",
      [],
    ],
    ["no file", { path: "convex/http.ts", open: () => undefined }, "/custom/auth", []],
  ];
  test.each(cases)("%s", (_title, file, basePath, want) => {
    const findings = checkCors(file, { read: () => undefined, basePath });
    expect(findings.map(({ code }) => code)).toEqual(want);
  });

  test("it names the line, the paths and the edit", () => {
    const [finding] = checkCors(http(api), { read: () => undefined, basePath: "/custom/auth" });
    expect(finding?.message).toMatch(
      /^convex\/http\.ts:8: .* on \/api\/\*.* below \/custom\/auth,/,
    );
    expect(finding?.fix).toContain('app.use("/custom/auth/*", cors(');
  });
});
