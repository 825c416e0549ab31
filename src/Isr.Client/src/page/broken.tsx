export function Broken({ sentence, retry }: { sentence: string; retry: () => void }) {
  return (
    <main class="message">
      <div role="alert">
        <h1>
          <b>The page cannot be shown.</b> {sentence}
        </h1>
        <p>What is recorded is not touched by this.</p>
      </div>
      <button class="button" onClick={retry}>Retry</button>
    </main>
  );
}
