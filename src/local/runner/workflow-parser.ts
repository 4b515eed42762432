// GitHub's own workflow parser, loadable on plain Node. Its published build imports JSON without an import attribute,
// which Node refuses; the hook adds the attribute for that one package and leaves every other module alone.
import { registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    const needsAttribute = url.endsWith('.json') && url.includes('/@actions/workflow-parser/');
    return nextLoad(url, needsAttribute ? { ...context, importAttributes: { ...context.importAttributes, type: 'json' } } : context);
  },
});

// Dynamic, because static imports are linked before the hook above is in place.
const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } = await import('@actions/workflow-parser');

/** GitHub's limit is 512 KiB for one workflow file. */
const FILE_BYTES_MAX = 512 * 1024;

/** What GitHub's parser says about a workflow file: schema, expressions, ids, `needs`. Empty: the file is valid. */
export async function workflowFileErrors(text: string, path: string): Promise<string[]> {
  if (Buffer.byteLength(text) > FILE_BYTES_MAX) return [`${path}: the file is larger than ${FILE_BYTES_MAX / 1024} KiB`];
  const { context, value } = parseWorkflow({ name: path, content: text }, new NoOperationTraceWriter());
  const messages = () => context.errors.getErrors().map((error) => error.message);
  if (value === undefined || context.errors.count > 0) return messages();
  const template = await convertWorkflowTemplate(context, value);
  return [...new Set([...messages(), ...(template.errors ?? []).map((error) => error.Message)])];
}
