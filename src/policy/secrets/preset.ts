import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { SecretLintRuleContext, SecretLintRuleReportHandler, SecretLintSourceCode } from '@secretlint/types';

/** What a rule of secretlint objects to: its name and where. */
export interface PresetHit {
  readonly rule: string;
  readonly start: number;
  readonly end: number;
}

type Handler = SecretLintRuleReportHandler;

// secretlint's own engine is asynchronous, keeps timings of every run for good, and obeys `secretlint-disable` comments,
// which whoever proposes a change could write. Its rules only need the little that stands here.
const LEFT_OUT = new Set([
  'filter-comments', // obeys comments in what it judges
]);
// Only these words make a rule worth its time; a rule that is not listed always runs. A test compares with the preset.
const TRIGGERS: Readonly<Record<string, RegExp>> = {
  aws: /A3T[A-Z0-9]|A[KGIRNS][IPDOV]A|(?:SECRET|secret|Secret)_?(?:ACCESS|access|Access)/,
  gcp: /private_key/,
  privatekey: /PRIVATE KEY/,
  npm: /npm_|x-oauth-basic/,
  basicauth: /(?:https?|ftps?):\/\/[-\w]{1,256}:[-\w]{1,256}@/,
  slack: /xox[a-z]-|xapp-|hooks\.slack\.com/i,
  sendgrid: /SG\./,
  shopify: /shp[a-z]{2}_/,
  stripe: /[rs]k_(?:live|test)_/,
  github: /gh[opusr]_|github_pat_/,
  gitlab: /glpat-/,
  grafana: /gl(?:c|sa)_/,
  openai: /sk-/,
  anthropic: /sk-ant-/,
  groq: /gsk_/,
  huggingface: /hf_/,
  linear: /lin_api_/,
  notion: /ntn_/,
  '1password': /ops_ey/,
  'database-connection-string': /(?:mongodb(?:\+srv)?|mysqlx?|postgres(?:ql)?):\/\/[^\s@]{1,400}@/i,
  'hashicorp-vault': /hv[sbr]\./,
  vercel: /vc[piark]_/,
  databricks: /dapi[A-Fa-f0-9]/,
  docker: /dckr_pat_/,
  figma: /figd_/,
  cloudflare: /cf(?:k|ut|at)_/,
  tailscale: /tskey-/,
};
/** Rules that are known here; the rest of the preset is run as it is. */
export const KNOWN_PRESET_RULES: readonly string[] = [...Object.keys(TRIGGERS), ...LEFT_OUT];
// An account's number is no secret, and secretlint finds `SG.a.b`.
const NO_SECRET = new Set(['AWSAccountID']);
const LENGTH_LEAST = 16;

const nameOf = (id: string): string => id.replace(/^.*\/secretlint-rule-/, '');
export const PRESET_RULES: readonly string[] = rules.map(({ meta }) => nameOf(meta.id));

let found: PresetHit[] = [];
let handlers: readonly { readonly trigger: RegExp | null; readonly handler: Handler }[] | null = null;

/** What secretlint's recommended rules find in a text. Synchronous; the text is all that they see. */
export function findByPreset(text: string): readonly PresetHit[] {
  handlers ??= rules.flatMap((rule) => {
    const name = nameOf(rule.meta.id);
    if (LEFT_OUT.has(name)) return [];
    return [{ trigger: TRIGGERS[name] ?? null, handler: rule.create(contextOf(name), {}) }];
  });
  found = [];
  let source: SecretLintSourceCode | null = null;
  for (const { trigger, handler } of handlers) {
    if (trigger !== null && !trigger.test(text)) continue;
    // The rules that read files do so only for a path, and there is none.
    void handler.file?.((source ??= sourceOf(text)));
  }
  return found;
}

function contextOf(name: string): SecretLintRuleContext {
  return {
    sharedOptions: {},
    // Its sentences quote the secret, so they are never made.
    createTranslator: () => (messageId) => ({ message: '', messageId: String(messageId), data: undefined }),
    report: ({ message, range: [start, end] }) => {
      if (!NO_SECRET.has(message.messageId) && end - start >= LENGTH_LEAST) found.push({ rule: name, start, end });
    },
    ignore: () => undefined,
  };
}

function sourceOf(content: string): SecretLintSourceCode {
  const unused = (): never => {
    throw new Error('A rule of secretlint asks for positions, and none is expected to.');
  };
  const nowhere = { filePath: undefined, physicalFilePath: undefined, getFilePath: () => undefined, getPhysicalFilePath: () => undefined };
  return { hasBOM: false, content, contentType: 'text', ext: '', ...nowhere, locationToRange: unused, rangeToLocation: unused, positionToIndex: unused, indexToPosition: unused };
}
