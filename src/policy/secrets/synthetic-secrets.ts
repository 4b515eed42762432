// Secrets of every kind, made anew from a seed, for tests and for `countersign bench policy`: nothing that looks like one stands in the repository.

/** A small generator of pseudo-random numbers (mulberry32): the same seed gives the same secrets everywhere. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALNUM = `${LOWER}${LOWER.toUpperCase()}0123456789`;
const URL_SAFE = `${ALNUM}-_`;
const HEX = '0123456789abcdef';

type Make = (pick: (letters: string, length: number) => string) => string;
const UPPER_DIGITS = `${LOWER.toUpperCase()}234567`;
const json = (text: string): string => Buffer.from(text).toString('base64url');

/** How each kind is made. */
const MAKERS: Readonly<Record<string, Make>> = {
  'github-classic': (pick) => `ghp_${pick(ALNUM, 36)}`,
  'github-oauth': (pick) => `gho_${pick(ALNUM, 36)}`,
  'github-user': (pick) => `ghu_${pick(ALNUM, 36)}`,
  'github-server': (pick) => `ghs_${pick(ALNUM, 36)}`,
  'github-server-long': (pick) => `ghs_${pick('123456789', 6)}_${json('{"alg":"RS256"}')}.${pick(URL_SAFE, 300)}.${pick(URL_SAFE, 86)}`,
  'github-refresh': (pick) => `ghr_${pick(ALNUM, 76)}`,
  'github-fine-grained': (pick) => `github_pat_${pick(ALNUM, 22)}_${pick(ALNUM, 59)}`,
  gitlab: (pick) => `glpat-${pick(URL_SAFE, 20)}`,
  'stripe-live': (pick) => `sk_live_${pick(ALNUM, 24)}`,
  'stripe-restricted': (pick) => `rk_live_${pick(ALNUM, 24)}`,
  'stripe-long': (pick) => `sk_live_51${pick(ALNUM, 97)}`,
  'slack-bot': (pick) => `xoxb-${pick('123456789', 12)}-${pick('123456789', 13)}-${pick(ALNUM, 24)}`,
  'slack-user': (pick) => `xoxp-${pick('123456789', 12)}-${pick('123456789', 12)}-${pick('123456789', 12)}-${pick(HEX, 32)}`,
  'slack-app': (pick) => `xapp-1-A${pick(UPPER_DIGITS, 10)}-${pick('123456789', 13)}-${pick(HEX, 64)}`,
  'slack-webhook': (pick) => `https://hooks.slack.com/services/T${pick(UPPER_DIGITS, 8)}/B${pick(UPPER_DIGITS, 10)}/${pick(ALNUM, 24)}`,
  'aws-id': (pick) => `AKIA${pick(UPPER_DIGITS, 16)}`,
  'aws-session-id': (pick) => `ASIA${pick(UPPER_DIGITS, 16)}`,
  'aws-secret': (pick) => `aws_secret_access_key = ${pick(`${ALNUM}/+`, 37)}aZ7`,
  npm: (pick) => `npm_${pick(ALNUM, 36)}`,
  'npm-legacy': (pick) => `//registry.npmjs.org/:_authToken=${pick(HEX, 32)}`,
  anthropic: (pick) => `sk-ant-api03-${pick(URL_SAFE, 93)}AA`,
  openai: (pick) => `sk-${pick(ALNUM, 20)}T3BlbkFJ${pick(ALNUM, 20)}`,
  'openai-project': (pick) => `sk-proj-${pick(URL_SAFE, 124)}`,
  'google-api': (pick) => `AIza${pick(URL_SAFE, 34)}Q`,
  jwt: (pick) => `${json('{"alg":"HS256","typ":"JWT"}')}.${json(`{"sub":"${pick(HEX, 12)}"}`)}.${pick(URL_SAFE, 43)}`,
  'database-url': (pick) => `postgres://app:${pick(ALNUM, 14)}@db.internal.net:5432/app`,
  'mongodb-url': (pick) => `mongodb+srv://app:${pick(ALNUM, 14)}@cluster0.abcde.mongodb.net/app`,
  pem: (pick) => `-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA${pick(ALNUM, 48)}\n${pick(ALNUM, 64)}\n${pick(ALNUM, 64)}\n-----END RSA PRIVATE KEY-----`,
  'pem-openssh': (pick) => `-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE${pick(ALNUM, 51)}\n${pick(ALNUM, 70)}\n-----END OPENSSH PRIVATE KEY-----`,
  sendgrid: (pick) => `SG.${pick(URL_SAFE, 21)}a.${pick(URL_SAFE, 42)}a`,
  pypi: (pick) => `pypi-AgEIcHlwaS5vcmcC${pick(URL_SAFE, 130)}`,
  telegram: (pick) => `${pick('123456789', 10)}:AA${pick(URL_SAFE, 32)}x`,
  'assigned-hex': (pick) => `api_key = "${pick(HEX, 31)}a4"`,
  'assigned-password': (pick) => `password: "${pick(`${ALNUM}!#%&`, 22)}x7Q"`,
};

