import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { inputError } from '../../domain/errors.ts';
import { printable } from '../printable.ts';
import type { NamedRepository } from './begin.ts';

/**
 * What each repository is called: its folder's name (without `.git`), with as many folders before it as keep them apart, and with its ref where
 * one folder is given at several. Rejects with `repository-twice` for one that is given twice at the same ref.
 */
export async function nameRepositories(repos: readonly NamedRepository[]): Promise<string[]> {
  const paths = await Promise.all(repos.map(async ({ path }) => (await realpath(path).catch(() => resolve(path))).replace(/\/\.git$/, '').replace(/(?!^)\.git$/, '')));
  const twice = (path: string): boolean => paths.filter((other) => other === path).length > 1;
  const names = repos.map(({ ref }, index) => {
    const path = paths[index] ?? '';
    return twice(path) ? `${shortest(path, paths)}@${ref}` : shortest(path, paths);
  });
  const again = names.find((name, index) => names.indexOf(name) !== index);
  if (again !== undefined) throw inputError('repository-twice', `${printable(again)} is given twice. Name each repository once, or give each its own --ref.`);
  return names;
}

function shortest(path: string, paths: readonly string[]): string {
  const parts = path.split('/').filter((part) => part !== '');
  const tail = (count: number, of: readonly string[]): string => of.slice(-count).join('/');
  const others = [...new Set(paths)].filter((other) => other !== path).map((other) => other.split('/').filter((part) => part !== ''));
  const count = parts.findIndex((_, index) => !others.some((other) => tail(index + 1, other) === tail(index + 1, parts))) + 1;
  return tail(count === 0 ? parts.length : count, parts) || '/';
}
