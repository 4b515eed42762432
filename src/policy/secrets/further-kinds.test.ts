import { describe, expect, it } from 'vitest';
import { added, caughtBy } from '../testing.ts';
import { createDice } from './synthetic-secrets.ts';

// Made anew in each run: nothing that looks like a secret stands in the repository.
const dice = createDice(Number(process.env['COUNTERSIGN_SEED'] ?? 20261123));
const HEX = '0123456789abcdef';
const LOWER = 'abcdefghijklmnopqrstuvwxyz234567';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ALL = `${UPPER}abcdefghijklmnopqrstuvwxyz0189`;
const pick = (letters: string, length: number): string => Array.from({ length }, () => letters[Math.floor(dice() * letters.length)] ?? '').join('');
// One of each class, so that no throw of the dice makes a word.
const mixed = (length: number): string => `aZ7${pick(ALL, length - 3)}`;

const SECRETS: Readonly<Record<string, string>> = {
  'AWS Bedrock': `ABSK${mixed(96)}`,
  Atlassian: `ATATT3${mixed(180)}`,
  Bitbucket: `ATBB${mixed(32)}`,
  Square: `sq0atp-${mixed(22)}`,
  'New Relic': `NRAK-${pick(UPPER, 27)}`,
  Postman: `PMAK-${pick(HEX, 24)}-${pick(HEX, 34)}`,
  Sentry: `sntrys_${mixed(80)}`,
  Doppler: `dp.pt.${mixed(43)}`,
  Terraform: `${mixed(14)}.atlasv1.${mixed(67)}`,
  xAI: `xai-${mixed(80)}`,
  Perplexity: `pplx-${mixed(48)}`,
  Replicate: `r8_${mixed(37)}`,
  'Discord bot': `MT${mixed(24)}.${mixed(6)}.${mixed(38)}`,
  EasyPost: `EZAK${mixed(54)}`,
  PlanetScale: `pscale_tkn_${mixed(43)}`,
  Pulumi: `pul-${pick(HEX, 40)}`,
  NuGet: `oy2${pick(LOWER, 41)}47`,
  Notion: `ntn_${mixed(46)}`,
  Cloudflare: `v1.0-${pick(HEX, 24)}-${pick(HEX, 146)}`,
  Mailchimp: `${pick(HEX, 32)}-us12`,
  Artifactory: `AKCp${mixed(69)}`,
  PuTTY: `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 1\n${mixed(40)}\nPrivate-Lines: 1\n${mixed(48)}\nPrivate-MAC: ${pick(HEX, 64)}`,
  'JSON Web Key': `{"kty":"RSA","n":"${mixed(80)}","e":"AQAB","d":"${mixed(80)}"}`,
};
const isFound = (text: string): boolean => caughtBy('secrets', [added('src/a.txt', { text })]).length > 0;

describe('further kinds of secrets', () => {
  it.each(Object.entries(SECRETS))('%s, as it stands and encoded', (_name, secret) => {
    expect([isFound(`value ${secret}\n`), isFound(`value ${Buffer.from(secret).toString('base64')}\n`)]).toEqual([true, true]);
  });

  it('character codes and octal escapes', () => {
    const token = `ghp_${mixed(36)}`;
    const codes = Array.from(token, (letter) => letter.charCodeAt(0));
    expect(isFound(`String.fromCharCode(${codes.join(', ')})\n`)).toBe(true);
    expect(isFound(`"${codes.map((code) => `\\${code.toString(8)}`).join('')}"\n`)).toBe(true);
    expect(isFound(`const sizes = [${Array.from({ length: 40 }, (_, index) => 20 + index).join(', ')}];\n`)).toBe(false);
  });

  it.each([
    ['PASS="%"'],
    ['<password>%</password>'],
    ['setApiKey("%")'],
    ['curl -u admin:% https://a.example'],
    ['deploy --token % --all'],
    ['--api-key=%'],
    ["docker run -e 'API_TOKEN=%' image"],
  ])('random values: %s', (template) => {
    expect(isFound(`${template.replace('%', mixed(28))}\n`)).toBe(true);
  });

  it.each([
    ['const tokenAddress = "0x52908400098527886E0F7030069857D2E4169EE7";'],
    ['arn:aws:secretsmanager:us-east-1:123456789012:secret:my-secret-AbC123'],
    ['bypass = "mode-2024-01-strict-x1"'],
    ['compass: "north-by-northwest-45deg"'],
    ['git push --token-file ./path/to/file-1234.txt'],
    ['<tokenType>urn:oasis:names:tc:1.0</tokenType>'],
    ['getToken("user-settings-page-v2")'],
    ['"d": "M10 20L30 40"'],
    ['image: v1.0-beta-2024'],
  ])('no secret: %s', (text) => {
    expect(isFound(`${text}\n`)).toBe(false);
  });
});
