import type { WorkflowId } from '../domain/ids.ts';
import type { Job } from './ports.ts';

type LinkSource = Pick<Job, 'serverUrl' | 'siteUrl' | 'controlRepo'>;

export const runLink = ({ serverUrl, controlRepo }: LinkSource, runId: number): string => `${serverUrl}/${controlRepo}/actions/runs/${runId}`;
export const ledgerLink = ({ serverUrl, controlRepo }: LinkSource): string => `${serverUrl}/${controlRepo}/tree/ledger`;
/** The workflow's page on the review site, or null while no site is known. */
export const siteLink = ({ siteUrl }: LinkSource, id: WorkflowId): string | null => (siteUrl === null ? null : `${siteUrl.replace(/\/$/, '')}/w/${id}/`);
