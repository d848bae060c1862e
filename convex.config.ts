// The component definition, for `import authComponent from "kitcn/convex.config"`.
// Convex treats the directory of a definition as the component, so the definition lives in src/component/.
export { default } from "./src/component/convex.config.js";
