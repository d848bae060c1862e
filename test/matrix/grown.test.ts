// `npm run test:all`: from an empty folder to an app with GitHub, mail, organizations and a second step, in a browser.
// Commands write every line. Each app is a production build.
import { describe } from "vitest";
import { describeGrown, GROWING } from "../browser/suites/grown.js";
import { NEXT, VITE } from "../browser/support/frameworks.js";
import { useWorld } from "../browser/support/world.js";

describe.each([
  { template: "next", framework: NEXT },
  { template: "vite", framework: VITE },
  { template: "start", framework: VITE },
])("an app of the template $template", ({ template, framework }) => {
  const world = useWorld({
    from: { template },
    commands: GROWING,
    isByCommandAlone: true,
    ...framework,
  });
  describeGrown(template, world);
});
