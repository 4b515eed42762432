import type { Dependency, Manifest, Setting } from './model.ts';
import { childText, compactXml, elementsIn, parseXml, type Element } from './xml.ts';

const PACKAGES = new Set(['packagereference', 'packageversion', 'globalpackagereference', 'packagedownload', 'dotnetclitoolreference', 'package']);
const FILES = new Set(['projectreference', 'reference', 'comreference', 'comfilereference', 'nativelibrary', 'analyzer', 'nativereference']);
const SCRIPTS = new Set(['target', 'usingtask', 'import', 'sdk', 'exec', 'prebuildevent', 'postbuildevent', 'runpostbuildevent']);
const REGISTRIES = new Set(['restoresources', 'restoreadditionalprojectsources', 'restorefallbackfolders', 'restorepackageswithlockfile', 'restorelockedmode', 'nugetaudit', 'packagesources', 'packagesourcemapping', 'packagesourcecredentials', 'disabledpackagesources', 'config']);

// Properties by which a build runs other programs, targets or files, and values that are computed by calls.
const HOOKS = /tool(?:path|exe)$|dependson$|^custom(?:before|after)|(?:targets|props)(?:path|file)?$|^(?:pre|post)build|^(?:run|start)(?:command|program|arguments)|responsefile|^directorybuild|^alternatecommonprops|hostpath$|^importdirectory|^csc\w*path/;
const FUNCTION = /\$\(\[|@\([^)]*->/;

/** `*.csproj` and its kin, `Directory.*.props`, `packages.config`, `nuget.config`. MSBuild does not care for case. */
export function readMsbuild(text: string): Manifest {
  const dependencies: Dependency[] = [];
  const settings: Setting[] = [];
  for (const { element } of elementsIn(parseXml(text))) {
    const name = element.name.toLowerCase();
    if (PACKAGES.has(name) || FILES.has(name)) dependencies.push(...readReference(element, name));
    else if (SCRIPTS.has(name)) settings.push({ kind: 'scripts', key: keyOf(element), value: compactXml(element), line: element.line });
    else if (REGISTRIES.has(name)) settings.push({ kind: 'registries', key: element.name, value: compactXml(element), line: element.line });
    else if (element.children.length === 0 && (HOOKS.test(name) || FUNCTION.test(element.text))) settings.push({ kind: 'scripts', key: element.name, value: element.text, line: element.line });
    const sdk = attribute(element, 'sdk');
    if (name === 'project' && sdk !== '') settings.push({ kind: 'scripts', key: 'Sdk', value: sdk, line: element.line });
  }
  return { dependencies, settings };
}

const attribute = ({ attributes }: Element, name: string): string => Object.entries(attributes).find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
const keyOf = (element: Element): string => `${element.name} ${attribute(element, 'name') || attribute(element, 'project') || attribute(element, 'taskname')}`.trim().slice(0, 120);

function readReference(element: Element, kind: string): Dependency[] {
  const written = attribute(element, 'include') || attribute(element, 'update') || attribute(element, 'remove') || attribute(element, 'id');
  const file = childText(element, 'HintPath') || (kind === 'projectreference' || kind === 'analyzer' ? written : '');
  // One element may list several names.
  return written.split(';').flatMap((part) => {
    const name = part.trim();
    if (name === '') return [];
    const requirement = attribute(element, 'version') || childText(element, 'Version') || attribute(element, 'versionoverride') || childText(element, 'VersionOverride');
    const removes = attribute(element, 'remove') === '' ? '' : ' (Remove)';
    return [{ ecosystem: 'nuget' as const, section: `${element.name}${removes}`, name: name.toLowerCase(), requirement, source: file === '' ? null : `path ${file}`, line: element.line }];
  });
}
