import { createLinks } from './links.ts';
import { loadLedger, type LedgerView, type WorkflowView } from './load-ledger.ts';
import { readLedgerBytes } from './read-git.ts';
import { readSettings } from './settings.ts';

// One build reads one ledger: everything here is made once and shared by all pages.
const settings = readSettings(process.env);
let loaded: LedgerView | undefined;

export const controlRepo = settings.controlRepo;
export const links = createLinks(settings);
export const ledger = (): LedgerView => (loaded ??= loadLedger(readLedgerBytes(settings.ledgerDir, settings.ledgerRef)));

/** The static paths of a page that exists once for every workflow. */
export const workflowPaths = (): { params: { id: string }; props: { view: WorkflowView } }[] =>
  ledger().workflows.map((view) => ({ params: { id: view.workflow.id }, props: { view } }));

/** A page's address within the site: `at('w', id)` is `/base/w/ID/`. */
export function at(...parts: readonly (string | number)[]): string {
  const base = import.meta.env.BASE_URL.replace(/\/$/, '');
  return [base, ...parts, ''].join('/');
}
