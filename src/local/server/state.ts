// DIR/state.json: everything about the local GitHub that is not in a git repository.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inputError } from '../../domain/errors.ts';
import { stateSchema } from './state-schema.ts';
import type { LocalState } from '../contract.ts';

export const createState = (): LocalState => ({
  version: 1, nextId: 1001, users: [{ id: 41898282, login: 'github-actions[bot]', type: 'Bot' }], repos: [], apps: [], issues: [], runs: [], checks: [], statuses: [], tokens: [],
});

/** The state kept in `dir`, or null when there is none. Throws `state-malformed` when the file is not what this version writes. */
export function loadState(dir: string): LocalState | null {
  const file = path.join(dir, 'state.json');
  if (!existsSync(file)) return null;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw inputError('state-malformed', `${file} is not a local GitHub's state of this version. Choose another directory, or delete that file to begin anew.`, error);
  }
}

/** Writes the state soon after it changes, or at once when it must be there; whole or not at all. */
export class StateFile {
  readonly #file: string;
  readonly #state: LocalState;
  readonly #onFailure: (error: unknown) => void;
  readonly #unsaved: ReadonlySet<string>;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** `onFailure` hears of what could not be written when nobody waited for it; `unsaved` names secrets that are never written. */
  constructor(dir: string, state: LocalState, { onFailure, unsaved }: { onFailure: (error: unknown) => void; unsaved: readonly string[] }) {
    this.#onFailure = onFailure;
    this.#unsaved = new Set(unsaved);
    mkdirSync(dir, { recursive: true });
    this.#file = path.join(dir, 'state.json');
    this.#state = state;
  }

  changed(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => this.#flushAlone(), 50).unref();
  }

  #flushAlone(): void {
    try {
      this.flush();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** Writes what has changed and is not written yet. */
  persist(): void {
    if (this.#timer !== null) this.flush();
  }

  /** Writes what is left; later changes are nobody's any more. */
  close(): void {
    this.flush();
    this.#closed = true;
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const temporary = `${this.#file}.tmp`;
    writeFileSync(temporary, JSON.stringify(this.#state, (name, value: unknown) => (this.#unsaved.has(name) ? undefined : value)), { mode: 0o600 });
    renameSync(temporary, this.#file);
  }
}
