/**
 * What happens to one call. `error-before`: it fails and has done nothing. `error-after`: it has worked, but its answer is
 * an error (a lost acknowledgement). `killed-…`: the process ends there. `twice`: it is carried out a second time.
 */
export type FaultMode = 'error-before' | 'error-after' | 'killed-before' | 'killed-after' | 'twice';
export const FAULT_MODES: readonly FaultMode[] = ['error-before', 'error-after', 'killed-before', 'killed-after', 'twice'];

export interface Fault {
  /** A call's name with the number of its occurrence: `rename objects/ab/…#1`. */
  readonly call: string;
  readonly mode: FaultMode;
}

const injected = (call: string): Error => Object.assign(new Error(`EIO: i/o error, injected at ${call}`), { code: 'EIO' });

/**
 * Sees every call of what it is wrapped around, and lets the calls of `faults` go wrong. A killed process makes no further call:
 * here such a call never ends, and `killed` tells the test, which then goes on without the process.
 */
export class FaultInjector {
  /** Every call so far by its name, in order. */
  readonly calls: string[] = [];
  /** Resolves when the process "is killed". */
  readonly killed: Promise<'killed'>;
  readonly #faults: ReadonlyMap<string, FaultMode>;
  readonly #kill: () => void;
  readonly #occurrences = new Map<string, number>();
  #isDead = false;

  /** `kill` replaces the pretence by the real thing: it must not return. */
  constructor(faults: readonly Fault[], kill?: () => never) {
    this.#faults = new Map(faults.map(({ call, mode }) => [call, mode]));
    const { promise, resolve } = Promise.withResolvers<'killed'>();
    this.killed = promise;
    this.#kill = kill ?? (() => resolve('killed'));
  }

  async call<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (this.#isDead) return never();
    const number = (this.#occurrences.get(name) ?? 0) + 1;
    this.#occurrences.set(name, number);
    const call = `${name}#${number}`;
    this.calls.push(call);
    switch (this.#faults.get(call)) {
      case undefined:
        return work();
      case 'error-before':
        throw injected(call);
      case 'error-after':
        await work();
        throw injected(call);
      case 'killed-before':
        return this.#die();
      case 'killed-after':
        // Whatever came of it.
        await work().catch(() => undefined);
        return this.#die();
      case 'twice':
        await work();
        return work();
    }
  }

  #die(): Promise<never> {
    this.#isDead = true;
    this.#kill();
    return never();
  }
}

const never = (): Promise<never> => new Promise(() => undefined);
