import type { Interface } from 'node:readline';

/** Lines as they are typed or pasted, one by one: a paste of many lines loses none, which `question` would. */
export class LineReader {
  readonly #terminal: Interface;
  readonly #signal: AbortSignal;
  readonly #lines: string[] = [];
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(terminal: Interface, signal: AbortSignal) {
    this.#terminal = terminal;
    this.#signal = signal;
    terminal.on('line', (line) => {
      this.#lines.push(line);
      this.#wake();
    });
    terminal.once('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** Shows a prompt and gives the next line, or null once the input has ended. Rejects when the signal ends it. */
  async next(prompt: string): Promise<string | null> {
    this.#terminal.setPrompt(prompt);
    if (!this.#isClosed && !this.#signal.aborted) this.#terminal.prompt();
    for (;;) {
      this.#signal.throwIfAborted();
      const line = this.#lines.shift();
      if (line !== undefined || this.#isClosed) return line ?? null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
