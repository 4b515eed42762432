import type { FileChange } from '../server/git/changes.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

const SIGNS: Readonly<Record<FileChange['status'], string>> = { added: 'added', removed: 'removed', modified: 'modified', renamed: 'renamed' };

function lines(patch: string): Html[] {
  let oldLine = 0;
  let newLine = 0;
  return patch.replace(/\n$/, '').split('\n').map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (hunk !== null) {
      oldLine = Number(hunk[1]);
      newLine = Number(hunk[2]);
      return html`<tr class="hunk"><td></td><td></td><td>${line}</td></tr>`;
    }
    if (line.startsWith('\\')) return html`<tr class="meta"><td></td><td></td><td>${line}</td></tr>`;
    const kind = line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : '';
    const before = kind === 'add' ? '' : oldLine++;
    const after = kind === 'del' ? '' : newLine++;
    return html`<tr class="${kind}"><td>${before}</td><td>${after}</td><td>${line}</td></tr>`;
  });
}

/** Every change in full: nothing is folded away or cut. */
export function diffView(changes: readonly FileChange[]): Html {
  const additions = changes.reduce((sum, file) => sum + file.additions, 0);
  const deletions = changes.reduce((sum, file) => sum + file.deletions, 0);
  const files = changes.map((file) => {
    const name = file.previousPath === null ? file.path : `${file.previousPath} → ${file.path}`;
    const body = file.patch === null ? html`<p class="empty">No lines to show: a binary file, or only its name or mode changed.</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label="Changes of ${file.path}"><table class="diff"><tbody>${lines(file.patch)}</tbody></table></div>`;
    return html`<section class="file"><h3><code>${name}</code> <span class="quiet">${SIGNS[file.status]}</span> <span class="add">+${file.additions}</span> <span class="del">−${file.deletions}</span></h3>${body}</section>`;
  });
  return html`<p class="quiet">${changes.length} ${changes.length === 1 ? 'file' : 'files'}, <span class="add">+${additions}</span> <span class="del">−${deletions}</span></p>${files}`;
}
