// The type of a CSS module, as a bundler provides it. No app gets this file.
declare module "*.module.css" {
  const styles: Readonly<Record<string, string>>;
  export default styles;
}
