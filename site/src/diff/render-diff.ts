import type { PolicyViolation } from '../../../src/domain/policy.ts';
import { html, SafeHtml } from '../lib/html.ts';
import { visibleHtml } from '../lib/visible.ts';
import type { DiffBody, DiffFile, DiffHunk, DiffLine } from './parse-diff.ts';

/** A file of the diff with what is said about it. `anchor` is unique on the page. */
export interface FileToRender {
  readonly file: DiffFile;
  readonly anchor: string;
  readonly violations: readonly PolicyViolation[];
}

export const pathOf = (file: DiffFile): string => file.newPath ?? file.oldPath ?? '';

/** The lines of one file as a table: plain markup, every text escaped, unseen characters written out. */
export function renderFile({ file, anchor, violations }: FileToRender): SafeHtml {
  if (file.body.kind !== 'text') return renderWithoutLines(file.body, violations);
  const marks = new Marks(violations, file);
  const bodies = file.body.hunks.map((hunk) => renderHunk(hunk, anchor, marks));
  const rest = marks.rest().map(renderViolation);
  return html`<table class="diff"><caption>Changes in ${visibleHtml(pathOf(file))}</caption><thead><tr><th scope="col">Old line</th><th scope="col">New line</th><th scope="col">Change</th><th scope="col">Text</th></tr></thead>${rest.length > 0 ? html`<tbody>${rest}</tbody>` : null}${bodies}</table>`;
}

function renderWithoutLines(body: DiffBody, violations: readonly PolicyViolation[]): SafeHtml {
  const text = body.kind === 'binary' ? 'Binary content: it cannot be shown here.' : 'No line differs: only the name, the mode or an empty file.';
  return html`<p class="diff-none">${text}</p>${violations.length > 0 ? html`<table class="diff"><caption>Policy</caption><tbody>${violations.map(renderViolation)}</tbody></table>` : null}`;
}

/** Violations on their way to their line: the new file's, or the old one's when the file is deleted. Each is shown once. */
class Marks {
  readonly #waiting: Set<PolicyViolation>;
  readonly #side: 'old' | 'new';

  constructor(violations: readonly PolicyViolation[], file: DiffFile) {
    this.#waiting = new Set(violations);
    this.#side = file.newPath === null ? 'old' : 'new';
  }

  at(line: DiffLine): readonly SafeHtml[] {
    if (this.#waiting.size === 0 || line[this.#side] === null) return [];
    const found = [...this.#waiting].filter((violation) => violation.line === line[this.#side]);
    for (const violation of found) this.#waiting.delete(violation);
    return found.map(renderViolation);
  }

  /** Those that name no line of the diff: they stand above it. */
  rest(): readonly PolicyViolation[] {
    return [...this.#waiting];
  }
}

function renderHunk(hunk: DiffHunk, anchor: string, marks: Marks): SafeHtml {
  const lines = hunk.lines.flatMap((line) => [renderLine(line, anchor), ...marks.at(line)]);
  return html`<tbody><tr class="hunk"><th colspan="4" scope="rowgroup">${hunk.range} <span>${visibleHtml(hunk.section)}</span></th></tr>${lines}</tbody>`;
}

const SIGNS = { context: '', add: '+', remove: '−' } as const;

function renderLine(line: DiffLine, anchor: string): SafeHtml {
  const id = line.new === null ? `${anchor}-o${line.old}` : `${anchor}-n${line.new}`;
  const end = line.noNewline ? html`<span class="unseen">no newline at end of file</span>` : null;
  return html`<tr class="${line.kind}" id="${id}"><td>${numberCell(line.old, line.new === null ? id : null)}</td><td>${numberCell(line.new, line.new === null ? null : id)}</td><td>${SIGNS[line.kind]}</td><td>${visibleHtml(line.text)}${end}</td></tr>`;
}

const numberCell = (number: number | null, id: string | null): SafeHtml | null => {
  if (number === null) return null;
  return id === null ? html`${number}` : html`<a href="#${id}">${number}</a>`;
};

export function renderViolation(violation: PolicyViolation): SafeHtml {
  const { severity, rule, message, why, help } = violation;
  return html`<tr class="violation ${severity === 'BLOCK' ? 'block' : 'warn'}"><td colspan="4"><strong>${severity} · ${rule}</strong> ${visibleHtml(message)}<br><span>Why: ${visibleHtml(why)}</span><br><span>Next: ${visibleHtml(help)}</span></td></tr>`;
}
