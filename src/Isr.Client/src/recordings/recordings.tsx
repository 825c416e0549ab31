export function Recordings() {
  return <main id="main" tabIndex={-1} />;
}
