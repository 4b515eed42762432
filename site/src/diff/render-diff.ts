import type { ShownFile, ShownHunk, ShownLine } from '../../../src/change-set/parse-canonical-diff.ts';
import type { PolicyViolation } from '../../../src/domain/policy.ts';
import { html, type SafeHtml } from '../lib/html.ts';
import { visibleHtml } from '../lib/visible.ts';
import { pathOf } from './read-diff.ts';

/** A file of the diff with what is said about it. `anchor` is unique on the page. */
export interface FileToRender {
  readonly file: ShownFile;
  readonly anchor: string;
  readonly violations: readonly PolicyViolation[];
}

// The widths stand on columns: the first row of a table may span all four.
const COLUMNS = html`<colgroup><col class="number"><col class="number"><col class="sign"><col></colgroup>`;

/** The lines of one file as a table: plain markup, every text escaped, unseen characters written out. */
export function renderFile({ file, anchor, violations }: FileToRender): SafeHtml {
  if (file.hunks.length === 0) return renderWithoutLines(file, violations);
  const marks = new Marks(violations, file);
  const bodies = file.hunks.map((hunk) => renderHunk(hunk, anchor, marks));
  const rest = marks.rest().map(renderViolation);
  return html`<table class="diff"><caption>Changes in ${visibleHtml(pathOf(file))}</caption>${COLUMNS}<thead><tr><th scope="col">Old line</th><th scope="col">New line</th><th scope="col">Change</th><th scope="col">Text</th></tr></thead>${rest.length > 0 ? html`<tbody>${rest}</tbody>` : null}${bodies}</table>`;
}

function renderWithoutLines({ binary }: ShownFile, violations: readonly PolicyViolation[]): SafeHtml {
  const text = binary ? 'Binary content: it cannot be shown here.' : 'No line differs: only the name, the mode or an empty file.';
  return html`<p class="diff-none">${text}</p>${violations.length > 0 ? html`<table class="diff"><caption>Policy</caption><tbody>${violations.map(renderViolation)}</tbody></table>` : null}`;
}

/** Violations on their way to their line: the new file's, or the old one's when the file is deleted. Each is shown once. */
class Marks {
  readonly #waiting: Set<PolicyViolation>;
  readonly #side: 'oldLine' | 'newLine';

  constructor(violations: readonly PolicyViolation[], file: ShownFile) {
    this.#waiting = new Set(violations);
    this.#side = file.newPath === null ? 'oldLine' : 'newLine';
  }

  at(line: ShownLine): readonly SafeHtml[] {
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

function renderHunk(hunk: ShownHunk, anchor: string, marks: Marks): SafeHtml {
  const lines = hunk.lines.flatMap((line) => [renderLine(line, anchor), ...marks.at(line)]);
  return html`<tbody><tr class="hunk"><th colspan="4" scope="rowgroup">${visibleHtml(hunk.header)}</th></tr>${lines}</tbody>`;
}

const SIGNS = { context: '', add: '+', delete: '−' } as const;

function renderLine(line: ShownLine, anchor: string): SafeHtml {
  const id = line.newLine === null ? `${anchor}-o${line.oldLine}` : `${anchor}-n${line.newLine}`;
  const end = line.noNewline ? html`<span class="unseen">no newline at end of file</span>` : null;
  return html`<tr class="${line.kind}" id="${id}"><td>${numberCell(line.oldLine, line.newLine === null ? id : null)}</td><td>${numberCell(line.newLine, line.newLine === null ? null : id)}</td><td>${SIGNS[line.kind]}</td><td>${visibleHtml(line.text)}${end}</td></tr>`;
}

const numberCell = (number: number | null, id: string | null): SafeHtml | null => {
  if (number === null) return null;
  return id === null ? html`${number}` : html`<a href="#${id}">${number}</a>`;
};

export function renderViolation(violation: PolicyViolation): SafeHtml {
  const { severity, rule, message, why, help } = violation;
  return html`<tr class="violation ${severity === 'BLOCK' ? 'is-block' : 'is-warn'}"><td colspan="4"><strong>${severity} · ${rule}</strong> ${visibleHtml(message)}<br><span>Why: ${visibleHtml(why)}</span><br><span>Next: ${visibleHtml(help)}</span></td></tr>`;
}
