/**
 * Does something with all items, so many at a time. `done` takes each answer and how many are through. Ends early where the signal says so, and
 * throws what a step throws; gives those that are left.
 */
export async function inSteps<T, R>(items: readonly T[], size: number, ask: (part: readonly T[]) => Promise<R>, done: (answer: R, count: number) => void, signal: AbortSignal): Promise<readonly T[]> {
  const go = async (from: number): Promise<readonly T[]> => {
    if (signal.aborted || from >= items.length) return items.slice(from);
    const part = items.slice(from, from + size);
    done(await ask(part), from + part.length);
    return go(from + size);
  };
  return go(0);
}
