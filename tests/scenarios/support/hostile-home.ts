import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';

// The home of somebody whose git is set up so that it gets in everybody's way: whatever reads it is disturbed at once.

const HOOKS = ['pre-commit', 'commit-msg', 'post-commit', 'post-checkout', 'pre-push', 'reference-transaction', 'pre-receive', 'update', 'post-receive', 'post-index-change'];

const config = (hooks: string, mark: string): string => `[core]
	autocrlf = true
	safecrlf = true
	hooksPath = ${hooks}
	fsmonitor = "echo fsmonitor >> '${mark}'; false"
	attributesFile = ${hooks}/attributes
	abbrev = 7
	editor = false
	pager = false
	symlinks = false
[commit]
	gpgsign = true
[tag]
	gpgsign = true
[gpg]
	program = false
[init]
	defaultBranch = x
	templateDir = ${hooks}
	defaultObjectFormat = sha256
	defaultRefFormat = reftable
[safe]
	bareRepository = explicit
	directory = /nowhere
[user]
	useConfigOnly = true
[diff]
	noprefix = true
	external = false
	renames = false
	context = 0
[color]
	ui = always
[log]
	showSignature = true
	date = relative
[http]
	proxy = http://127.0.0.1:9
[url "http://127.0.0.1:9/"]
	insteadOf = http://github.localhost
[protocol]
	allow = never
[credential]
	helper = "!echo credential >> '${mark}'; false"
[filter "x"]
	clean = "echo filter >> '${mark}'; false"
	smudge = "echo filter >> '${mark}'; false"
	required = true
`;

interface HostileHome {
  /** For a process that is to live there, east of everybody else, with a folder for temporary files whose name has a space. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether anything ran what the configuration names. */
  readonly isDisturbed: () => boolean;
}

/** This run's one hostile home. */
export function hostileHome(): HostileHome {
  const home = join(inject('preparedFolder'), 'hostile home');
  const [hooks, mark, temporary] = [join(home, 'hooks'), join(home, 'mark'), join(home, 'tmp')];
  for (const folder of [join(hooks, 'hooks'), temporary]) mkdirSync(folder, { recursive: true });
  // Once as core.hooksPath, and once in what init.templateDir would copy into each new repository.
  for (const path of HOOKS.flatMap((name) => [join(hooks, name), join(hooks, 'hooks', name)])) {
    writeFileSync(path, `#!/bin/sh\necho "$0" >> '${mark}'\nexit 1\n`);
    chmodSync(path, 0o755);
  }
  writeFileSync(join(hooks, 'attributes'), '* filter=x text eol=crlf\n');
  writeFileSync(join(home, '.gitconfig'), config(hooks, mark));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:GIT_|XDG_)/.test(name)));
  return { env: { ...env, HOME: home, TMPDIR: temporary, TZ: 'Pacific/Kiritimati', LC_ALL: 'C', LANG: 'C' }, isDisturbed: () => existsSync(mark) };
}
