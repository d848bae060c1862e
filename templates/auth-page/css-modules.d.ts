// What a bundler makes of a CSS module. No app gets it.
declare module "*.module.css" {
  const styles: Readonly<Record<string, string>>;
  export default styles;
}
