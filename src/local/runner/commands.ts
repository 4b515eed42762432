// Workflow commands in a step's output, such as `::add-mask::VALUE` and `::error file=a.ts,line=3::text`.
import type { LocalAnnotation } from '../contract.ts';
import type { JobLog } from './job-log.ts';

export interface StepConsole {
  onLine: (line: string) => void;
}

const ANNOTATIONS_MAX = 50;

/** Reads a step's output line by line: commands take effect, everything else goes to the log as it is. */
export function createStepConsole(log: JobLog, annotations: LocalAnnotation[]): StepConsole {
  /** Set while `::stop-commands::TOKEN` is in force. */
  let stopToken: string | null = null;

  function onLine(line: string): void {
    if (stopToken !== null) {
      if (line.trim() === `::${stopToken}::`) stopToken = null;
      else log.line(line);
      return;
    }
    const command = parseCommand(line);
    if (command === null) log.line(line);
    else obey(command, line);
  }

  function obey({ name, properties, message }: Command, line: string): void {
    switch (name) {
      case 'add-mask':
        return log.addMask(message);
      case 'stop-commands':
        stopToken = message;
        return;
      case 'error':
      case 'warning':
      case 'notice':
        annotate(log, annotations, { level: name, message, file: properties['file'] ?? null, line: lineNumber(properties['line']) });
        return;
      case 'group':
      case 'endgroup':
      case 'debug':
        return log.line(`##[${name}]${message}`);
      default:
        // Commands that GitHub has switched off (set-env, add-path) or that this runner does not know are plain text.
        return log.line(line);
    }
  }

  return { onLine };
}

/** Puts an annotation on the job and into its log, masked. */
export function annotate(log: JobLog, annotations: LocalAnnotation[], annotation: LocalAnnotation): void {
  log.line(`##[${annotation.level}]${annotation.message}`);
  if (annotations.length < ANNOTATIONS_MAX) annotations.push({ ...annotation, message: log.mask(annotation.message) });
}

interface Command {
  name: string;
  properties: Record<string, string>;
  message: string;
}

function parseCommand(line: string): Command | null {
  const text = line.trimStart();
  const end = text.indexOf('::', 2);
  if (!text.startsWith('::') || end < 0) return null;
  const [name = '', ...rest] = text.slice(2, end).split(' ');
  if (!/^[a-z-]+$/i.test(name)) return null;
  const pairs = rest.join(' ').split(',').filter((pair) => pair.includes('='));
  const properties = Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')).trim(), unescapeProperty(pair.slice(pair.indexOf('=') + 1))]));
  return { name: name.toLowerCase(), properties, message: unescapeMessage(text.slice(end + 2)) };
}

const unescapeMessage = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
const unescapeProperty = (text: string): string => text.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
const lineNumber = (text: string | undefined): number | null => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null);
