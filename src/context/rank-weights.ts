/** Every number of the ranking. Chosen on the histories that docs/decisions/0061 names; other histories were held out for the report. */
export interface RankWeights {
  /** BM25F: how much a word in each field says, and how far the field's length counts against a file (`b`). */
  readonly fields: Readonly<Record<'name' | 'folder' | 'symbol' | 'text', { readonly weight: number; readonly b: number }>>;
  readonly k1: number;
  /** The share of the best neighbour's score that one hop of imports passes on. */
  readonly hop: number;
  /** What imports from other files add, by their logarithm: what many depend on is changed more often. */
  readonly imported: number;
  /** The same for a text's own length: more code, more changes. */
  readonly length: number;
  /** The share of the best score among a source's tests that it gets. */
  readonly tested: number;
  /** A word in a file's name, by how rare it is in paths, and in the name of what it defines: a text, however full of the word, does not make up for it. */
  readonly inName: number;
  readonly inSymbol: number;
  /** Two neighbouring words of the issue that stand side by side in a path, by how rare they are in paths. */
  readonly pair: number;
  /** A word that begins a word of the path, or the other way about (`auth` and `authentication`). */
  readonly prefix: number;
  /** Two neighbouring words written as one (`set-default`, `setDefault`), elsewhere than in a path. */
  readonly joined: number;
  /** A file whose name the issue gives, and one whose whole path it gives. */
  readonly namedFile: number;
  readonly namedPath: number;
  /** The first line; what looks like code in it; words that every change and every text uses (`fix`, `add`, `because`). */
  readonly title: number;
  /** A file below a folder that has the name of what the title names before its colon; and of which it is a part. */
  readonly scopeFolder: number;
  readonly scopePart: number;
  /** Below one: the power by which a long text's words count less than its title's. */
  readonly body: number;
  /** A change of tests or of the build is often one of their configuration. */
  readonly setUp: number;
  readonly code: number;
  readonly common: number;
  /** A word that the issue repeats, by the logarithm of how often; one that stands in it only as a part of a longer name. */
  readonly repeated: number;
  readonly part: number;
  /** Kinds of files, against source; a folder of examples or tools; generated, vendored or minified files. */
  readonly test: number;
  readonly docs: number;
  readonly other: number;
  /** A source in no known language: settings of a tool, mostly. */
  readonly unknown: number;
  readonly aside: number;
  readonly marked: number;
}

export const RANK_WEIGHTS: RankWeights = {
  fields: { name: { weight: 4, b: 0.3 }, folder: { weight: 1.5, b: 0.3 }, symbol: { weight: 2, b: 0.6 }, text: { weight: 1, b: 0.5 } },
  k1: 1.2, hop: 0.25, imported: 0.2, length: 0.2, tested: 0.2, inName: 0.2, inSymbol: 0.08, pair: 0.4, prefix: 0.3, joined: 0.6, namedFile: 15, namedPath: 1_000,
  title: 1.5, scopeFolder: 1.5, scopePart: 1.3, body: 0.5, setUp: 1.4, code: 1.3, common: 0.4, repeated: 0.3, part: 0.5, test: 0.3, docs: 0.3, other: 0.45, unknown: 0.45, aside: 0.6, marked: 0.2,
};
