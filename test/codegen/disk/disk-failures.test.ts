// What the operating system refuses is told in words, never as a stack.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { asDiskFailure } from "../../../codegen/disk/disk-failures.js";

const system = (code: string, extra: object) =>
  Object.assign(new Error(`${code}: as node says it`), { code, ...extra });

describe("asDiskFailure", () => {
  test.each([
    {
      name: "a folder that may not be read",
      given: system("EACCES", { syscall: "scandir", path: "/app/convex" }),
      want: "/app/convex cannot be read or written: permission denied.",
    },
    {
      name: "a full disk, which names no file",
      given: system("ENOSPC", { syscall: "write" }),
      want: "A file cannot be read or written: the disk is full.",
    },
    {
      name: "a read-only file system",
      given: system("EROFS", { syscall: "mkdir", path: "/app/.kitcn-write" }),
      want: "/app/.kitcn-write cannot be read or written: the file system is read-only.",
    },
  ])("$name", ({ given, want }) => {
    expect(asDiskFailure(given)).toMatchObject({ code: "DISK_FAILED", message: want, exitCode: 1 });
  });

  test("a real one", () => {
    let error: unknown;
    try {
      readFileSync("test");
    } catch (caught) {
      error = caught;
    }
    expect(asDiskFailure(error)?.message).toContain("it is a folder");
  });

  test.each([
    { name: "a connection", given: system("ECONNREFUSED", { syscall: "connect" }) },
    { name: "a mistake of ours", given: new TypeError("x is not a function") },
    { name: "an error with a code of a library", given: system("EACCES", {}) },
  ])("$name is none", ({ given }) => {
    expect(asDiskFailure(given)).toBeUndefined();
  });
});
