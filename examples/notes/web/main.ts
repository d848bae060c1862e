// The demo's page: Better Auth's client for the session, Convex's client for live data.
import { createAuthClient } from "better-auth/client";
import { ConvexClient } from "convex/browser";
import { api } from "../convex/_generated/api";

declare const CONVEX_URL: string;

const auth = createAuthClient();
const convex = new ConvexClient(CONVEX_URL);
const byId = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;

convex.setAuth(async () => {
  const response = await fetch("/api/auth/convex/token");
  return response.ok ? ((await response.json()) as { token: string }).token : null;
});
convex.onUpdate(api.notes.mine, {}, (notes) => {
  byId("notes").replaceChildren(
    ...notes.map(({ body }) => Object.assign(document.createElement("li"), { textContent: body })),
  );
});

async function show(): Promise<void> {
  const { data } = await auth.getSession();
  byId("loading").hidden = true;
  byId("sign").hidden = data !== null;
  byId("session").hidden = data === null;
  byId("who").textContent = data?.user.email ?? "";
}

byId<HTMLFormElement>("sign").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter as HTMLButtonElement;
  const form = new FormData(event.currentTarget as HTMLFormElement);
  const field = (name: string) => String(form.get(name) ?? "");
  const credentials = { email: field("email"), password: field("password") };
  byId("problem").textContent = "";
  button.setAttribute("aria-busy", "true");
  try {
    const { error } =
      button.value === "up"
        ? await auth.signUp.email({ ...credentials, name: field("name") || credentials.email })
        : await auth.signIn.email(credentials);
    if (error) byId("problem").textContent = error.message ?? "That did not work.";
    else location.reload();
  } catch {
    byId("problem").textContent = "The server cannot be reached. Try again.";
  } finally {
    button.removeAttribute("aria-busy");
  }
});

byId<HTMLFormElement>("note").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  await convex.mutation(api.notes.add, { body: String(new FormData(form).get("body")) });
  form.reset();
});

byId("out").addEventListener("click", async () => {
  await auth.signOut();
  location.reload();
});

void show();
