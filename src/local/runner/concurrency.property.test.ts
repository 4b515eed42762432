import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConcurrencyGroups } from './concurrency.ts';

const request = fc.record({ kind: fc.constant('request' as const), member: fc.integer({ min: 0, max: 8 }), group: fc.constantFrom('A', 'a', 'b'), cancelInProgress: fc.boolean(), queue: fc.constantFrom('single' as const, 'max' as const) });
const release = fc.record({ kind: fc.constant('release' as const), pick: fc.nat(20) });

test('a group never has two holders, nobody is forgotten, and without a queue at most one waits', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(request, release), { maxLength: 60 }), (commands) => {
      const holds = new Map<string, string>();
      const waits = new Map<string, { group: string; queue: string }>();
      const ended = new Set<string>();
      let serial = 0;
      const end = (member: string): void => {
        ended.add(member);
        waits.delete(member);
        for (const [group, holder] of holds) if (holder === member) holds.delete(group);
        groups.release(member);
      };
      const take = (group: string, member: string): void => {
        expect(holds.has(group)).toBe(false);
        expect(ended.has(member)).toBe(false);
        holds.set(group, member);
      };
      const groups = createConcurrencyGroups({
        granted: (member) => {
          const waiting = waits.get(member);
          waits.delete(member);
          if (waiting !== undefined) take(waiting.group, member);
        },
        cancel: end,
      });
      for (const command of commands) {
        if (command.kind === 'release') {
          const holders = [...holds.values()];
          const member = holders[command.pick % Math.max(1, holders.length)];
          if (member !== undefined) end(member);
          continue;
        }
        const [member, group] = [`run:${serial++}`, command.group.toLowerCase()];
        waits.set(member, { group, queue: command.queue });
        if (groups.request(member, command) === 'held' && waits.delete(member)) take(group, member);
        const waiting = [...waits.values()].filter((each) => each.group === group);
        expect(waiting.length).toBeLessThanOrEqual(command.queue === 'single' ? 1 : 100);
        expect(holds.has(group)).toBe(true);
      }
      while (holds.size > 0) end([...holds.values()][0] ?? '');
      expect(waits.size).toBe(0);
    }),
  );
});
