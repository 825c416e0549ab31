import { SignOut } from './signout';

interface Props {
  keysOn: boolean;
  setKeysOn: (on: boolean) => void;
}

export function Footer({ keysOn, setKeysOn }: Props) {
  return (
    <footer class="keys">
      {keysOn && (
        <>
          <span><kbd>Space</kbd> play, pause</span>
          <span><kbd>←</kbd> <kbd>→</kbd> back, forward 5 s</span>
          <span><kbd>J</kbd> <kbd>K</kbd> earlier, later recording</span>
        </>
      )}
      <button class="switch" onClick={() => setKeysOn(!keysOn)}>
        {keysOn ? 'Switch keys off' : 'Switch keys on'}
      </button>
      <SignOut />
    </footer>
  );
}
