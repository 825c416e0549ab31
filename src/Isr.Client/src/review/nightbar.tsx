import { useDesk } from '../desk';
import { plural } from '../format';
import { useMayManage } from '../page/session';
import { useStore } from '../store';
import { reviewAll } from './acts';
import { leftOf } from './night';
import { seconds } from './words';

/** How far it has come that all are played one after the other; in the end, what to do with what was heard. */
export function NightBar() {
  const desk = useDesk();
  const { night, player } = desk;
  const state = useStore(night.state, (value) => value);
  const speed = useStore(player.state, (value) => value.speed);
  const mayManage = useMayManage();
  if (state === null) return null;
  const { list, index, heard, playing } = state;
  if (playing) {
    return (
      <div class="night" role="group" aria-label="Playing all">
        <progress aria-label="Heard" max={list.length} value={index} />
        <span class="t">{index + 1} of {list.length}</span>
        <span class="left t">{seconds(leftOf(state) / 1000 / speed)} left</span>
        <button class="button" aria-label="Next section" onClick={() => night.step(1)}>Next</button>
        <button class="button" onClick={() => night.stop()}>Stop</button>
      </div>
    );
  }
  const open = heard.filter(({ said }) => !said.reviewed);
  return (
    <div class="night" role="group" aria-label="Played">
      <span class="left">{plural(heard.length, 'section')} heard</span>
      {mayManage && open.length > 0 && (
        <button
          class="button"
          onClick={() => {
            reviewAll(desk, open);
            night.putAway();
          }}
        >
          Mark reviewed
        </button>
      )}
      <button class="button" onClick={() => night.putAway()}>Close</button>
    </div>
  );
}
