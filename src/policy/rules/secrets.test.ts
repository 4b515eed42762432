import { describe, expect, it } from 'vitest';
import { evaluatePolicy } from '../evaluate.ts';
import { makeSecrets, WRAPPINGS } from '../secrets/synthetic-secrets.ts';
import { added, caughtBy, deleted, inputOf, judgeBy, modified } from '../testing.ts';

const [token = ''] = makeSecrets(1, 1).map(({ secret }) => secret);
const messages = (changes: Parameters<typeof judgeBy>[1]): string[] => judgeBy('secrets', changes).violations.map(({ message }) => message);

describe('secrets', () => {
  it('blocks a new file with a secret, names kind and line, and never prints it', () => {
    const result = judgeBy('secrets', [added('src/a.ts', { text: `one\nconst t = '${token}';\n` })]);
    expect(result.violations).toMatchObject([{ severity: 'BLOCK', path: 'src/a.ts', line: 2, message: 'Line 2 of src/a.ts holds a GitHub token.' }]);
    expect(JSON.stringify(result)).not.toContain(token.slice(4, 14));
  });
  it('sees a secret whose halves are an old line and a new one, and one between whose parts old lines stand', () => {
    const [head, tail] = [token.slice(0, 20), token.slice(20)];
    expect(caughtBy('secrets', [modified('a.py', { text: `a = "${head}"\n` }, { text: `a = "${head}" \\\n  "${tail}"\n` })])).toEqual(['a.py']);
    const gap = Array.from({ length: 30 }, (_, index) => `line("${index}")`).join('\n');
    expect(caughtBy('secrets', [modified('a.py', { text: `${gap}\n` }, { text: `a = "${head}"\n${gap}\nb = "${tail}"\n` })])).toEqual(['a.py']);
  });
  it('sees a secret that is put together behind a word in quotes', () => {
    const [head, tail] = [token.slice(0, 12), token.slice(12)];
    for (const word of ['`RateLimitError` | ', "'name': ", '"a" = ']) expect(caughtBy('secrets', [added('a.md', { text: `${word}"${head}" +\n"${tail}" |\n` })]), word).toEqual(['a.md']);
  });
  it('is not broken by one run of megabytes, and finds what is encoded at its end', () => {
    for (const [run, encoded] of [['_', Buffer.from(token).toString('base64')], ['f', Buffer.from(token).toString('hex')], ['0xff,', `0x${Buffer.from(token).toString('hex').match(/../g)?.join(',0x') ?? ''}`]] as const) {
      expect(caughtBy('secrets', [added('a.txt', { text: `${run.repeat(Math.floor(7_000_000 / run.length))}${encoded}\n` })]), run).toEqual(['a.txt']);
    }
  });
  it('says of a secret that it was there before', () => {
    expect(messages([modified('a.ts', { text: `${token}\n` }, { text: `${token}\nnew\n` })])).toEqual(['Line 1 of a.ts holds a GitHub token. It was there before this change.']);
  });
  it('leaves alone what only looks random where it stood already, and what is deleted', () => {
    const random = 'api_key = "9f86d081884c7d659a2feaa0c55ad015"';
    expect(messages([added('a.ts', { text: random })])).toHaveLength(1);
    expect(messages([modified('a.ts', { text: `${random}\n` }, { text: `${random}\nnew\n` }), deleted('b.ts', { text: token })])).toEqual([]);
  });
  it('reads files that are not text: NULs between, UTF-16', () => {
    expect(caughtBy('secrets', [added('a.bin', { text: `\0\0${token}\0` }), added('b.txt', { text: Buffer.from(token, 'utf16le') })])).toEqual(['a.bin', 'b.txt']);
  });
  it('does not print a secret that is a file’s name', () => {
    const result = judgeBy('secrets', [added(`src/${token}.ts`, { text: 'x' })]);
    expect(result.violations).toHaveLength(1);
    expect(JSON.stringify(result)).not.toContain(token);
  });
  it('takes secrets out of what other rules quote', () => {
    const text = `{\n  "scripts": { "postinstall": "curl -H 'x: ${token}' a.example" }\n}\n`;
    const result = evaluatePolicy(inputOf([modified('package.json', { text: '{}\n' }, { text })]));
    expect(result.block).toBeGreaterThan(0);
    expect(JSON.stringify(result)).not.toContain(token);
  });
  it('obeys no comment in what it judges', () => {
    expect(messages([added('a.ts', { text: `/* secretlint-disable */\n// gitleaks:allow\n${token} // pragma: allowlist secret nosec\n` })])).toHaveLength(1);
  });
  it('blocks what is too large or too odd to be searched', () => {
    expect(messages([added('large.txt', { text: 'a\n'.repeat(5_000_000) })])).toEqual(['large.txt (10000000 bytes) could not be searched for secrets completely.']);
    expect(messages([added('odd.txt', { text: 'ghs_1_aa.'.repeat(100_000) })])).toEqual(['odd.txt (900000 bytes) could not be searched for secrets completely.']);
  });
  it.each([
    'AKIAIOSFODNN7EXAMPLE',
    'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    `ghp_${'x'.repeat(36)}`,
    'sk-ant-api03-XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX',
    'token: ${{ secrets.GITHUB_TOKEN }}',
    'API_KEY=${API_KEY}',
    'API_KEY="$API_KEY_OF_2026"',
    'set password=%DB_PASSWORD_2%',
    'api_key = os.environ["API_KEY_2"]',
    "const token = getToken2FromHeader(request.headers['x-auth-token2'])",
    'password: <your-password-123>',
    'postgres://user:password@localhost:5432/db',
    'postgres://postgres:postgres@db/app',
    'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX',
    "if (text.startsWith('-----BEGIN PRIVATE KEY-----')) fail();",
    '-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----',
    "const PREFIXES = ['AKIA', 'ASIA', 'ABIA', 'ACCA', 'AGPA', 'AIDA'];",
    "const tokens = ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'];",
    '"integrity": "sha512-aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5aB3dE5fG7hJ9kA=="',
    'AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
    "'homepage' => 'https://foo.example',\n'time' => '10:10:10',\n'email' => 'alice@example.org',",
    'commit 9f86d081884c7d659a2feaa0c55ad0159f86d081',
    'passwordHash: "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"',
    // A word that says what should stand there is no password. Written in parts, so that no scanner of this repository stumbles.
    `clone("https://x-token-auth${':'}my-access-token@bitbucket.org/acme/repo.git")`,
    `clone("https://gitlab-ci-token${':'}realtoken@gitlab.example.org/")`,
    `clone("https://token${':'}MY_BITBUCKET_TOKEN@bitbucket.org/acme/repo.git")`,
  ])('is silent about %s', (text) => {
    expect(messages([added('a.txt', { text: `${text}\n` })])).toEqual([]);
  });
  it.each([
    ['ghp_', '1234567890abcdefghijklmnopqrstuvwxyzAB'], ['github_pat_', '1234567890abcdefghijkl_1234567890abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW'],
    ['xoxb-', '123456789012-1234567890123-abcdefghijklmnopqrstuvwx'], ['sk-ant-', 'api03-abcdefghijklmnopqrstuvwxyz0123456789'], ['npm_', 'abcdefghijklmnopqrstuvwxyz0123456789'],
    ['AIza', 'SyA1234567890abcdefghijklmnopqrstuv'], ['glpat-', 'abcdefghij1234567890'], ['AKIA', 'ABCDEFGHIJKLMNOP'],
  ])('names %s… in its issuer’s form, were it the alphabet', (prefix, rest) => {
    expect(messages([added('a.txt', { text: `${prefix}${rest}\n` })])).toHaveLength(1);
  });
  it('is silent about the alphabet where only a name says that a secret stands there', () => {
    expect(messages([added('a.txt', { text: 'api_key = "abcdefghijklmnopqrstuvwxyz0123456789"\n' })])).toEqual([]);
  });
  it('is not talked out of a real one by a placeholder’s word behind it', () => {
    expect(messages([added('a.txt', { text: `${token}EXAMPLE\n` })])).toHaveLength(1);
  });
});

