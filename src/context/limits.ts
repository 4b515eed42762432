/** Caps on what is read from a repository that nobody has vetted. All sizes are bytes unless the name says otherwise. */
export const LIMITS = {
  files: 50_000,
  treeDepth: 64,
  pathBytes: 4_096,
  /** Larger blobs are listed, not read into the ranking. */
  fileBytes: 512 * 1024,
  /** Text of all files of one repository that is ranked. */
  textBytes: 64 * 1024 * 1024,
  /** Larger source files are ranked by text alone. */
  parseBytes: 256 * 1024,
  /** Calls of the parser's progress hook (one every hundred operations) before a file is given up. */
  parseSteps: 200_000,
  symbolsPerFile: 1_000,
  importsPerFile: 500,
  manifests: 500,
  dependenciesPerManifest: 2_000,
  owners: 1_000,
  problems: 500,
  /** Past this, what was cut off is listed by directory. */
  cutOffEntries: 2_000,
  /** Bytes of one file that a role is shown at most. */
  shownFileBytes: 48 * 1024,
  cycles: 50,
} as const;
