import { isInterpreter, programOf } from './programs.ts';
import { ROOT, UNKNOWN } from './shell-commands.ts';

// A script of a shell counts wherever it is named, but for programs that only look at it or move it.
const SHELL_SCRIPT = /\.(?:sh|bash|zsh|ksh|ps1|psm1|bat|cmd)$/i;
const LOOKERS = new Set('echo printf write-host write-output shellcheck shfmt invoke-pester invoke-scriptanalyzer bashate checkbashisms bats cp copy copy-item mv rm rmdir del git diff cmp tree touch test [ [[ zip unzip tar scp rsync prettier grep egrep fgrep rg wc head tail file stat install ln sed jq dos2unix sha256sum sha1sum md5sum gpg cosign curl wget aws gsutil az gh eslint tee mkdir which exit return set unset black ruff find cd local declare typeset readonly export'.split(' '));
const CONTROL = new Set(['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', 'time', 'not', '@', '-', 'sudo']);

// Variables of the environment that name what is loaded before anything else.
const LOADED_FIRST = /^(?:\$env:)?(?:BASH_ENV|ENV|PYTHONSTARTUP)=(.+)$/s;
const NODE_OPTIONS = /^(?:\$env:)?NODE_OPTIONS=(.+)$/s;
const LOAD_OPTIONS = /(?:^|\s)(?:-r|--require|--import|--loader|--experimental-loader)[=\s]+(\S+)/g;
const SEARCH_PATH = /^(?:\$env:)?PATH=(.+)$/s;

// Options of programs that are no shells, by which they run a file of the repository.
const BUILD_FILES = /^(?:-b|--build-file|-I|--init-script|-c|--settings-file)$/;
const POM_FILES = /^(?:-f|--file|-s|--settings)$/;
const OPTIONS: ReadonlyMap<string, RegExp> = new Map([
  ['sed', /^(?:-f|--file)$/], ['jq', /^(?:-f|--from-file)$/], ['cmake', /^-P$/], ['ctest', /^(?:-S|--script)$/], ['mvn', POM_FILES], ['mvnw', POM_FILES],
  ['gradle', BUILD_FILES], ['gradlew', BUILD_FILES], ['buildkite-agent', /^upload$/],
]);
const FILE_ARGUMENTS: ReadonlyMap<string, RegExp> = new Map([['ansible-playbook', /\.ya?ml$/i], ['nix-build', /\.nix$/i], ['nix-shell', /\.nix$/i], ['dotnet', /\.csx$/i]]);
// Folders of programs that work on a project; those of what it ships change with every feature.
const TOOLING = /(?:^|\/)(?:scripts?|tools?|tooling|build|builder|ci|hack|tasks?|devops|deploy(?:ment)?|release|infra|xtask|\.\w+)(?:\/|$)/i;

/** Words of one command that name what it runs without being the program or a shell's argument. */
export function indirectWords(words: readonly string[]): string[] {
  const start = words.findIndex((word) => !CONTROL.has(word));
  if (start < 0) return [];
  const name = programOf(words[start] ?? '');
  const rest = words.slice(start + 1);
  return [...words.flatMap(byVariable), ...byName(name, rest), ...(LOOKERS.has(name) ? [] : rest.filter((word) => SHELL_SCRIPT.test(word) && !/\s|:\/\/|^\w+=/.test(word) && !word.startsWith('-')))];
}

