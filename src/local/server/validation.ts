// Every request and every response is checked against GitHub's published description, both ways.
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { toJsonSchema } from './published.ts';
import type { Description, Json, Operation, Parameter } from './published.ts';
import { UNDOCUMENTED_STATUSES } from '../overlay.ts';

type Resolved = Exclude<Parameter, { $ref: string }>;

/** Numbers and booleans arrive as text in paths and queries. */
function fromText(text: string, schema: Json): Json {
  const type = typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema['type'] : undefined;
  if (type === 'integer' || type === 'number') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

export class Validation {
  readonly #description: Description;
  readonly #ajv: Ajv;
  readonly #compiled = new Map<string, ValidateFunction | null>();

  constructor(description: Description) {
    this.#description = description;
    this.#ajv = new Ajv({ strict: false, validateSchema: false, inlineRefs: false, addUsedSchema: false, allErrors: false, code: { optimize: false }, logger: false, allowUnionTypes: true });
    addFormats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'github', components: toJsonSchema({ schemas: description.components.schemas }) }, 'github');
  }

  /** What is wrong with a request's parameters, in words; null when nothing is. */
  checkParameters(operation: Operation, params: Readonly<Record<string, string>>, query: URLSearchParams): string | null {
    const known = (operation.parameters ?? []).map((parameter) => this.#resolve(parameter));
    for (const [name] of query) if (!known.some((parameter) => parameter.in === 'query' && parameter.name === name)) return `${operation.operationId} has no query parameter ${name}`;
    for (const parameter of known) {
      if (parameter.in === 'header') continue;
      const text = parameter.in === 'path' ? params[parameter.name] : (query.get(parameter.name) ?? undefined);
      if (text === undefined) {
        if (parameter.required === true) return `${operation.operationId} needs the parameter ${parameter.name}`;
        continue;
      }
      const schema = parameter.schema ?? {};
      const fault = this.#check(`${operation.operationId} ${parameter.in} ${parameter.name}`, schema, fromText(text, schema));
      if (fault !== null) return fault;
    }
    return null;
  }

  checkBody(operation: Operation, body: unknown): string | null {
    const described = operation.requestBody;
    if (described === undefined) return null;
    if (body === undefined) return described.required === true ? `${operation.operationId} needs a body` : null;
    const schema = described.content['application/json']?.schema;
    return schema === undefined ? null : this.#check(`${operation.operationId} request`, schema, body);
  }

  /** What is wrong with a response; null when GitHub's description allows it. */
  checkResponse(operation: Operation, status: number, body: unknown): string | null {
    const found = operation.responses[String(status)];
    if (found === undefined) {
      const excused = status === 401 || status === 403 || status === 404 || UNDOCUMENTED_STATUSES.some((known) => known.operation === operation.operationId && known.status === status);
      return excused ? null : `${operation.operationId} answered ${status}, which its description does not know`;
    }
    const described = '$ref' in found && typeof found.$ref === 'string' ? this.#description.components.responses[found.$ref.split('/').at(-1) ?? ''] : found;
    const content = described !== undefined && 'content' in described ? described.content : undefined;
    const schema = content?.['application/json']?.schema;
    if (schema === undefined) return null;
    return this.#check(`${operation.operationId} response ${status}`, schema, body);
  }

  #resolve(parameter: Parameter): Resolved {
    if (!('$ref' in parameter) || typeof parameter.$ref !== 'string') return parameter as Resolved;
    const found = this.#description.components.parameters[parameter.$ref.split('/').at(-1) ?? ''];
    if (found === undefined) throw new Error(`The description lacks ${parameter.$ref}.`);
    return this.#resolve(found);
  }

  #check(name: string, schema: Json, value: unknown): string | null {
    const validate = this.#compile(name, schema);
    if (validate === null || validate(value)) return null;
    const error = validate.errors?.[0];
    return `${name}: ${error?.instancePath === '' ? 'the value' : error?.instancePath} ${error?.message ?? 'is not as described'}`;
  }

  #compile(name: string, schema: Json): ValidateFunction | null {
    let compiled = this.#compiled.get(name);
    if (compiled === undefined) {
      const text = JSON.stringify(toJsonSchema(schema)).replaceAll('"$ref":"#/', '"$ref":"github#/');
      compiled = this.#ajv.compile(JSON.parse(text));
      this.#compiled.set(name, compiled);
    }
    return compiled;
  }
}
