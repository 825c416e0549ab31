export function Broken({ sentence, retry }: { sentence: string; retry: () => void }) {
  return (
    <main class="message">
      <div role="alert">
        <h1>
          <b>The page cannot be shown.</b> {sentence}
        </h1>
        <p>What is recorded is not touched by this. The page comes by itself when it can.</p>
      </div>
      <button class="button" onClick={retry}>Retry</button>
    </main>
  );
}
