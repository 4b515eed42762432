import { showDuration } from '../lib/time.ts';

// What the page is better with, and complete without: relative times, and a word when a newer ledger is published.
const POLL_MS = 15_000;
const POLL_MS_MAX = 240_000;

function showTimes(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-since]')) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (seconds >= 0) time.textContent = `${time.dataset['since'] ?? ''} ${showDuration(seconds)}`.trim();
  }
}

/** The published ledger's tip; null when it cannot be read now. */
async function readTip(address: string): Promise<string | null> {
  try {
    const response = await fetch(address, { cache: 'no-cache' });
    const head: unknown = response.ok ? await response.json() : null;
    return typeof head === 'object' && head && 'tip' in head && typeof head.tip === 'string' ? head.tip : null;
  } catch {
    return null;
  }
}

// Fails closed: from here on the page may show a superseded revision, so it no longer leads to an approval.
function announceNewer(): void {
  const live = document.querySelector('[data-live]');
  const reload = Object.assign(document.createElement('a'), { href: location.pathname, textContent: 'reload' });
  live?.replaceChildren('The ledger has moved on: ', reload);
  for (const link of document.querySelectorAll('[data-approve]')) {
    link.replaceWith(Object.assign(document.createElement('strong'), { textContent: 'The ledger has moved on. Reload before you decide.' }));
  }
}

async function poll(delayMs: number): Promise<void> {
  const { tip, head } = document.body.dataset;
  if (!tip || !head) return;
  const found = document.hidden ? tip : await readTip(head);
  if (found !== null && found !== tip) return announceNewer();
  const next = found === null ? Math.min(delayMs * 2, POLL_MS_MAX) : POLL_MS;
  setTimeout(() => void poll(next), next);
}

showTimes();
setInterval(showTimes, 30_000);
void poll(POLL_MS);
