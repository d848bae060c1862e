// One form of http.ts in the app of the first page, at one path: pushed, and asked over HTTP. The default suite and the
// matrix choose which.
import { expect } from "vitest";
import type { Deployment } from "../deployment/index.js";
import { writeFiles, type PackedApp } from "../support/packed-app.js";
import {
  AUTH_CONFIG,
  authFile,
  checkAndPush,
  FN,
  HTTP_FORMS,
  ORIGIN,
  push,
  signUp,
  succeeds,
} from "./support.js";

type Form = keyof typeof HTTP_FORMS;

const FORMS = Object.keys(HTTP_FORMS) as Form[]; // its own keys

const PATHS = ["/api/auth", "/account/auth"] as const;

type Place = { readonly form: Form; readonly at: (typeof PATHS)[number] };

/** Each form at each path. */
export const PLACES: readonly Place[] = FORMS.flatMap((form) => PATHS.map((at) => ({ form, at })));

/** What the default suite pushes of them. */
export const PUSHED = PLACES.filter(
  ({ form, at }) =>
    (form === "a plain router" && at === "/api/auth") ||
    (form === "Hono alone" && at === "/account/auth"),
);

/** The form serves Better Auth at `at` and nowhere else, with CORS, and doctor finds no error. */
export async function assertServes(
  app: PackedApp,
  { deployment, form, at }: Place & { readonly deployment: Deployment },
): Promise<void> {
  const isDefault = at === PATHS[0];
  const options = isDefault ? "" : `basePath: '${at}',`;
  await writeFiles(app, {
    [`${FN}/http.ts`]: HTTP_FORMS[form],
    [`${FN}/auth.config.ts`]: AUTH_CONFIG,
    [`${FN}/auth.ts`]: authFile({
      options,
      convexOptions: options && `options: { ${options} },`,
    }),
  });
  await succeeds(app, ["kitcn", "codegen"]);
  if (isDefault) await checkAndPush(app, deployment);
  else await push(app, deployment);
  const email = `${form.replace(/\W+/g, "-")}${at.replace(/\W+/g, "-")}@example.com`;
  const { request } = await signUp(deployment, { email: email.toLowerCase(), basePath: at });
  expect((await request("/convex/jwks")).status).toBe(200);
  const elsewhere = PATHS.find((one) => one !== at) ?? "";
  expect((await fetch(`${deployment.siteUrl}${elsewhere}/get-session`)).status).toBe(404);
  const preflight = await fetch(`${deployment.siteUrl}${at}/get-session`, {
    method: "OPTIONS",
    headers: { origin: ORIGIN, "access-control-request-method": "GET" },
  });
  expect(preflight.ok).toBe(true);
  expect(preflight.headers.get("access-control-allow-origin")).toBe(ORIGIN);
  expect(preflight.headers.get("access-control-allow-credentials")).toBe("true");
  const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase();
  for (const name of ["content-type", "authorization", "better-auth-cookie"])
    expect(allowed).toContain(name);
  const doctor = JSON.parse(
    (await app.run(["kitcn", "doctor", "--json"], { ...deployment.cliEnv })).stdout,
  ) as {
    findings: { level: string; message: string }[];
  };
  expect(doctor.findings.filter(({ level }) => level === "error")).toEqual([]);
}
