import type { RunnerOptions } from '../../local/runner/options.ts';

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'https_proxy', 'http_proxy', 'no_proxy', 'NODE_USE_ENV_PROXY', 'NODE_EXTRA_CA_CERTS'];
const THIS_MACHINE = ['localhost', '.localhost', '127.0.0.1', '[::1]'];

/**
 * What the think jobs are told of this machine's way to the network, and no other job: a model's provider may stand behind
 * a proxy. What is asked on this machine (the local GitHub, a transcript) never goes through one.
 */
export function jobNetwork(environment: Readonly<Record<string, string | undefined>>): Pick<RunnerOptions, 'environment' | 'passEnvironment'> {
  const past = [environment['NO_PROXY'] || environment['no_proxy'] || '', ...THIS_MACHINE].filter(Boolean).join(',');
  return {
    environment: { ...environment, NO_PROXY: past, no_proxy: past },
    passEnvironment: ['design', 'patch'].map((jobKey) => ({ workflowFile: 'start.yml', jobKey, names: NAMES })),
  };
}
