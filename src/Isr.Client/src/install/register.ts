/** Has the browser keep the page, where it is served so that browsers allow that: by this computer itself, or encrypted. */
export async function keepPage(): Promise<void> {
  if (!import.meta.env.PROD || !window.isSecureContext || !('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('worker.js');
  } catch {
    // Behind a certificate that the browser was told to accept it refuses; the page works as before, but not without the server.
  }
}