function byVariable(word: string): string[] {
  const first = LOADED_FIRST.exec(word)?.[1];
  if (first !== undefined) return [first];
  const options = NODE_OPTIONS.exec(word)?.[1];
  if (options !== undefined) return [...options.matchAll(LOAD_OPTIONS)].flatMap(([, file = '']) => (/^\.{0,2}\//.test(file) || file.startsWith(ROOT) ? [file] : []));
  return (SEARCH_PATH.exec(word)?.[1] ?? '').split(/[:;]/).flatMap(everythingIn);
}

/** Programs of the repository that are found by their names alone. */
const everythingIn = (folder: string): string[] => (/^(?:[\w.-]|\u{2}\/?[\w.-])/u.test(folder) && !/node_modules|^\.{0,2}$|\.venv|^venv/.test(folder) ? [`${folder}/${UNKNOWN}`] : []);

function byName(name: string, rest: readonly string[]): string[] {
  if (name === 'echo' && rest.at(-1) === 'GITHUB_PATH') return rest.slice(0, -1).flatMap(everythingIn);
  if (name === 'run-parts') return rest.filter((word) => !word.startsWith('-')).map((folder) => `${folder}/${UNKNOWN}`);
  if (name === 'git') return rest.includes('core.hooksPath') ? rest.slice(rest.indexOf('core.hooksPath') + 1).map((folder) => `${folder}/${UNKNOWN}`) : [];
  if (name === 'go') return rest[0] === 'run' ? rest.filter((word) => word.startsWith('./') && TOOLING.test(word)).map((folder) => `${folder}/${UNKNOWN}`) : [];
  if (name === 'cargo') return rest[0] === 'run' ? cargoFiles(rest) : [];
  if (name === 'coverage') return rest[0] === 'run' ? moduleFiles(valueOf(rest, /^-m$/)) : [];
  if (name === 'find') return foundFiles(rest);
  if (name === 'docker' || name === 'podman') return mountedFiles(rest);
  const project = name === 'dotnet' && rest[0] === 'run' ? valueOf(rest, /^(?:--project|-p)$/) : [];
  return [...project.map((file) => `${folderOf(file)}/${UNKNOWN}`), ...valueOf(rest, OPTIONS.get(name) ?? /^$/), ...rest.filter((word) => FILE_ARGUMENTS.get(name)?.test(word) === true)];
}

const folderOf = (file: string): string => (/\.\w+$/.test(file) ? file.replace(/\/?[^/]*$/, '') : file) || '.';
const moduleFiles = (names: readonly string[]): string[] => names.filter((name) => /^[\w.]+$/.test(name)).flatMap((name) => [`${name.replaceAll('.', '/')}.py`, `${name.replaceAll('.', '/')}/__main__.py`]);

/** A package that is run by its manifest or its name: where cargo keeps the source of those. */
function cargoFiles(rest: readonly string[]): string[] {
  const folders = [...valueOf(rest, /^--manifest-path$/).map(folderOf), ...valueOf(rest, /^(?:-p|--package)$/)];
  return folders.filter((folder) => TOOLING.test(folder)).flatMap((folder) => [`${folder}/src/${UNKNOWN}`, `${folder}/build.rs`]);
}

/** `find scripts -name '*.sh' -exec bash {} ;` runs whatever it finds, some folders deep. */
function foundFiles(rest: readonly string[]): string[] {
  const at = rest.findIndex((word) => /^-(?:exec|execdir|ok)$/.test(word));
  if (at < 0 || (rest[at + 1] !== undefined && !isInterpreter(programOf(rest[at + 1] ?? '')))) return [];
  const folders = rest.slice(0, rest.findIndex((word) => word.startsWith('-')));
  return valueOf(rest, /^-i?name$/).flatMap((name) => folders.flatMap((folder) => ['', `${UNKNOWN}/`, `${UNKNOWN}/${UNKNOWN}/`].map((depth) => `${folder}/${depth}${name}`)));
}

/** `docker run -v $PWD:/src image /src/scripts/x.sh`: what lies in a folder that the container is given. */
function mountedFiles(rest: readonly string[]): string[] {
  const mounts = rest.flatMap((word) => /^(?:--volume=|-v)?(?:\.|\u{2}|\$\(pwd\))\/?:(\/[\w./-]+)/u.exec(word)?.[1] ?? []).map((target) => `${target.replace(/:.*$|\/$/, '')}/`);
  return rest.flatMap((word) => mounts.flatMap((mount) => [...word.matchAll(/\/[\w./-]+/g)].flatMap(([path]) => (path.startsWith(mount) ? [`${ROOT}/${path.slice(mount.length)}`] : [])))).filter((word) => SHELL_SCRIPT.test(word) || !/\.\w+$/.test(word));
}

function valueOf(words: readonly string[], option: RegExp): string[] {
  return words.flatMap((word, index) => {
    const [name, value] = word.startsWith('-') && word.includes('=') ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word, words[index + 1]];
    return value !== undefined && option.test(name) ? [value] : [];
  });
}
