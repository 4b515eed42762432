import { foldPath } from '../fold-path.ts';
import { readCargoToml } from './cargo-toml.ts';
import { readComposerJson } from './composer-json.ts';
import { readDockerfile } from './dockerfile.ts';
import { readGemfile, readGemspec } from './gemfile.ts';
import { readGoMod } from './go-mod.ts';
import { readGradle, readGradleProperties, readVersionCatalog } from './gradle.ts';
import type { Ecosystem, ManifestReader } from './model.ts';
import { readMsbuild } from './msbuild.ts';
import { readJsonMaps, readPackageJson } from './package-json.ts';
import { readPlainSettings, readProgram, readSetupCfg } from './plain-settings.ts';
import { readPom } from './pom-xml.ts';
import { readPipfile, readPyproject } from './pyproject.ts';
import { readRequirements } from './requirements-txt.ts';
import { readPubspec } from './pubspec.ts';
import { readCompose, readConda, readPnpmWorkspace, readWorkflow, readYamlSettings } from './yaml-manifests.ts';

export interface ManifestKind {
  readonly ecosystem: Ecosystem;
  readonly read: ManifestReader;
}

const kind = (ecosystem: Ecosystem, read: ManifestReader): ManifestKind => ({ ecosystem, read });
const readDeno: ManifestReader = (text) => readJsonMaps(text, { sections: ['imports', 'scopes'], scripts: ['tasks'], registries: ['importMap', 'links', 'patch', 'lock', 'nodeModulesDir'] });
const readBower: ManifestReader = (text) => readJsonMaps(text, { sections: ['dependencies', 'devDependencies', 'resolutions', 'overrides'], scripts: ['scripts'], registries: ['registry'] });
const readPackageYaml: ManifestReader = readYamlSettings;

// By the folded name of the file; the first that matches counts.
const KINDS: readonly (readonly [RegExp, ManifestKind])[] = [
  [/^package\.json$/, kind('npm', readPackageJson)],
  [/^package\.(?:ya?ml|json5)$/, kind('npm', readPackageYaml)],
  [/^pnpm-workspace\.ya?ml$/, kind('npm', readPnpmWorkspace)],
  [/^(?:deno|jsr)\.jsonc?$|^import_map\.json$/, kind('npm', readDeno)],
  [/^bower\.json$/, kind('npm', readBower)],
  [/^(?:.*[-_.])?(?:requirements|constraints|reqs)(?:[-_.].*)?\.(?:txt|in|pip)$/, kind('pypi', readRequirements)],
  [/^pyproject\.toml$/, kind('pypi', readPyproject)],
  [/^pipfile$/, kind('pypi', readPipfile)],
  [/^setup\.cfg$/, kind('pypi', readSetupCfg)],
  [/^(?:environment|conda)(?:[-_.][\w-]+)?\.ya?ml$/, kind('conda', readConda)],
  [/^go\.(?:mod|work)$/, kind('go', readGoMod)],
  [/^cargo\.toml$/, kind('cargo', readCargoToml)],
  [/^pom\.xml$|^.*\.pom$/, kind('maven', readPom)],
  [/^.*\.gradle(?:\.kts)?$/, kind('maven', readGradle)],
  [/^gradle\.properties$/, kind('maven', readGradleProperties)],
  [/^.*\.versions\.toml$/, kind('maven', readVersionCatalog)],
  [/^(?:gemfile(?:\..*)?|gems\.rb|.*\.gemfile)$/, kind('gem', readGemfile)],
  [/^.*\.gemspec$/, kind('gem', readGemspec)],
  [/^composer\.json$/, kind('composer', readComposerJson)],
  [/^(?:.*\.(?:cs|fs|vb|vcx|sql|es|wap|sh|ms|nu)proj|directory\.[\w.]+\.(?:props|targets)|packages\.config|nuget(?:\.\w+)?\.config)$/, kind('nuget', readMsbuild)],
  [/^(?:directory\.build|msbuild)\.rsp$/, kind('nuget', readProgram)],
  [/^paket\.(?:dependencies|references)$/, kind('nuget', readPlainSettings)],
  [/^pubspec(?:_overrides)?\.ya?ml$/, kind('pub', readPubspec)],
  [/^(?:(?:docker|container)file(?:[-_.].*)?|.*\.(?:docker|container)file)$/, kind('docker', readDockerfile)],
  [/^(?:docker-)?compose(?:[-_.][\w.-]+)?\.ya?ml$/, kind('docker', readCompose)],
  [/^action\.ya?ml$/, kind('actions', readWorkflow)],
  [/^\.yarnrc\.ya?ml$/, kind('npm', readYamlSettings)],
  [/^(?:\.npmrc|\.yarnrc|bunfig\.toml|\.bunfig\.toml)$/, kind('npm', readPlainSettings)],
  [/^\.?pnpmfile\.(?:cjs|mjs|js)$/, kind('npm', readProgram)],
  [/^(?:pip\.conf|pip\.ini|\.pypirc|uv\.toml|\.condarc|\.pydistutils\.cfg|poetry\.toml|pdm\.toml|\.pdm\.toml)$/, kind('pypi', readPlainSettings)],
  [/^\.gemrc$/, kind('gem', readPlainSettings)],
];
// By folder and name.
const PLACED: readonly (readonly [RegExp, ManifestKind])[] = [
  [/(?:^|\/)\.(?:github|gitea|forgejo)\/workflows\/[^/]+\.ya?ml$/, kind('actions', readWorkflow)],
  [/(?:^|\/)requirements\/(?:[^/]+\/){0,5}[^/]+\.(?:txt|in|pip)$/, kind('pypi', readRequirements)],
  [/(?:^|\/)\.cargo\/config(?:\.toml)?$/, kind('cargo', readPlainSettings)],
  [/(?:^|\/)\.bundle\/config$/, kind('gem', readPlainSettings)],
  [/(?:^|\/)\.mvn\/(?:settings|extensions)\.xml$|(?:^|\/)\.m2\/settings\.xml$/, kind('maven', readPom)],
  [/(?:^|\/)\.mvn\/(?:jvm|maven)\.config$|(?:^|\/)gradle\/wrapper\/gradle-wrapper\.properties$/, kind('maven', readPlainSettings)],
];

/** How a path's file is read when it is a manifest, or another file that says what is fetched; null when it is none. */
export function manifestKindOf(path: string): ManifestKind | null {
  const folded = foldPath(path);
  const name = folded.slice(folded.lastIndexOf('/') + 1);
  return (KINDS.find(([pattern]) => pattern.test(name)) ?? PLACED.find(([pattern]) => pattern.test(folded)))?.[1] ?? null;
}
