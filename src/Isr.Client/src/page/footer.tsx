import { useDesk } from '../desk';
import { bytes } from '../format';
import { useStore } from '../store';
import { SignOut } from './signout';

interface Props {
  keysOn: boolean;
  setKeysOn: (on: boolean) => void;
  help: () => void;
}

export function Footer({ keysOn, setKeysOn, help }: Props) {
  const { feed } = useDesk();
  const free = useStore(feed.data, ({ disk }) => disk?.disk_free ?? null);
  return (
    <footer class="keys">
      {keysOn && (
        <>
          <span><kbd>Space</kbd> play</span>
          <span><kbd>J</kbd> <kbd>K</kbd> earlier, later</span>
          <span><kbd>U</kbd> <kbd>I</kbd> louder, quieter</span>
          <span><kbd>R</kbd> reviewed</span>
          <span><kbd>X</kbd> not this</span>
          <span><kbd>1</kbd>–<kbd>9</kbd> label</span>
          <span><kbd>S</kbd> keep</span>
          <span><kbd>C</kbd> cut</span>
          <span><kbd>N</kbd> play all</span>
          <span><kbd>Z</kbd> undo</span>
        </>
      )}
      <button onClick={help}>{keysOn && <kbd>?</kbd>} all keys</button>
      <button onClick={() => setKeysOn(!keysOn)}>{keysOn ? 'Switch keys off' : 'Switch keys on'}</button>
      <span class="disk t">{free === null ? '' : `${bytes(free)} free`}</span>
      <SignOut />
    </footer>
  );
}
