// The provider around what a component renders, in the forms in which Expo apps write their root.
import { describe, expect, test } from "vitest";
import { createFormatter } from "../../../codegen/edit/format.js";
import { detectStyle, parseModule } from "../../../codegen/edit/index.js";
import { wrapReturned } from "../../../codegen/patch/returned.js";

const provider = { name: "Provider", source: "./Provider" };

async function wrapped(text: string): Promise<string | undefined> {
  const module = parseModule(text, "/app/App.tsx");
  const { jsx } = createFormatter({ path: module.path, style: detectStyle(module) });
  const { text: after } = await wrapReturned(module, { provider, format: jsx });
  return after?.replace(/^import \{ Provider \}.*\n+/m, "").replace(/^\n/, "");
}

describe("wrapReturned", () => {
  test.each([
    {
      name: "JSX on its own lines",
      given: `export default function Root() {
  return (
    <View>
      <Stack />
    </View>
  );
}
`,
      want: `export default function Root() {
  return (
    <Provider>
      <View>
        <Stack />
      </View>
    </Provider>
  );
}
`,
    },
    {
      name: "JSX on the line of its return",
      given: `export default function Root() {
  return <Stack />;
}
`,
      want: `export default function Root() {
  return (
    <Provider>
      <Stack />
    </Provider>
  );
}
`,
    },
    {
      name: "JSX that begins on the line of its return",
      given: `export default function Root() {
  return <View>
    <Stack />
  </View>;
}
`,
      want: `export default function Root() {
  return (
    <Provider>
      <View>
        <Stack />
      </View>
    </Provider>
  );
}
`,
    },
    {
      name: "an arrow without a body",
      given: `const Root = () => <Stack />;
export default Root;
`,
      want: `const Root = () => (
  <Provider>
    <Stack />
  </Provider>
);
export default Root;
`,
    },
    {
      name: "JSX in parentheses on one line",
      given: `const Root = () => (<Stack />);
export { Root as default };
`,
      want: `const Root = () => (
  <Provider>
    <Stack />
  </Provider>
);
export { Root as default };
`,
    },
    {
      name: "several returns, of which one renders nothing",
      given: `export default function Root() {
  const [isLoaded] = useFonts({});
  useEffect(() => {
    return () => <Never />;
  });
  if (!isLoaded) {
    return null;
  }
  if (isOld) return <Old />;
  return <Nav />;
}
`,
      want: `export default function Root() {
  const [isLoaded] = useFonts({});
  useEffect(() => {
    return () => <Never />;
  });
  if (!isLoaded) {
    return null;
  }
  if (isOld) return (
    <Provider>
      <Old />
    </Provider>
  );
  return (
    <Provider>
      <Nav />
    </Provider>
  );
}
`,
    },
    {
      name: "a choice",
      given: `export default function Root({ isOld }) {
  return isOld ? <Old /> : <Nav />;
}
`,
      want: `export default function Root({ isOld }) {
  return (
    <Provider>
      {isOld ? <Old /> : <Nav />}
    </Provider>
  );
}
`,
    },
    {
      name: "a component inside of a call",
      given: `function Root() {
  return <Stack />;
}
export default Sentry.wrap(Root);
`,
      want: `function Root() {
  return (
    <Provider>
      <Stack />
    </Provider>
  );
}
export default Sentry.wrap(Root);
`,
    },
  ])("$name", async ({ given, want }) => {
    expect(await wrapped(given)).toBe(want);
  });

  test.each([
    { name: "no default export", given: "export const Root = () => <Stack />;\n" },
    { name: "another module's component", given: 'export { default } from "./Root";\n' },
    { name: "a class", given: "export default class Root extends Component {}\n" },
    { name: "nothing rendered", given: "export default function Root() {\n  return null;\n}\n" },
  ])("$name is refused with the lines", async ({ given }) => {
    await expect(wrapped(given)).rejects.toMatchObject({
      code: "LAYOUT_UNKNOWN_FORM",
      hint: expect.stringContaining("<Provider>...</Provider>") as string,
    });
  });
});
