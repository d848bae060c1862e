// The links that mails bring to a phone: what the page asks for, and a session in the address of one. A phone accepts only
// links that it asked for.
// @if mailed-session
import { useEffect } from "react";
// @end
import { Platform } from "react-native";
// @if mailed-session
import { authClient } from "../auth-client.js";
// @end
import {
  createSecret,
  expectLink,
  forgetSecrets,
  // @if mailed-session
  isExpected,
  // @end
} from "./link-secrets.js";
import {
  returnAddress,
  // @if mailed-session
  type MailedLink,
  // @end
} from "./links.js";
// @if mailed-session
import { describeReturn } from "./messages.js";
// @end

/**
 * A link to mail: where it leads, and what makes this phone accept it within an hour. A link that confirms an address says
 * so: `{ confirm: "email" }`.
 */
export function createLink(queryParams: Record<string, string> = {}): {
  address: string;
  expect: () => Promise<void>;
} {
  if (Platform.OS === "web") return { address: returnAddress(queryParams), expect: async () => {} };
  const secret = createSecret();
  return {
    address: returnAddress({ link: secret, ...queryParams }),
    expect: () => expectLink(secret),
  };
}
// @if mailed-session

type MailedLinkOptions = {
  link: MailedLink | null;
  /** null until it is known. */
  isSignedIn: boolean | null;
  onTaken: () => void;
  onProblem: (problem: string) => void;
};

/** Signs in with a mailed link when it is known that nobody is signed in: it must not take the place of a session. */
export function useMailedLink({ link, isSignedIn, onTaken, onProblem }: MailedLinkOptions) {
  useEffect(() => {
    async function signIn(mailed: MailedLink) {
      try {
        if (!(await takeSession(mailed)))
          onProblem("Nobody asked for this link here. Request a new one.");
      } catch {
        onProblem(describeReturn("unknown"));
      }
    }

    if (!link || isSignedIn === null) return;
    onTaken();
    if (!isSignedIn) void signIn(link);
    // The server has confirmed the address, and the session is the user's own.
    else if (!link.isConfirmation)
      onProblem("You are already signed in. Sign out, and request a new link.");
  }, [link, isSignedIn]);

  useEffect(() => {
    if (isSignedIn) void forgetLinks();
  }, [isSignedIn]);
}

/**
 * Signs in with the session of a link, once. Call it only while nobody is signed in.
 *
 * @returns false if this phone does not expect the link
 */
export async function takeSession({
  secret,
  cookie,
}: Pick<MailedLink, "secret" | "cookie">): Promise<boolean> {
  if (!(await isExpected(secret))) return false;
  await forgetLinks();
  // `expoClient()` stores the cookies of answers, one answer after the other, and looks the session up.
  await authClient.$fetch("/ok", {
    customFetchImpl: async () => new Response("null", { headers: { "set-cookie": cookie } }),
  });
  return true;
}
// @end

/** From now on, this phone accepts no link that was mailed before. */
export async function forgetLinks(): Promise<void> {
  if (Platform.OS !== "web") await forgetSecrets();
}
