// A person at an app: what they click and type, what they see, and which auth requests that causes.
// Asserts nothing, but fails where what is waited for does not come.
import type { BrowserContext, Page, WebSocket } from "playwright-core";

export type Person = { readonly name: string; readonly email: string; readonly password: string };

export type AuthState = "loading" | "signed in" | "signed out";

/** A tab of a visitor's browser, at an app whose pages show the auth state. */
export type Tab = {
  readonly page: Page;
  /** Auth requests since the page was loaded, as `GET /get-session`. */
  readonly requests: string[];
  /**
   * What went to and fro since then, in order: auth requests, `sent` and a type of Convex's protocol, and
   * `signed-in result` for each answer of Convex with results for a user.
   */
  readonly wire: string[];
  /** The tokens that Convex's server has accepted since then, in order, each once. */
  readonly tokens: string[];
  /** Uncaught errors, and what was written by console.error, but for failed requests. */
  readonly problems: string[];
  readonly open: (path: string) => Promise<void>;
  readonly reload: () => Promise<void>;
  /** Waits until the app shows this state. */
  readonly waitForState: (state: AuthState) => Promise<void>;
  /** Every state that was on the screen since the page was loaded, in order. */
  readonly states: () => Promise<AuthState[]>;
  /** Text of an element of the app, by its test id, once there is some. */
  readonly textOf: (testId: string) => Promise<string>;
};

const AUTH_PATH = "/api/auth";

/** A person whom no test has seen before, with a name beyond ASCII. */
export function newPerson(): Person {
  const id = crypto.randomUUID().slice(0, 8);
  return { name: `Łucja 🌱 ${id}`, email: `lucja.${id}@example.com`, password: "correct horse" };
}

/** Opens a tab. Tabs of one context share cookies and storage. */
export async function openTab(context: BrowserContext, origin: string): Promise<Tab> {
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  const tokens: string[] = [];
  const wire: string[] = [];
  page.on("framenavigated", (frame) => {
    if (frame !== page.mainFrame()) return;
    requests.length = 0;
    tokens.length = 0;
    wire.length = 0;
  });
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (!pathname.startsWith(`${AUTH_PATH}/`)) return;
    const asked = `${request.method()} ${pathname.slice(AUTH_PATH.length)}`;
    requests.push(asked);
    wire.push(asked);
  });
  page.on("websocket", (socket) => recordTokens(socket, { tokens, wire }));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !text.startsWith("Failed to load resource"))
      problems.push(text);
  });
  await page.addInitScript(RECORD_STATES);
  return {
    page,
    requests,
    problems,
    tokens,
    wire,
    open: async (path) => void (await page.goto(`${origin}${path}`)),
    reload: async () => void (await page.reload()),
    waitForState: (state) => page.locator('[data-testid="state"]', { hasText: state }).waitFor(),
    states: () =>
      page.evaluate(() => (window as unknown as { seenStates: AuthState[] }).seenStates), // set by RECORD_STATES
    textOf: async (testId) => {
      // A part of a page that the server streams is there twice for a moment: hidden, and in its place.
      const element = page.getByTestId(testId).filter({ hasText: /./, visible: true });
      return (await element.textContent()) ?? "";
    },
  };
}

/** On the auth page: fills the form in and sends it. What comes of it is the caller's to wait for. */
export async function submitSignUp(
  { page }: Tab,
  { name, email, password }: Person,
): Promise<void> {
  await page.getByRole("button", { name: "Create one" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

/** On the auth page, as submitSignUp. */
export async function submitSignIn(
  { page }: Tab,
  { email, password }: Pick<Person, "email" | "password">,
): Promise<void> {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Signs a new person up on the auth page and waits for the view of the session. */
export async function signUp(tab: Tab, person: Person = newPerson()): Promise<Person> {
  await tab.open("/auth");
  await submitSignUp(tab, person);
  await waitForSession(tab, person);
  return person;
}

/** On the auth page: waits until it shows whose session this is. */
export async function waitForSession({ page }: Tab, { email }: Person): Promise<void> {
  await page.getByRole("heading", { name: "Signed in" }).waitFor();
  // Other parts of an app may show it, too.
  await page.getByText(email).filter({ visible: true }).first().waitFor();
}

/** On the auth page: signs out and waits for the form. */
export async function signOut({ page }: Tab): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
}

/** On the auth page: the text of the form's alert, once there is one. */
export async function alertOf({ page }: Tab): Promise<string> {
  return (await page.locator("main [role=alert]").textContent()) ?? "";
}

// --- internal ---

type SyncMessage = {
  type: string;
  value?: string;
  startVersion?: { identity: number };
  endVersion?: { identity: number };
  modifications?: readonly { type: string }[];
};

/** A token counts once Convex's server moved on to its identity. */
function recordTokens(
  socket: WebSocket,
  { tokens, wire }: { readonly tokens: string[]; readonly wire: string[] },
): void {
  let sent: string | undefined;
  const read = ({ payload }: { payload: string | Buffer }) =>
    JSON.parse(String(payload)) as SyncMessage; // as Convex's protocol has it
  socket.on("framesent", (frame) => {
    const { type, value } = read(frame);
    wire.push(`sent ${type}`);
    if (type === "Authenticate") sent = value;
  });
  socket.on("framereceived", (frame) => {
    const { type, startVersion, endVersion, modifications = [] } = read(frame);
    const isSignedIn = type === "Transition" && sent !== undefined && endVersion?.identity !== 0;
    if (isSignedIn && modifications.some((one) => one.type === "QueryUpdated"))
      wire.push("signed-in result");
    if (type !== "Transition" || startVersion?.identity === endVersion?.identity) return;
    if (sent !== undefined && !tokens.includes(sent)) tokens.push(sent);
  });
}

/** Runs in the page before its own scripts. */
const RECORD_STATES = `(() => {
  const seen = (window.seenStates = []);
  const note = () => {
    const state = document.querySelector('[data-testid="state"]')?.textContent;
    if (state && state !== seen.at(-1)) seen.push(state);
  };
  new MutationObserver(note).observe(document, {
    childList: true,
    subtree: true,
    characterData: true,
  });
})();`;
