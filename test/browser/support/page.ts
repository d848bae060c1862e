// What suites do with the auth page's parts besides its forms: codes of an authenticator app, focus, the keyboard.
// Asserts nothing, but fails where what is waited for does not come.
import { base32 } from "@better-auth/utils/base32";
import { createOTP } from "@better-auth/utils/otp";
import type { Page } from "playwright-core";

/** What an authenticator app shows for a key. */
export function codeOf(key: string): Promise<string> {
  return createOTP(new TextDecoder().decode(base32.decode(key))).totp();
}

/** Waits for the heading of a view to have the focus. */
export async function headingHasFocus(page: Page, title: string): Promise<void> {
  await page.waitForFunction((wanted) => {
    const focused = document.activeElement;
    return focused?.tagName === "H1" && focused.textContent === wanted;
  }, title);
}

/** Presses Tab until the field or button of this name has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const isThere = () =>
    page.evaluate((wanted) => {
      const focused = document.activeElement;
      const label = focused instanceof HTMLInputElement ? focused.labels?.[0] : focused;
      return label?.textContent?.trim() === wanted;
    }, name);
  for (let presses = 0; presses < 20; presses++) {
    if (await isThere()) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reached ${name}.`);
}
