/** Commander's words about wrong usage ("error: unknown option '--jsn'", perhaps with a second line) as sentences. */
export function usageSentences(text: string): string {
  const words = text.trim().replace(/^error: /, '').split('\n').map((line) => line.trim().replace(/^\((.*)\)$/, '$1')).filter((line) => line !== '');
  return words.map((line) => `${line.charAt(0).toUpperCase()}${line.slice(1)}`.replace(/[^.?!]$/, '$&.')).join(' ');
}

/** The same, with what to do next. */
export const usageOf = (text: string, command: string): string => `${usageSentences(text)} See ${command} --help.`;
