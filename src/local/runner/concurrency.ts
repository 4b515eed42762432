// Concurrency groups: one holder each, at most one that waits (or a queue). A run or job that waits for review keeps its group.

/** `run:ID` or `job:ID`. */
export type GroupMember = string;

export interface GroupRequest {
  group: string;
  cancelInProgress: boolean;
  /** `max` keeps every waiting member in order (GitHub's limit: 100); `single` lets a newer one replace the older. */
  queue: 'single' | 'max';
}

export interface ConcurrencyGroups {
  /** `held`: go on now. `pending`: `granted` is called when the group is free. Asking again while holding changes nothing. */
  request(member: GroupMember, request: GroupRequest): 'held' | 'pending';
  /** Leaves the group, whether holding or waiting; the next one in line is granted. */
  release(member: GroupMember): void;
}

const QUEUE_MAX = 100;

/** `cancel` ends a member that a newer one replaces: it must lead to `release`. */
export function createConcurrencyGroups(on: { granted(member: GroupMember): void; cancel(member: GroupMember): void }): ConcurrencyGroups {
  const groups = new Map<string, { holder: GroupMember; waiting: GroupMember[] }>();

  function request(member: GroupMember, { group, cancelInProgress, queue }: GroupRequest): 'held' | 'pending' {
    const key = group.toLowerCase();
    const current = groups.get(key);
    if (current === undefined) {
      groups.set(key, { holder: member, waiting: [] });
      return 'held';
    }
    if (current.holder === member) return 'held';
    if (current.waiting.includes(member)) return 'pending';
    const replaced = queue === 'single' ? [...current.waiting] : current.waiting.slice(0, Math.max(0, current.waiting.length + 1 - QUEUE_MAX));
    current.waiting.push(member);
    for (const older of replaced) on.cancel(older);
    if (cancelInProgress) on.cancel(current.holder);
    return groups.get(key)?.holder === member ? 'held' : 'pending';
  }

  function release(member: GroupMember): void {
    for (const [key, group] of groups) {
      group.waiting = group.waiting.filter((waiting) => waiting !== member);
      if (group.holder !== member) continue;
      const next = group.waiting.shift();
      if (next === undefined) groups.delete(key);
      else {
        group.holder = next;
        on.granted(next);
      }
    }
  }

  return { request, release };
}
