// Cuts the slices of GitHub's published descriptions that the local GitHub serves, and writes them to src/local/published/.
// The whole descriptions are large (13 MB REST, 1.5 MB GraphQL), so only the slices are kept:
//   node scripts/cut-github-descriptions.ts                                  the GraphQL slice
//   npm install --prefix DIR @octokit/openapi                                both slices
//   node scripts/cut-github-descriptions.ts DIR/node_modules/@octokit/openapi/generated/api.github.com.json
// What is served is said in SERVED_OPERATIONS and SERVED_TYPES; everything else of the descriptions is left out, prose and examples too.
import { readFileSync, writeFileSync } from 'node:fs';
import { schema } from '@octokit/graphql-schema';
import { z } from 'zod';
import { cutOpenapi } from './cut-github-descriptions/openapi.ts';
import { cutGraphqlSchema } from './cut-github-descriptions/graphql.ts';

const published = new URL('../src/local/published/', import.meta.url);
const source = process.argv[2];
if (source !== undefined) {
  const whole = z.record(z.string(), z.json()).parse(JSON.parse(readFileSync(source, 'utf8')));
  writeFileSync(new URL('openapi.json', published), `${JSON.stringify(cutOpenapi(whole))}\n`);
}
writeFileSync(new URL('schema.graphql', published), cutGraphqlSchema(schema.idl));
