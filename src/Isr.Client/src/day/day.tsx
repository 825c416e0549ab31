import { useDesk } from '../desk';
import { chooseSection } from '../review/choose';
import { PlayerPanel } from '../review/panel';
import { Queue } from '../review/queue';
import { Timeline } from '../timeline/timeline';

/** A day at a glance: lanes, what there is to review, the player. */
export function DayView() {
  const desk = useDesk();
  return (
    <main id="main" class="day-view" tabIndex={-1}>
      <Timeline choose={(section) => chooseSection(desk, section)} />
      <div class="below">
        <Queue />
        <PlayerPanel />
      </div>
    </main>
  );
}
