/** One kind of secret that has a form of its own. */
export interface SecretKind {
  /** How a person calls it: `GitHub token`. */
  readonly name: string;
  /** Global, linear: every repetition is bounded or over one class of characters. Group 1, where there is one, is the secret itself. */
  readonly pattern: RegExp;
  /** Fewest characters of the secret that are no placeholder word. Fewer, and it is an example. */
  readonly least: number;
  /** Whether what matched looks like the real thing, where the form alone says too little. */
  readonly isReal?: (secret: string) => boolean;
  /** True where the form is too common to be looked for across line ends. */
  readonly isLoose?: true;
  /** Stands in every secret of the kind: where a text lacks it, a pattern that begins with anything need not be tried. */
  readonly hint?: string;
}

const DIGIT = /\d/;
const UPPER = /[A-Z]/;
const LOWER = /[a-z]/;
const isMixed = (secret: string): boolean => DIGIT.test(secret) && UPPER.test(secret) && LOWER.test(secret);

// Behind a letter or digit a prefix is the end of another word: `task-…` is no `sk-…`.
const kind = (name: string, pattern: string, least: number, more: Partial<SecretKind> = {}): SecretKind => ({ name, pattern: new RegExp(`(?<![A-Za-z0-9])${pattern}`, 'g'), least, ...more });

// A password in a URL: the word itself, or the user's name again, is an example.
const EXAMPLE_PASSWORD = /^(?:pass(?:w(?:or)?d)?|pwd|pw|secret|token|test(?:ing)?|changeme|change-me|root|admin|user(?:name)?|postgres(?:ql)?|mysql|guest|foo|bar|baz|hunter2|1234?5?6?|p4ssw0rd|db_?pass(?:word)?|x-oauth-basic|x-access-token|x-oauth-token|wrong|pass\W?pass|.|[A-Za-z][A-Za-z_.-]{0,40}(?:token|passw(?:or)?d|secret|pass|key))$/i;

function isRealUrl(url: string): boolean {
  const [, user = '', password = ''] = /:\/\/([^:@/]*):(.*)@/s.exec(url) ?? [];
  return password.length >= 4 && user !== password && !EXAMPLE_PASSWORD.test(password) && !/[${}<>%*[\]()]|\.\.\.|…/.test(password) && !/^(.)\1*$/.test(password);
}

