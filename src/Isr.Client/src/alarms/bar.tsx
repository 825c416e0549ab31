import { useDesk } from '../desk';
import { useStore } from '../store';
import { type Alarm, shown, since } from './alarms';

const none: Alarm[] = [];

/** What is not as it should be, above every view. It is always there, so that screen readers are told what comes into it. */
export function AlarmBar() {
  const { feed, place } = useDesk();
  const status = useStore(feed.data, (data) => data.status);
  const { first, more } = shown(status?.alarms ?? none);
  return (
    <div class="alarms" role="alert">
      {first.length > 0 && (
        <ul>
          {first.map((alarm) => (
            <li key={alarm.id}>
              <b>Alarm</b> {since(alarm, status?.updated ?? null)}: {alarm.sentence}
            </li>
          ))}
        </ul>
      )}
      {more > 0 && (
        <button class="button" onClick={() => place.patch({ view: 'sources' })}>
          {more} more
        </button>
      )}
    </div>
  );
}
