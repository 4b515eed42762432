/** Programs that run what follows, after options of their own. */
export const WRAPPERS: ReadonlySet<string> = new Set('sudo doas env exec command builtin nohup nice ionice timeout gtimeout stdbuf xvfb-run dbus-run-session retry xargs parallel call start chmod docker podman su ssh unshare setsid script systemd-run strace valgrind entr watchexec hyperfine npx bunx pnpx npm pnpm yarn poetry pipenv uv pdm hatch rye bundle mise asdf devbox nix nix-shell wsl flock winpty cmd watch trap eval corepack cross-env cross-env-shell dotenv dotenvx env-cmd nodemon c8 nyc coverage concurrently start-server-and-test npm-run-all run-s run-p turbo pipx uvx busybox'.split(' '));

const INTERPRETERS = /^(?:ba|z|da|k|c|tc|fi|a)?sh$|^(?:node|nodejs|deno|bun|tsx|ts-node|esno|jiti|zx|coffee|pythonw?|pypy|py|ruby|jruby|perl|php|pwsh|powershell|rscript|julia|lua|luajit|tclsh|expect|groovy|kotlin|scala|swift|java|elixir|escript|racket|guile|awk|gawk|osascript|source|\.|import-module|invoke-expression|iex|require|import|bats)$/;

/** True for a program that runs the file that it is given. */
export const isInterpreter = (program: string): boolean => INTERPRETERS.test(program);

/** `C:\x\bash.exe` and `/usr/bin/env` are known by their last name; `python3.12` is python. */
export function programOf(word: string): string {
  const name = (word.split('/').at(-1) ?? '').toLowerCase().replace(/\.exe$/, '');
  return word === '.' ? word : WRAPPERS.has(name) ? name : name.replace(/(?<=[a-z])[\d.]+$/, '');
}