/** What secretlint's preset does not know, or only in a narrower form. Sources: the issuers' own descriptions of their tokens. */
export const SECRET_KINDS: readonly SecretKind[] = [
  kind('GitHub token', String.raw`gh[opusr]_[A-Za-z0-9]{36,255}`, 30),
  kind('GitHub token', String.raw`ghs_[A-Za-z0-9_.-]{40,2000}`, 40, { isReal: isMixed }),
  kind('GitHub token', String.raw`github_pat_[A-Za-z0-9_]{36,255}`, 30),
  kind('GitLab token', String.raw`gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_.-]{20,300}`, 16),
  kind('Slack token', String.raw`xox[abceoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,400}`, 10, { isReal: (secret) => DIGIT.test(secret) }),
  kind('Slack token', String.raw`xapp-\d-[A-Za-z0-9-]{10,400}`, 10),
  kind('Slack webhook', String.raw`hooks\.slack\.com/(?:services|workflows|triggers)/(?:T|E)[A-Za-z0-9]{6,20}/[A-Za-z0-9]{6,20}/([A-Za-z0-9/]{16,120})`, 12),
  kind('Discord webhook', String.raw`discord(?:app)?\.com/api/webhooks/\d{16,20}/[A-Za-z0-9_-]{60,80}`, 50),
  kind('Stripe key', String.raw`(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{16,250}`, 14),
  kind('Stripe webhook secret', String.raw`whsec_[A-Za-z0-9+/=]{24,100}`, 20),
  kind('AWS access key id', String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])`, 20),
  kind('AWS secret access key', String.raw`(?:[Aa][Ww][Ss]|AWS)?[_.\- ]?(?:[Ss]ecret|SECRET)[_.\- ]?(?:[Aa]ccess|ACCESS)?[_.\- ]?(?:[Kk]ey|KEY)?["'\x60\]]{0,2}\s{0,4}(?::=|=>|[:=,])\s{0,4}["'\x60]?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])`, 36, { isReal: isMixed, isLoose: true }),
  kind('npm token', String.raw`npm_[A-Za-z0-9]{36,64}(?![A-Za-z0-9])`, 30),
  kind('registry token', String.raw`_(?:authToken|auth|password)\s{0,3}=\s{0,3}["']?([A-Za-z0-9+/_=.-]{16,400})`, 14, { isLoose: true }),
  kind('Anthropic key', String.raw`sk-ant-[a-z0-9]{2,12}-[A-Za-z0-9_-]{20,200}`, 18),
  kind('OpenAI key', String.raw`sk-(?:proj|svcacct|admin|None|or-v1)-[A-Za-z0-9_-]{20,300}`, 18),
  kind('OpenAI key', String.raw`sk-[A-Za-z0-9]{32,100}(?![A-Za-z0-9-])`, 28, { isReal: (secret) => DIGIT.test(secret) }),
  kind('Google API key', String.raw`AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])`, 30),
  kind('Google OAuth secret', String.raw`GOCSPX-[A-Za-z0-9_-]{20,60}`, 18),
  kind('Google OAuth token', String.raw`ya29\.[A-Za-z0-9_-]{20,400}`, 18),
  kind('JSON Web Token', String.raw`eyJ[A-Za-z0-9_-]{8,8000}\.eyJ[A-Za-z0-9_-]{4,8000}\.[A-Za-z0-9_-]{16,2000}`, 30),
  kind('SendGrid key', String.raw`SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}`, 40),
  kind('Mailgun key', String.raw`key-[0-9a-f]{32}(?![0-9A-Za-z])`, 30),
  kind('Twilio key', String.raw`SK[0-9a-f]{32}(?![0-9A-Za-z])`, 30),
  kind('Telegram bot token', String.raw`\d{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])`, 30, { hint: ':AA' }),
  kind('PyPI token', String.raw`pypi-AgE[A-Za-z0-9_-]{50,400}`, 50),
  kind('RubyGems key', String.raw`rubygems_[0-9a-f]{48}(?![0-9A-Za-z])`, 40),
  kind('crates.io token', String.raw`cio[A-Za-z0-9]{32}(?![A-Za-z0-9])`, 30, { isReal: isMixed }),
  kind('Docker token', String.raw`dckr_(?:pat|oat)_[A-Za-z0-9_-]{24,64}`, 22),
  kind('DigitalOcean token', String.raw`do[opr]_v1_[0-9a-f]{64}(?![0-9A-Za-z])`, 60),
  kind('Hugging Face token', String.raw`hf_[A-Za-z0-9]{34,64}(?![A-Za-z0-9])`, 30),
  kind('Supabase token', String.raw`sb(?:p|_secret)_[A-Za-z0-9_]{32,64}(?![A-Za-z0-9])`, 30),
  kind('Heroku key', String.raw`HRKU-[A-Za-z0-9_-]{30,70}`, 28),
  kind('Azure storage key', String.raw`AccountKey\s{0,3}=\s{0,3}([A-Za-z0-9+/]{86}==)`, 80),
  kind('AWS Bedrock key', String.raw`ABSK[A-Za-z0-9+/]{60,300}={0,2}`, 60, { isReal: isMixed }),
  kind('Atlassian token', String.raw`ATATT3[A-Za-z0-9_=-]{50,300}`, 50),
  kind('Bitbucket token', String.raw`ATBB[A-Za-z0-9]{28,40}(?![A-Za-z0-9])`, 28, { isReal: isMixed }),
  kind('Square token', String.raw`sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,43}(?![A-Za-z0-9_-])`, 20),
  kind('New Relic key', String.raw`NRAK-[A-Z0-9]{27}(?![A-Z0-9])`, 24),
  kind('Postman key', String.raw`PMAK-[0-9a-f]{24}-[0-9a-f]{34}(?![0-9a-f])`, 50),
  kind('Sentry token', String.raw`sntry[su]_[A-Za-z0-9_+/=-]{40,300}`, 36),
  kind('Doppler token', String.raw`dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,80}`, 36),
  kind('Terraform token', String.raw`[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,80}`, 60, { hint: '.atlasv1.' }),
  kind('xAI key', String.raw`xai-[A-Za-z0-9]{70,100}(?![A-Za-z0-9])`, 60),
  kind('Perplexity key', String.raw`pplx-[A-Za-z0-9]{40,64}(?![A-Za-z0-9])`, 36, { isReal: isMixed }),
  kind('Replicate token', String.raw`r8_[A-Za-z0-9]{37}(?![A-Za-z0-9])`, 30),
  kind('Discord bot token', String.raw`[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])`, 50, { isReal: isMixed, isLoose: true }),
  kind('EasyPost key', String.raw`EZ[AT]K[A-Za-z0-9]{54}(?![A-Za-z0-9])`, 50),
  kind('PlanetScale token', String.raw`pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}`, 30),
  kind('Pulumi token', String.raw`pul-[0-9a-f]{40}(?![0-9A-Za-z])`, 36),
  kind('NuGet key', String.raw`oy2[a-z0-9]{43}(?![A-Za-z0-9])`, 40, { isReal: (secret) => DIGIT.test(secret) }),
  kind('Notion token', String.raw`(?:ntn|secret)_[A-Za-z0-9]{40,50}(?![A-Za-z0-9_])`, 36, { isReal: isMixed }),
  kind('Cloudflare key', String.raw`v1\.0-[0-9a-f]{24}-[0-9a-f]{146}(?![0-9a-f])`, 150),
  kind('Mailchimp key', String.raw`[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])`, 30, { hint: '-us' }),
  kind('Artifactory key', String.raw`AKCp[A-Za-z0-9]{69}(?![A-Za-z0-9])`, 60),
  kind('Firebase key', String.raw`AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{140}(?![A-Za-z0-9_-])`, 120),
  kind('private key', String.raw`PuTTY-User-Key-File-\d:[\s\S]{0,4000}?Private-Lines: \d{1,3}\r?\n([A-Za-z0-9+/]{16,64})`, 16, { isLoose: true }),
  kind('private key', String.raw`"kty"\s{0,4}:\s{0,4}"(?:RSA|EC|OKP)"[^{}]{0,2000}?"d"\s{0,4}:\s{0,4}"([A-Za-z0-9_-]{40,1000})"`, 40, { isLoose: true }),
  kind('private key', String.raw`"d"\s{0,4}:\s{0,4}"([A-Za-z0-9_-]{40,1000})"[^{}]{0,1500}?"kty"\s{0,4}:\s{0,4}"(?:RSA|EC|OKP)"`, 40, { isLoose: true, hint: '"kty"' }),
  kind('age secret key', String.raw`AGE-SECRET-KEY-1[0-9A-Z]{50,64}`, 50),
  kind('password in a URL', String.raw`[A-Za-z][A-Za-z0-9+.-]{1,24}:\/\/[^\s:/@"'\x60<>\\]{0,128}:[^\s/@"'\x60<>\\]{3,256}@[A-Za-z0-9[][^\s"'\x60<>\\/]{0,255}`, 4, { isReal: isRealUrl, isLoose: true, hint: '://' }),
];

/** A private key's first line, what may stand between (escapes, quotes, headers), and the beginning of its content. */
export const PRIVATE_KEY = /-----BEGIN ?(?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\[nr]|[^A-Za-z0-9+/]|(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash):[^\n\\]{0,100}){0,120}[A-Za-z0-9+/]{16,}/g;
const PRIVATE_KEY_END = /-----END ?(?:[A-Z0-9]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const PRIVATE_KEY_CHARACTERS_MAX = 20_000;

/** Where the private key that begins at `start` ends: behind its last line, or behind what was matched when there is none. */
export function privateKeyEnd(text: string, start: number, matched: number): number {
  const body = text.slice(start + matched, start + PRIVATE_KEY_CHARACTERS_MAX);
  PRIVATE_KEY_END.lastIndex = 0;
  const end = PRIVATE_KEY_END.exec(body);
  return start + matched + (end === null ? (/^[A-Za-z0-9+/=\s\\"',;]*/.exec(body)?.[0].length ?? 0) : end.index + end[0].length);
}
