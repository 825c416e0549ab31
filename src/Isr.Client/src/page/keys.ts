import type { Player } from '../player/player';

const seekBy = 5;

/** Keys of the whole page. Returns what takes them off again. */
export function handleKeys(player: Player, step: (by: 1 | -1) => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const target = event.target instanceof HTMLElement ? event.target : document.body;
    const slider = target instanceof HTMLInputElement && target.type === 'range';
    if (!slider && target.matches('input, textarea, select')) return;

    const none = player.state.value.name === null;
    switch (event.key) {
      case ' ':
        if (none || event.repeat || target.matches('button, a, summary')) return; // it acts on what has the focus
        player.toggle();
        break;
      case 'ArrowLeft':
      case 'ArrowRight':
        if (none) return;
        player.seek(player.state.value.position + (event.key === 'ArrowLeft' ? -seekBy : seekBy));
        break;
      case 'j':
      case 'J':
        step(1);
        break;
      case 'k':
      case 'K':
        step(-1);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
