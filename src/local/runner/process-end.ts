// What to do when this process is about to end, by itself or by a signal.

/** Children lead their own process groups, so neither Ctrl-C nor the end of this process reaches them by itself. */
export function onProcessEnd(abandon: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const onSignal = (signal: NodeJS.Signals): void => {
    abandon();
    // Nobody else wants the signal: let it do what it does by default.
    if (process.listenerCount(signal) === 1) {
      unhook();
      process.kill(process.pid, signal);
    }
  };
  const unhook = (): void => {
    process.off('exit', abandon);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on('exit', abandon);
  for (const signal of signals) process.on(signal, onSignal);
  return unhook;
}
