// The GraphQL slice: the served fields of the served types, and the inputs, enums and scalars these reach.
import { assertValidSchema, buildSchema, isInputObjectType, isInterfaceType, isObjectType, parse, print, visit } from 'graphql';
import type { DefinitionNode, FieldDefinitionNode, InterfaceTypeDefinitionNode, ObjectTypeDefinitionNode, TypeNode, UnionTypeDefinitionNode } from 'graphql';
import { SERVED_TYPES } from './served.ts';

const nameOf = (type: TypeNode): string => (type.kind === 'NamedType' ? type.name.value : nameOf(type.type));
const isFieldType = (node: DefinitionNode): node is ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode =>
  node.kind === 'ObjectTypeDefinition' || node.kind === 'InterfaceTypeDefinition';

/** An interface stays when all its served fields are served on the type, too. */
const isServedInterface = (name: string, fields: readonly string[]): boolean => SERVED_TYPES[name]?.every((field) => fields.includes(field)) === true;

function cutType<Node extends ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>(node: Node): Node {
  const served = SERVED_TYPES[node.name.value] ?? [];
  const fields = (node.fields ?? []).filter((field) => served.includes(field.name.value));
  const missing = served.filter((name) => !fields.some((field) => field.name.value === name));
  if (missing.length > 0) throw new Error(`The schema has no field ${node.name.value}.${missing.join(', ')}.`);
  return { ...node, fields, interfaces: (node.interfaces ?? []).filter((type) => isServedInterface(type.name.value, served)) };
}

/** Of a union only the served members stay. */
const cutUnion = (node: UnionTypeDefinitionNode): UnionTypeDefinitionNode => ({ ...node, types: (node.types ?? []).filter(({ name }) => name.value in SERVED_TYPES) });

const fieldsReach = (fields: readonly FieldDefinitionNode[]): string[] =>
  fields.flatMap((field) => [nameOf(field.type), ...(field.arguments ?? []).map((argument) => nameOf(argument.type))]);

function reaches(node: DefinitionNode): string[] {
  if (isFieldType(node)) return fieldsReach(node.fields ?? []);
  if (node.kind === 'InputObjectTypeDefinition') return (node.fields ?? []).map((field) => nameOf(field.type));
  return [];
}

/** Drops prose and directives: they say nothing about what is valid. */
const withoutProse = (sdl: string): ReturnType<typeof parse> =>
  visit(parse(sdl, { noLocation: true }), {
    enter: (node) => ('description' in node && node.description !== undefined ? { ...node, description: undefined } : undefined),
    Directive: () => null,
  });

/** The slice as SDL. Throws when the slice is no valid schema or a served field is not in GitHub's. */
export function cutGraphqlSchema(sdl: string): string {
  const all = new Map(withoutProse(sdl).definitions.flatMap((node) => ('name' in node && node.name !== undefined ? [[node.name.value, node] as const] : [])));
  const kept = new Map<string, DefinitionNode>();
  const queue = Object.keys(SERVED_TYPES);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const node = all.get(name);
    if (kept.has(name) || node === undefined) continue;
    if (isFieldType(node) && !(name in SERVED_TYPES)) throw new Error(`A served field reaches ${name}: name it in SERVED_TYPES or leave the field out.`);
    const cut = isFieldType(node) ? cutType(node) : node.kind === 'UnionTypeDefinition' ? cutUnion(node) : node;
    kept.set(name, cut);
    queue.push(...reaches(cut));
  }
  const definitions = [...kept.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, node]) => node);
  const slice = `# A slice of GitHub's GraphQL schema: see scripts/cut-github-descriptions.ts.\n${definitions.map((node) => print(node)).join('\n\n')}\n`;
  const schema = buildSchema(slice);
  assertValidSchema(schema);
  const types = Object.values(schema.getTypeMap());
  if (!types.some(isObjectType) || !types.some(isInterfaceType) || !types.some(isInputObjectType)) throw new Error('The slice lost whole kinds of types.');
  return slice;
}
