import type { CrossRepoLink, RankedFile, RepositoryContext } from '../../domain/context.ts';
import { paint } from '../output.ts';
import { printable } from '../printable.ts';
import { factsHead, factsRows, rankingRows } from './context-lines.ts';
import { amount, clip, contextWidth, grouped, row } from './rows.ts';

export interface NamedContext {
  readonly name: string;
  readonly context: RepositoryContext;
  /** Why there is nothing to work with; null when there is. */
  readonly fault: { readonly code: string; readonly message: string } | null;
}

const KINDS: readonly { readonly kind: CrossRepoLink['kind']; readonly title: string; readonly provides: string }[] = [
  { kind: 'package', title: 'packages', provides: 'is declared at' },
  { kind: 'route', title: 'HTTP routes', provides: 'is served at' },
  { kind: 'schema', title: 'schemas', provides: 'is defined at' },
  { kind: 'name', title: 'names that are imported', provides: 'is defined at' },
];
/** Things of one kind that are printed, and places that use one; `--json` has all. */
const [THINGS_MAX, USERS_MAX] = [40, 6];

/** What people read of several repositories: each one's facts, then who provides what and who uses it. */
export function severalLines(contexts: readonly NamedContext[], options: { readonly across: readonly CrossRepoLink[]; readonly ranking: readonly RankedFile[]; readonly top: number; readonly hasQuery: boolean; readonly seconds: number }): string[] {
  const width = contextWidth();
  return [
    `${paint.bold('context')}  ${amount(contexts.length, 'repository').replace(/repositorys$/, 'repositories')}   ${paint.dim(`${options.seconds.toFixed(2)} s`)}`,
    ...contexts.flatMap(({ name, context, fault }) => {
      const [facts] = context.repos;
      return facts === undefined || fault !== null ? ['', `${paint.bold(printable(name))}  ${paint.dim('nothing to read')}`] : ['', `${paint.bold(printable(name))}  ${factsHead(facts)}`, paint.dim(`  hash ${context.contextHash}`), ...factsRows(context, facts, width)];
    }),
    '',
    ...acrossLines(options.across, width),
    '',
    ...rankingRows(options, { ...options, named: true }, width),
  ];
}

/** Who provides what, and who uses it where. */
export function acrossLines(across: readonly CrossRepoLink[], width: number): string[] {
  if (across.length === 0) return [paint.bold('across the repositories'), '  No repository uses a package, an HTTP route, a schema or a name that another provides, as far as their files say.'];
  const pairs = Map.groupBy(across, ({ provider, user }) => `${user.repo} uses ${provider.repo}`);
  return [
    paint.bold('across the repositories'),
    ...[...pairs].flatMap(([pair, links]) => row('', `${pair}: ${KINDS.flatMap(({ kind, title }) => counted(links, kind, title)).join(' · ')}`, width).map((line) => `  ${line.trimStart()}`)),
    ...KINDS.flatMap(({ kind, title, provides }) => kindLines(across.filter((link) => link.kind === kind), { title, provides, width })),
  ];
}

function counted(links: readonly CrossRepoLink[], kind: CrossRepoLink['kind'], title: string): string[] {
  const names = new Set(links.filter((link) => link.kind === kind).map(({ name }) => name));
  return names.size === 0 ? [] : [`${grouped(names.size)} ${names.size === 1 ? title.replace(/^(\S*?\s?\w+)s\b(.*)$/, '$1$2').replace('that are', 'that is') : title}`];
}

function kindLines(links: readonly CrossRepoLink[], { title, provides, width }: { title: string; provides: string; width: number }): string[] {
  if (links.length === 0) return [];
  const things = [...Map.groupBy(links, ({ name, provider }) => `${provider.repo}\0${name}\0${provider.path}`).values()];
  const more = things.length - THINGS_MAX;
  return ['', `  ${paint.bold(title)}`, ...things.slice(0, THINGS_MAX).flatMap((uses) => thingLines(uses, { provides, width })), ...(more > 0 ? [paint.dim(`    ${grouped(more)} more; --json has all of them`)] : [])];
}

function thingLines(uses: readonly CrossRepoLink[], { provides, width }: { provides: string; width: number }): string[] {
  const [first] = uses;
  if (first === undefined) return [];
  const users = uses.slice(0, USERS_MAX).map(({ user }) => `      ${paint.dim('used at')} ${clipStart(at(user), width - 14)}`);
  const head = printable(first.name);
  const place = at(first.provider);
  const fits = 4 + head.length + 2 + provides.length + 1 + place.length <= width;
  return [
    ...(fits ? [`    ${paint.cyan(head)}  ${paint.dim(provides)} ${place}`] : [`    ${paint.cyan(clip(head, width - 4))}`, `      ${paint.dim(provides)} ${clipStart(place, width - provides.length - 7)}`]),
    ...users,
    ...(uses.length > USERS_MAX ? [paint.dim(`      and at ${grouped(uses.length - USERS_MAX)} more ${uses.length - USERS_MAX === 1 ? 'place' : 'places'}`)] : []),
  ];
}

// The end of a place is what one looks for: the file and its line.
const clipStart = (text: string, most: number): string => (text.length > most ? `…${text.slice(text.length - most + 1)}` : text);

const at = ({ repo, path, line }: CrossRepoLink['provider']): string => printable(`${repo}:${path}${line === null ? '' : `:${line}`}`);
