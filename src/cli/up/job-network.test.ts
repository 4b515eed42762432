import { expect, test } from 'vitest';
import { jobNetwork } from './job-network.ts';

test('think jobs, and no others, hear of a proxy; nothing on this machine is asked through it', () => {
  const { environment, passEnvironment = [] } = jobNetwork({ HTTPS_PROXY: 'http://proxy.example:3128', no_proxy: 'corp.example', ANTHROPIC_API_KEY: 'sk-0123456789', PATH: '/bin' });
  expect(passEnvironment.map(({ workflowFile, jobKey }) => `${workflowFile} ${jobKey}`)).toEqual(['start.yml design', 'start.yml patch']);
  for (const { names } of passEnvironment) expect(names.filter((name) => !/PROXY|CA_CERTS/i.test(name))).toEqual([]);
  expect(environment).toMatchObject({ HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: 'corp.example,localhost,.localhost,127.0.0.1,[::1]', PATH: '/bin' });
});
