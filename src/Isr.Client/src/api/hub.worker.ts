import { Hub, type Said, type Tab } from './hub';
import { OwnLine } from './line';

/** Its name is where events come from: pages of other addresses have a worker of their own. */
const hub = new Hub((tell) => new OwnLine(self.name, tell));

self.addEventListener('connect', (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  const tab: Tab = { pass: (message) => port.postMessage(message, []) };
  port.addEventListener('message', ({ data }: MessageEvent<Said>) => hub.hear(tab, data));
  // Browsers that know it tell at once that a tab has died.
  port.addEventListener('close', () => hub.hear(tab, 'gone'));
  port.start();
});
