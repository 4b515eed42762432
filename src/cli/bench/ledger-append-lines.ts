import { paint } from '../output.ts';
import type { AppendAtSize, AppendBench } from './ledger-append.ts';

const LABEL = 34;
const CELL = 13;

/** The table for people. */
export function appendLines({ machine, rounds, sizes, growth, batch, aims }: AppendBench): readonly string[] {
  const cells = (pick: (size: AppendAtSize) => string): readonly string[] => sizes.map(pick);
  return [
    `${paint.bold('bench ledger-append')}  one event with its evidence, ${rounds} rounds · ${machine.cores} cores, load ${machine.load.toFixed(1)} before, node ${machine.node}`,
    '',
    paint.dim(row('workflows in the ledger', [...sizes.map(({ workflows }) => workflows.toLocaleString('en')), 'growth'])),
    row('files', cells(({ files }) => files.toLocaleString('en'))),
    row('size of the pack', cells(({ packBytes }) => mib(packBytes))),
    '',
    row('local store, time', [...cells(({ local }) => ms(local.ms)), times(growth.time)]),
    row('  × floor', cells(({ timesFloor }) => times(timesFloor))),
    row('  bytes written', [...cells(({ local }) => local.bytesWritten.toLocaleString('en')), times(growth.bytesWritten)]),
    row('  files, git processes', cells(({ local }) => `${local.filesWritten}, ${local.gitProcesses}`)),
    row('floor: git by hand, time', [...cells(({ floor }) => ms(floor.ms)), times(growth.timeOfFloor)]),
    row('  bytes written', cells(({ floor }) => floor.bytesWritten.toLocaleString('en'))),
    row('  git processes', cells(({ floor }) => String(floor.gitProcesses))),
    row('GitHub store, requests', cells(({ github }) => String(github.requests))),
    row('  bytes sent', [...cells(({ github }) => github.bytesSent.toLocaleString('en')), times(growth.bytesSent)]),
    row('  bytes received', [...cells(({ github }) => github.bytesReceived.toLocaleString('en')), times(growth.bytesReceived)]),
    row('peer: clone and push, time', cells(cloneTime)),
    row('  × local store', cells(timesLocal)),
    row('  bytes received', cells(({ clone }) => (clone.kind === 'measured' ? mib(clone.bytesReceived) : '–'))),
    row('  files written', cells(({ clone }) => (clone.kind === 'measured' ? clone.filesWritten.toLocaleString('en') : '–'))),
    '',
    `  ${batch.events} events in one append take ${times(batch.timesOneAppend)} the time of one event: one commit, ${batch.requests} requests on GitHub.`,
    `  ${aims.hold ? paint.green('holds') : paint.red('does not hold')}: growth at most ${aims.growthMax}, at most ${aims.timesFloorMax} × the floor, ${aims.requestsMax} requests`,
    '',
    paint.dim('  Times are medians; a ratio is the median of the ratios of one round. The floor is git hash-object, mktree for'),
    paint.dim('  each folder, commit-tree and update-ref by hand, without reading, checking or syncing anything. The peer is a'),
    paint.dim('  shallow clone with its checkout, a commit and a push through isomorphic-git, over HTTP on this machine; it is'),
    paint.dim('  ended when it takes too long (its ratio is then the least it can be), and not tried at a larger size.'),
  ];
}

function timesLocal({ clone, local }: AppendAtSize): string {
  switch (clone.kind) {
    case 'measured':
      return times(clone.ms / local.ms);
    case 'stopped':
      return `> ${((clone.afterSeconds * 1_000) / local.ms).toFixed(0)} ×`;
    case 'failed':
    case 'not-tried':
      return '–';
  }
}

function cloneTime({ clone }: AppendAtSize): string {
  switch (clone.kind) {
    case 'measured':
      return `${(clone.ms / 1_000).toFixed(1)} s`;
    case 'stopped':
      return `ended, ${clone.afterSeconds} s`;
    case 'failed':
      return 'failed';
    case 'not-tried':
      return 'not tried';
  }
}

const row = (label: string, cells: readonly string[]): string => `  ${label.padEnd(LABEL)}${cells.map((cell) => cell.padStart(CELL)).join('')}`.trimEnd();
const ms = (number: number): string => `${number.toFixed(0)} ms`;
const times = (number: number): string => `${number.toFixed(2)} ×`;
const mib = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MiB`;
