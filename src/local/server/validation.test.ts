import { describe, expect, test } from 'vitest';
import { NEEDS } from './permissions.ts';
import { readDescription } from './published.ts';
import type { Operation } from './published.ts';
import { Validation } from './validation.ts';

const description = readDescription();
const validation = new Validation(description);
const operations = new Map(Object.values(description.paths).flatMap((methods) => Object.values(methods)).map((operation) => [operation.operationId, operation]));
const operation = (id: string): Operation => {
  const found = operations.get(id);
  if (found === undefined) throw new Error(id);
  return found;
};

describe('answers', () => {
  test('one that lacks a required field is named', () => {
    expect(validation.checkResponse(operation('git/get-ref'), 200, { ref: 'refs/heads/main', node_id: 'x', url: 'http://a/b' })).toBe("git/get-ref response 200: the value must have required property 'object'");
  });

  test('a wrong type deep inside is found', () => {
    const object = { type: 'commit', sha: 1, url: 'http://a/b' };
    expect(validation.checkResponse(operation('git/get-ref'), 200, { ref: 'refs/heads/main', node_id: 'x', url: 'http://a/b', object })).toContain('/object/sha must be string');
  });

  test('a status that the description does not know is refused', () => {
    expect(validation.checkResponse(operation('git/get-ref'), 202, {})).toContain('answered 202');
    expect(validation.checkResponse(operation('git/get-ref'), 403, { message: 'no' })).toBeNull();
  });

  test('null passes only where it may', () => {
    const artifact = { id: 1, node_id: 'x', name: 'a', size_in_bytes: 1, url: 'u', archive_download_url: 'u', expired: false, created_at: null, expires_at: null, updated_at: null };
    expect(validation.checkResponse(operation('actions/list-workflow-run-artifacts'), 200, { total_count: 1, artifacts: [artifact] })).toBeNull();
    expect(validation.checkResponse(operation('actions/list-workflow-run-artifacts'), 200, { total_count: 1, artifacts: [{ ...artifact, name: null }] })).toContain('/artifacts/0/name');
  });
});

describe('requests', () => {
  test('unknown and ill-typed query parameters are found', () => {
    const params = { owner: 'a', repo: 'b' };
    expect(validation.checkParameters(operation('pulls/list'), params, new URLSearchParams('state=all&per_page=5'))).toBeNull();
    expect(validation.checkParameters(operation('pulls/list'), params, new URLSearchParams('status=all'))).toContain('no query parameter status');
    expect(validation.checkParameters(operation('pulls/list'), params, new URLSearchParams('state=merged'))).toContain('must be equal to one of');
    expect(validation.checkParameters(operation('pulls/list'), params, new URLSearchParams('page=two'))).toContain('must be integer');
  });

  test('more than 25 inputs are too many', () => {
    const inputs = Object.fromEntries(Array.from({ length: 26 }, (_, index) => [`i${index}`, 'x']));
    expect(validation.checkBody(operation('actions/create-workflow-dispatch'), { ref: 'main', inputs })).toContain('must NOT have more than 25 properties');
  });
});

test('every served operation says which permission it needs', () => {
  expect([...operations.keys()].toSorted()).toEqual(Object.keys(NEEDS).toSorted());
});
