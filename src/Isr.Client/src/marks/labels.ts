import { getJson, mayPass, request } from '../api/client';
import { patience } from '../archive/tries';
import { Store } from '../store';

export const labelCount = 9;

interface LabelsState {
  /** Those of the keys 1 to 9; empty for a key without one. Null until known. */
  readonly names: readonly string[] | null;
  readonly error: string | null;
}

/** The words that keys give to sections, the same for everybody. */
export class Labels {
  readonly state = new Store<LabelsState>({ names: null, error: null });
  #later: ReturnType<typeof setTimeout> | undefined;

  async ask(): Promise<void> {
    clearTimeout(this.#later);
    try {
      const names = await getJson<string[]>('api/labels');
      // Drawn anew only when they are others.
      if (JSON.stringify(names) !== JSON.stringify(this.state.value.names)) this.state.set({ names, error: null });
    } catch (error) {
      this.state.patch({ error: (error as Error).message });
      if (mayPass(error)) this.#later = setTimeout(() => void this.ask(), patience);
    }
  }

  async put(names: readonly string[]): Promise<void> {
    const response = await request('api/labels', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(names) });
    this.state.set({ names: (await response.json()) as string[], error: null });
  }
}
