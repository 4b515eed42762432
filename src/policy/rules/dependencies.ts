import type { RuleConfig } from '../../domain/config.ts';
import { compareManifests } from '../dependencies/compare.ts';
import { explain, type Weights } from '../dependencies/explain.ts';
import { manifestKindOf, type ManifestKind } from '../dependencies/manifest-kinds.ts';
import { EMPTY, Unreadable } from '../dependencies/model.ts';
import { readSide } from '../dependencies/read-side.ts';
import { matchDenied } from '../dependencies/package-names.ts';
import type { JudgedChange } from '../input.ts';
import { createRule, listOf, severityOf } from '../path-rule.ts';
import type { Finding } from '../rule.ts';
import { showPath, showText } from '../show.ts';

/** What manifests ask for: compared by meaning, before and after. Formatting makes no difference. */
export const dependencies = createRule('dependencies', ({ changes }, settings) => {
  const weights = weightsOf(settings);
  const isDenied = matchDenied(listOf(settings, 'deny'));
  return changes.flatMap((judged) => {
    const kind = manifestKindOf(judged.change.path);
    return kind === null ? [] : judgeManifest(judged, kind, { weights, isDenied });
  });
});

export const weightsOf = (settings: RuleConfig): Weights => ({
  new: severityOf(settings, 'new'),
  sources: severityOf(settings, 'sources'),
  versions: severityOf(settings, 'versions'),
  removed: severityOf(settings, 'removed'),
  scripts: severityOf(settings, 'scripts'),
  registries: severityOf(settings, 'registries'),
  entries: severityOf(settings, 'entries'),
});

interface Judging {
  readonly weights: Weights;
  readonly isDenied: (name: string) => boolean;
}

function judgeManifest(judged: JudgedChange, kind: ManifestKind, { weights, isDenied }: Judging): Finding[] {
  const { path } = judged.change;
  const [before, after] = [readSide(judged.oldBytes, kind.read, EMPTY), readSide(judged.newBytes, kind.read, EMPTY)];
  if (after instanceof Unreadable) return [unreadable(path, after)];
  // A base that cannot be read has nothing that could be known already.
  return compareManifests(before instanceof Unreadable ? EMPTY : before, after).flatMap((difference): Finding[] => {
    const { kind: weightKind, message, why, line, name } = explain(difference, path);
    const place = { path, ...(line === null ? {} : { line }), ...(name === null ? {} : { package: name }) };
    if (name !== null && difference.kind !== 'removed' && isDenied(name)) return [denied(name, place)];
    const severity = weights[weightKind];
    return severity === 'off' ? [] : [{ ...place, message, why, severity }];
  });
}

export const unreadable = (path: string, { message, line }: Unreadable): Finding => ({
  path,
  ...(line === null ? {} : { line }),
  message: `${showPath(path)} cannot be read as what it is: ${showText(message, 160)}.`,
  why: 'A file that one tool reads and another refuses, or reads differently, hides what it asks for.',
});

export const denied = (name: string, place: Pick<Finding, 'path' | 'line' | 'package'>): Finding => ({
  ...place,
  message: `${showText(name, 120)} is on the deny list of this policy, and ${showPath(place.path)} asks for it.`,
  why: 'The owner of the policy has said that this package must not be used.',
  help: 'Use another package. Only a change of policy.dependencies.deny in countersign.yml lets it in.',
  allowable: false,
});
