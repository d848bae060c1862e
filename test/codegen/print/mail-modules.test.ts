// What the mails of a new mail.ts say, run as the module that it is: what users typed is text in them, never HTML.
import { expect, test, vi } from "vitest";
import { stripTypes } from "../../../codegen/edit/index.js";
import { printMail, printSender, type MailName } from "../../../codegen/print/mail-modules.js";

type Mail = { subject: string; text: string; html: string };

type MailModule = Record<MailName, (about: unknown) => Mail> & {
  sendMail: (ctx: object, mail: object) => Promise<void>;
};

const INPUT = { extension: "", siteUrl: "http://localhost:3000", sender: "resend" } as const;

/** The module with `internal` as a plain object. */
async function loadMail(hasPage?: boolean): Promise<MailModule> {
  const code = stripTypes(printMail({ ...INPUT, hasPage, getEnv: undefined }));
  const alone = code.replace(/^import .*$/m, 'const internal = { resend: { send: "send" } };');
  expect(alone).not.toMatch(/^import /m);
  const url = `data:text/javascript,${encodeURIComponent(alone)}`;
  return (await import(/* @vite-ignore */ url)) as MailModule; // of the exports that are printed
}

test("a name cannot become HTML, and a subject is one line", async () => {
  const { invitationMail } = await loadMail();
  const organization = `<img src=x onerror="alert('1')">\nBcc: all@example.com`;
  const mail = invitationMail({ id: "a/b", organization, inviter: "Eve & <b>Co</b>" });
  expect(mail.subject).toBe(`Join <img src=x onerror="alert('1')"> Bcc: all@example.com`);
  expect(mail.html).not.toMatch(/<img|<b>|onerror="/);
  expect(mail.html).toContain("Eve &amp; &lt;b&gt;Co&lt;/b&gt; invites you");
  expect(mail.text).toContain("http://localhost:3000/accept-invitation/a%2Fb");
});

test("an invitation leads to kitcn's page where the app has it", async () => {
  const { invitationMail } = await loadMail(true);
  const { text, html } = invitationMail({ id: "a/b+c", organization: "Acme", inviter: "Ada" });
  const link = "http://localhost:3000/auth#invitation=a%2Fb%2Bc";
  expect(text.split("\n")).toContain(link);
  expect(html).toContain(`href="${link}"`);
  expect(new URLSearchParams(new URL(link).hash.slice(1)).get("invitation")).toBe("a/b+c");
});

test("each mail has its link or its code, as text and as HTML", async () => {
  const mails = await loadMail();
  const url = "http://127.0.0.1:3211/api/auth/verify?token=a&callbackURL=%2F";
  const abouts: Record<MailName, unknown> = {
    verificationMail: url,
    resetPasswordMail: url,
    changeEmailMail: { url, newEmail: "new@example.com" },
    deleteAccountMail: url,
    magicLinkMail: url,
    codeMail: "123456",
    invitationMail: { id: "i1", organization: "Acme", inviter: "Ada" },
  };
  for (const [name, about] of Object.entries(abouts)) {
    const { subject, text, html } = mails[name as MailName](about); // a key of the record
    expect(subject, name).not.toBe("");
    const link = name === "invitationMail" ? "http://localhost:3000/accept-invitation/i1" : url;
    const lines = text.split("\n");
    expect(lines, name).toContain(name === "codeMail" ? "123456" : link);
    const inHtml = name === "codeMail" ? "123456" : `href="${link.replaceAll("&", "&amp;")}"`;
    expect(html, name).toContain(inHtml);
  }
});

test("sendMail calls the mutation, and says where it cannot", async () => {
  const { sendMail, codeMail } = await loadMail();
  const mail = { to: "ada@example.com", ...codeMail("123456") };
  const runMutation = vi.fn(() => Promise.resolve(null));
  await sendMail({ runMutation }, mail);
  expect(runMutation.mock.calls).toEqual([["send", mail]]);
  await expect(sendMail({ runQuery: runMutation }, mail)).rejects.toThrow("A query cannot send");
});

test.each([
  ["Resend's own", {}, "components.resend, { testMode: false }", "RESEND_API_KEY"],
  ["another", { key: "MY_KEY" }, '{ apiKey: process.env.MY_KEY ?? "", testMode: false }', "MY_KEY"],
])("the sender reads one variable for its key: %s", (_name, given, options, key) => {
  const text = printSender({
    ...INPUT,
    getEnv: undefined,
    component: "resend",
    mail: "mail",
    ...given,
  });
  expect(text).toContain(options);
  expect(text).toContain(`if (!process.env.${key}) {`);
});

test.each([
  [undefined, "process.env.EMAIL_FROM", "EMAIL_FROM"],
  ['"A <a@b.co>"', '"A <a@b.co>"', undefined],
  ["process.env.FROM", "process.env.FROM", "FROM"],
  ['process.env.FROM ?? "a@b.co"', 'process.env.FROM ?? "a@b.co"', undefined],
])("the sender says which variable is missing, where one can be: %s", (from, code, missing) => {
  const text = printSender({
    ...INPUT,
    getEnv: undefined,
    component: "resend",
    mail: "mail",
    from,
  });
  expect(text).toContain(`const from = ${code};`);
  expect(/if \(!from\) throw new Error\("(\w+) is not set/.exec(text)?.[1]).toBe(missing);
});