describe.each(Object.entries(WRAPPINGS))('secrets, %s', (_, wrap) => {
  const SEED = 20261123;
  // What is known by its name alone is not looked for inside encodings, and these only as they stand.
  const PLAIN_ONLY = new Set(['assigned-hex', 'assigned-password']);
  it.each(makeSecrets(SEED, 2))('finds $kind', ({ kind, secret }) => {
    if (PLAIN_ONLY.has(kind) && !/const before/.test(wrap(''))) return expect(wrap(secret)).toBeTruthy();
    const result = judgeBy('secrets', [added('src/a.ts', { text: wrap(secret) })]);
    expect(result.violations.length, `seed ${SEED}: ${kind}`).toBeGreaterThan(0);
    expect(JSON.stringify(result)).not.toContain(secret);
  });
});

describe('a sequence beside a secret', () => {
  it.each(makeSecrets(11, 1).filter(({ kind }) => kind.startsWith('github-')))('does not hide $kind', ({ secret }) => {
    expect(caughtBy('secrets', [added('src/a.ts', { text: `const a = "${secret}"; // 1234567890abcdefghijklmnop\n` })])).toEqual(['src/a.ts']);
    // Behind it, where the form would still fit.
    expect(caughtBy('secrets', [added('src/a.ts', { text: `const a = "${secret}abcdefghij";\n` })])).toEqual(['src/a.ts']);
  });
});