export interface MadeSecret {
  readonly kind: string;
  readonly secret: string;
}

/** `count` secrets of each kind. */
export function makeSecrets(seed: number, count: number): MadeSecret[] {
  const dice = createDice(seed);
  const pick = (letters: string, length: number): string => Array.from({ length }, () => letters[Math.floor(dice() * letters.length)] ?? '').join('');
  return Object.entries(MAKERS).flatMap(([kind, make]) => Array.from({ length: count }, () => ({ kind, secret: make(pick) })));
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const hex = (text: string): string => Buffer.from(text).toString('hex');
const urlEncoded = (text: string): string => Array.from(text, (character) => `%${hex(character)}`).join('');
const halves = (text: string): [string, string] => [text.slice(0, Math.floor(text.length / 2)), text.slice(Math.floor(text.length / 2))];
const quoted = (text: string): string => JSON.stringify(text);

/** How a secret can be put into a file. `null`: this secret cannot be wrapped so and be one. */
export const WRAPPINGS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => `const before = 1;\n${secret}\nconst after = 2;\n`,
  quoted: (secret) => `const value = ${quoted(secret)};\n`,
  environment: (secret) => `APP_VALUE=${secret}\n`,
  base64: (secret) => `value: ${base64(secret)}\n`,
  'base64 twice': (secret) => `value: ${base64(base64(secret))}\n`,
  'base64 three times': (secret) => `value: ${base64(base64(base64(secret)))}\n`,
  base64url: (secret) => `value: ${Buffer.from(`ü?>${secret}`).toString('base64url')}\n`,
  'base64 wrapped': (secret) => `value: |\n${base64(`some text before it: ${secret}`).replaceAll(/.{64}/g, '  $&\n')}\n`,
  hex: (secret) => `value: ${hex(secret)}\n`,
  'hex of base64': (secret) => `value: ${hex(base64(secret))}\n`,
  'url encoded': (secret) => `open("https://a.example/?q=${urlEncoded(secret)}")\n`,
  'url encoded base64': (secret) => `q=${urlEncoded(base64(secret))}\n`,
  'js escapes': (secret) => `const v = "${Array.from(secret, (character) => `\\x${hex(character)}`).join('')}";\n`,
  concatenated: (secret) => `const v = ${halves(secret).map(quoted).join(' + ')};\n`,
  'concatenated over lines': (secret) => `const v =\n  ${halves(secret).map(quoted).join(' +\n  ')};\n`,
  'in two variables': (secret) => {
    const [head, tail] = halves(secret);
    return `const a = ${quoted(head)};\nconst b = ${quoted(tail)};\nsend(a + b);\n`;
  },
  'array of parts': (secret) => `const v = [${(secret.match(/[^]{1,7}/g) ?? []).map(quoted).join(', ')}].join("");\n`,
  'in a template': (secret) => `const v = \`${halves(secret)[0]}\${${quoted(halves(secret)[1])}}\`;\n`,
  'continued line': (secret) => `export VALUE=${halves(secret).join('\\\n')}\n`,
  'base64 in concatenated strings': (secret) => `v = ${halves(base64(secret)).map((part) => `'${part}'`).join(' \\\n    ')}\n`,
};
