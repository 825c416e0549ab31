import { gains, highPasses, speeds } from './state';

export interface Settings {
  readonly speed: number;
  readonly gain: number;
  readonly highPass: number;
}

const key = 'player';

/** What was set last; what is not there, or wrong, is as usual. */
export function readSettings(storage: Pick<Storage, 'getItem'>): Settings {
  let kept: Partial<Record<keyof Settings, unknown>> | null;
  try {
    kept = JSON.parse(storage.getItem(key) ?? '{}') as typeof kept;
  } catch {
    // Somebody else wrote it.
    kept = null;
  }
  return {
    speed: speeds.find((speed) => speed === kept?.speed) ?? 1,
    gain: gains.find((gain) => gain === kept?.gain) ?? 0,
    highPass: highPasses.find((corner) => corner === kept?.highPass) ?? 0,
  };
}

export function writeSettings(storage: Pick<Storage, 'setItem'>, { speed, gain, highPass }: Settings): void {
  storage.setItem(key, JSON.stringify({ speed, gain, highPass }));
}
