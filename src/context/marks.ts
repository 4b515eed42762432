import type { FileMark } from '../domain/context.ts';
import { baseName } from './languages.ts';

// `external` is a folder of one's own in many an application: believed at the top alone.
const VENDORED = /^external(?:s|_libs)?\/|(?:^|\/)(?:vendor|vendors|node_modules|third[_-]?party|thirdparty|bower_components|jspm_packages|Godeps|Pods|Carthage|deps\/[^/]+\/src|site-packages|\.yarn\/(?:releases|plugins))\//;
const GENERATED_FOLDER = /(?:^|\/)(?:dist|build\/generated|generated|__generated__|gen-src|\.next|\.nuxt|storybook-static)\//;
const GENERATED_NAME = /(?:\.pb(?:\.gw)?\.(?:go|cc|h)|_pb2(?:_grpc)?\.pyi?|_pb\.(?:js|d\.ts|ts)|\.g(?:\.dart|\.cs|en\.go)|\.freezed\.dart|\.designer\.cs|\.generated\.\w+|_generated\.\w+|zz_generated[\w.]*\.go|\.snap|\.map)$/i;
const MINIFIED_NAME = /[.-]min\.(?:js|css|mjs)$|\.bundle\.js$/i;

/** What a path says about where its file comes from. */
export function marksOfPath(path: string): FileMark[] {
  const marks: FileMark[] = [];
  if (GENERATED_FOLDER.test(path) || GENERATED_NAME.test(baseName(path))) marks.push('generated');
  if (MINIFIED_NAME.test(baseName(path))) marks.push('minified');
  if (VENDORED.test(path)) marks.push('vendored');
  return marks;
}
