/** Where the name of a method stands in a body. */
export interface MethodName {
  readonly from: number;
  readonly length: number;
}

const MEMBER_START = /^[A-Za-z_$#@["'\d*]/;
const PREFIX = /(?:@[\w$.]+(?:\(\s*_?\s*\))?\s+|(?:public|private|protected|static|readonly|abstract|override|async|declare|accessor|get|set)\s+(?=[A-Za-z_$#["'*])|\*\s*)*/y;
const NAME = /[A-Za-z_$][\w$]*/y;
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/g;
const FOREIGN = /\b(?:class|interface|enum|namespace)\b|\{\s*[^\s}]/;

/** The methods of a class or interface whose members each begin a line, all equally indented. Null for any other. */
export function plainMembers(body: string, isInterface: boolean): MethodName[] | null {
  if (body.trim() === '') return [];
  const methods: MethodName[] = [];
  const starts: number[] = [];
  let indent = -1;
  let at = 0;
  for (const line of body.split('\n')) {
    const own = line.length - line.trimStart().length;
    if (line.trim() !== '' && MEMBER_START.test(line.slice(own))) {
      // The body's first line stands beside its brace.
      if (at === 0) return null;
      if (indent < 0) indent = own;
      if (own < indent) return null;
      if (own === indent) starts.push(at + own);
    }
    at += line.length + 1;
  }
  for (const [index, start] of starts.entries()) {
    const method = memberAt(body.slice(start, starts[index + 1] ?? body.length).trimEnd(), isInterface);
    if (method === null) return null;
    if (method.length > 0) methods.push({ from: start + method.from, length: method.length });
  }
  return methods;
}

/** The method's name in a member, an empty one for a member that is none, null for what is not understood. */
function memberAt(member: string, isInterface: boolean): MethodName | null {
  const plain = member.replace(STRING, '""');
  if (FOREIGN.test(plain) || /;\s*\S|[^\x00-\x7f]/.test(plain) || /[=,(<&|:?+-]$/.test(plain.replace(/,$/, ''))) return null;
  PREFIX.lastIndex = 0;
  PREFIX.test(member);
  NAME.lastIndex = PREFIX.lastIndex;
  const from = PREFIX.lastIndex;
  const name = NAME.exec(member)?.[0];
  if (name === undefined) return { from, length: 0 };
  const after = member.slice(from + name.length);
  if (!/^\s*\??\s*[(<]/.test(after) || (isInterface && name === 'new')) return { from, length: 0 };
  return { from, length: name.length };
}
