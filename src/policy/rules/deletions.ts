import { createRule, limitOf } from '../path-rule.ts';

/** Many files going at once, measured against the repository. A few files may always go. */
export const deletions = createRule('deletions', ({ changes, basePaths }, settings) => {
  const added = new Set(changes.filter(({ change }) => change.op === 'add').map(({ change }) => change.newBlob));
  // A rename deletes a path but no content: the same blob is there under another name.
  const deleted = changes.filter(({ change }) => change.op === 'delete' && !added.has(change.oldBlob)).length;
  const percent = basePaths.length === 0 ? 0 : (100 * deleted) / basePaths.length;
  if (deleted <= limitOf(settings, 'filesMax') || percent <= limitOf(settings, 'filesPercentMax')) return [];
  return [
    {
      path: '',
      message: `Deletes ${deleted} of ${basePaths.length} files (${percent.toFixed(1)} %).`,
      why: 'A large deletion is easy to approve and hard to notice missing.',
      help: 'Check that each deleted file is meant, or raise policy.deletions.filesPercentMax or filesMax in countersign.yml.',
    },
  ];
});
