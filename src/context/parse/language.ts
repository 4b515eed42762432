import type { FileSymbol } from '../../domain/context.ts';
import type { LanguageGrammar } from '../lens.ts';
import type { RawImport } from '../analyse/outline.ts';

/**
 * How one language's definitions and imports are found. The query's captures carry the meaning: `@function`, `@class`,
 * `@method`, `@type`, `@value` and `@module` are *names* of definitions, `@import` is a whole statement, any other is `special`'s.
 */
export interface LanguageRules {
  readonly grammar: LanguageGrammar;
  readonly query: string;
  /** Whether others can see a definition: by its name and by what stands before it in its statement. */
  readonly isExported: (name: string, before: string, kind: FileSymbol['kind']) => boolean;
  /** The word that every exported definition has before it, where there is such a word. */
  readonly exportedBy?: string;
  /** The imports of one statement, as text without comments. */
  readonly importsOf: (statement: string) => readonly Omit<RawImport, 'line'>[];
  /** Names of captures that are neither definitions nor imports. */
  readonly special?: (capture: SpecialCapture, found: Found) => void;
}

export interface SpecialCapture {
  readonly name: string;
  readonly text: string;
  readonly line: number;
  /** The next few hundred characters. */
  readonly after: string;
}

export interface Found {
  readonly symbols: FileSymbol[];
  /** Names that a later statement exports. */
  readonly exportedLater: Set<string>;
  /** Set when the file lists what it exports (Python's `__all__`). */
  listed: Set<string> | null;
}

const SPECIFIER_MAX = 500;
export const one = (specifier: string | undefined, names: readonly string[] = ['*']): Omit<RawImport, 'line'>[] =>
  specifier === undefined || specifier === '' ? [] : [{ specifier: specifier.slice(0, SPECIFIER_MAX), names: names.slice(0, 200) }];

/** The content of the first quoted text. */
export const quotedIn = (statement: string): string | undefined => /"([^"\n]{1,500})"|'([^'\n]{1,500})'/.exec(statement)?.slice(1).find((each) => each !== undefined);
