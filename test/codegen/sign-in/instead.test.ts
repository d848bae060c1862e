// What the owner of an app is told to write for what stays: of each value that is taken from a hook, one sentence.
import { expect, test } from "vitest";
import { parseModule } from "../../../codegen/edit/index.js";
import { listCalls } from "../../../codegen/patch/calls.js";
import { insteadOf } from "../../../codegen/sign-in/instead.js";

const SESSION_USER =
  "`authClient.useSession().data?.user`, which has an id, a name, an email and an image";

test.each([
  {
    given: "const { user, signOut } = useAuth();",
    want: `user: ${SESSION_USER}; signOut: \`authClient.signOut()\``,
  },
  {
    given: "const { isLoaded, isSignedIn, userId, orgId } = useAuth();",
    want: "isLoaded: the opposite of `useConvexAuth().isLoading` of convex/react; isSignedIn: `useConvexAuth().isAuthenticated` of convex/react; userId: `authClient.useSession().data?.user.id`; orgId: `authClient.useActiveOrganization().data?.id`, with Better Auth's organization plugin",
  },
  {
    given: "const { user, logout, isAuthenticated } = useAuth0();",
    want: `user: ${SESSION_USER}; logout: \`authClient.signOut()\`; isAuthenticated: \`useConvexAuth().isAuthenticated\` of convex/react`,
  },
  { given: "const all = useUser();", want: SESSION_USER },
])("$given", ({ given, want }) => {
  const module = parseModule(given, "app/page.tsx");
  const [node] = listCalls(module);
  const name = /(use\w+)\(/.exec(given)?.[1] ?? "";
  const paths = { signIn: "/auth", signUp: "/auth", hasPage: true };
  expect(node && insteadOf({ module, node, name }, paths)).toBe(want);
});
