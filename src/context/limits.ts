/** Caps on what is read from a repository that nobody has vetted. All sizes are bytes unless the name says otherwise. */
export const LIMITS = {
  /** Files of a tree that are listed and ranked by their paths. */
  files: 250_000,
  folders: 100_000,
  treeDepth: 64,
  pathBytes: 4_096,
  /** Larger blobs are listed, not read into the ranking. */
  fileBytes: 1024 * 1024,
  /** Files, and text of files, of one repository that are read. Source first; the rest is listed and ranked by its path. */
  readFiles: 60_000,
  textBytes: 512 * 1024 * 1024,
  /** Symbols, imports and names of one repository that are kept; past them files are ranked by their words alone. */
  symbols: 1_500_000,
  imports: 1_000_000,
  /** Names that files use, by their characters. */
  referenceChars: 30_000_000,
  /** Longer source texts, without the insides of their functions, are ranked by their words alone. */
  parseChars: 256 * 1024,
  /** Calls of the parser's progress hook (one every hundred operations) before a file is given up. */
  parseSteps: 200_000,
  symbolsPerFile: 1_000,
  importsPerFile: 500,
  /** Files that one import may stand for, where it names a package of files (Go, Java, C#). */
  targetsPerImport: 40,
  manifests: 2_000,
  dependenciesPerManifest: 2_000,
  owners: 1_000,
  checks: 500,
  problems: 500,
  components: 500,
  links: 2_000,
  /** Past this, what was cut off is listed by directory. */
  cutOffEntries: 2_000,
  /** Bytes of one file that a role is shown at most. */
  shownFileBytes: 48 * 1024,
  cycles: 50,
  /** Different words of the issue that count. */
  queryTerms: 400,
} as const;
