// Which lines of a .env text are not sent, and that no text of a line is in what is said.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findBadLines } from "../../../codegen/env/env-lines.js";
import { cliApp, stubCloudDeployment } from "../support/cli.js";

describe("findBadLines", () => {
  test.each([
    { name: "nothing", text: "" },
    { name: "comments and empty lines", text: "# a b\n\n   # =\n\r\nA=1\r\n" },
    { name: "export, spaces and an empty value", text: "export X=1\n  Y = 2 # z\nZ=\n_A=1\n" },
    {
      name: "a value of several lines",
      text: `A="one\ntwo three\n=four"\nB='x\ny' # z\nC=\`1\n2\``,
    },
    { name: "quotes inside and after", text: `A=it's\nB="x" # y\nC=a"b\nD='a\\'\n` },
    { name: "another kind of quote inside", text: `A='{"a":1}'\nB="it's"\n` },
    { name: "a byte order mark", text: "\uFEFFA=1\n" },
    { name: "the longest name", text: `${"A".repeat(256)}=1` },
  ])("takes $name", ({ text }) => {
    expect(findBadLines(text)).toEqual([]);
  });

  test.each([
    { text: "A=1\n\nBAD LINE\n", want: { line: 3, problem: "no-equals-sign" } },
    { text: "SITE_URL", want: { line: 1, problem: "no-equals-sign" } },
    { text: "export SITE_URL\r\nA=1", want: { line: 1, problem: "no-equals-sign" } },
    { text: "A: 1", want: { line: 1, problem: "no-equals-sign" } },
    { text: "=foo", want: { line: 1, problem: "no-name" } },
    { text: "BAD-NAME=1", want: { line: 1, problem: "bad-name", name: "BAD-NAME" } },
    { text: "1A=1", want: { line: 1, problem: "bad-name", name: "1A" } },
    { text: "Ä=1", want: { line: 1, problem: "bad-name" } },
    { text: "A B=1", want: { line: 1, problem: "bad-name" } },
    { text: `${"A".repeat(257)}=1`, want: { line: 1, problem: "long-name" } },
    { text: 'A="x\ny"\nB=2\n.C=3', want: { line: 4, problem: "bad-name", name: ".C" } },
    { text: 'A="x\nSITE_URL', want: { line: 2, problem: "no-equals-sign" } },
    { text: `A='it's me'`, want: { line: 1, problem: "text-after-quote", name: "A" } },
    { text: `A="a" b"\nB=1`, want: { line: 1, problem: "text-after-quote", name: "A" } },
    {
      text: `A="abc\nSTRIPE=sk_1\nC="x"\nD=4`,
      want: { line: 1, problem: "text-after-quote", name: "A" },
    },
    { text: `A="{\\"a\\":1}"\nB=1`, want: { line: 1, problem: "escaped-quote", name: "A" } },
  ])("finds $text", ({ text, want }) => {
    expect(findBadLines(text)).toEqual([want]);
  });
});

describe("kitcn env push", () => {
  beforeEach(stubCloudDeployment);
  afterEach(() => vi.unstubAllEnvs());

  test.each(["convex/.env", "w.env"])(
    "refuses lines of %s before it calls Convex",
    async (file) => {
      const app = cliApp("plain", { files: { [file]: "A=1\nBAD-NAME=1\nsk_live_x y\n=foo\n" } });
      const from = file === "w.env" ? ["--from-file", file] : [];
      const { code, stdout, stderr } = await app.kitcn("env", "push", ...from);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(`${file}:2: Convex does not accept the name BAD-NAME`);
      expect(stderr).toContain(`${file}:3: it has no "="`);
      expect(stderr).toContain(`${file}:4: it has no name before the "="`);
      expect(stderr).not.toContain("sk_live");
      expect(app.convex.state().calls).toEqual([]);
    },
  );

  test("says why a name is skipped", async () => {
    const env = "A=1\nEMAIL_FROM=\nCONVEX_SITE_URL=https://a.convex.site\n";
    const app = cliApp("plain", { files: { "convex/.env": env } });
    const { stdout } = await app.kitcn("env", "push", "--dry-run");
    expect(stdout).toContain("skipped, since convex/.env has no value for it  EMAIL_FROM\n");
    expect(stdout).toContain("skipped, since it is not for this deployment  CONVEX_SITE_URL\n");
  });

  test("says that a file has no variables", async () => {
    const app = cliApp("plain", { files: { "w.env": "# later\n" } });
    const ran = await app.kitcn("env", "push", "--from-file", "w.env");
    expect(ran, ran.stderr).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain("w.env has no variables.");
  });
});
