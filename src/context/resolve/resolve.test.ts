import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RepositoryContext } from '../../domain/context.ts';
import { buildContext } from '../build.ts';
import { loadGrammarFromPackages } from '../grammars.ts';
import { fakeObjects, type MemoryFiles } from '../memory-objects.fixture.ts';
import { parseJsonc } from './jsonc.ts';

const tools = { loadGrammar: loadGrammarFromPackages, hash: (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex') };

async function read(repos: Readonly<Record<string, MemoryFiles>>): Promise<RepositoryContext> {
  const opened = Object.entries(repos).map(([repo, files], index) => {
    const objects = fakeObjects(files);
    return { repo, role: index === 0 ? ('primary' as const) : ('secondary' as const), commit: objects.commit, tree: objects.tree, objects };
  });
  return buildContext({ repos: opened, query: 'anything', budgetBytes: 10_000 }, tools);
}

/** Where each import of a file leads: `repo:path`, or null. */
async function leads(files: MemoryFiles, path: string, others: Readonly<Record<string, MemoryFiles>> = {}): Promise<(string | null)[]> {
  const { repos } = await read({ 'o/a': files, ...others });
  const found = repos[0]?.files.find((file) => file.path === path)?.imports ?? [];
  return found.map(({ target }) => target && (target.repo === 'o/a' ? target.path : `${target.repo}:${target.path}`));
}

describe('ECMAScript', () => {
  test('tsconfig paths, through extends, with comments and trailing commas; the longest prefix wins', async () => {
    const files = {
      'tsconfig.base.json': '{ // base\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], "@/deep/*": ["src/very/deep/*"], "exact": ["src/exact.ts",], } /* end */ } }',
      'app/tsconfig.json': '{ "extends": "../tsconfig.base.json" }',
      'app/main.ts': "import '@/a'; import '@/deep/b'; import 'exact'; import 'src/a'; import 'unknown';",
      'src/a.ts': '', 'src/very/deep/b.tsx': '', 'src/exact.ts': '',
    };
    expect(await leads(files, 'app/main.ts')).toEqual(['src/a.ts', 'src/very/deep/b.tsx', 'src/exact.ts', 'src/a.ts', null]);
  });

  test('a tsconfig that extends itself ends', async () => {
    expect(await leads({ 'tsconfig.json': '{"extends":"./tsconfig.json","compilerOptions":{"paths":{"x":["./y"]}}}', 'a.ts': "import 'x';", 'y.ts': '' }, 'a.ts')).toEqual(['y.ts']);
  });

  test('workspace packages by exports, imports and subpaths, here and in another repository', async () => {
    const files = {
      'packages/core/package.json': '{"name":"@o/core","exports":{".":"./src/index.ts","./util/*":{"import":"./dist/util/*.js"}},"imports":{"#inner/*":"./src/inner/*.ts"}}',
      'packages/core/src/index.ts': "import '#inner/x';", 'packages/core/src/inner/x.ts': '', 'packages/core/src/util/y.ts': '',
      'packages/web/main.ts': "import '@o/core'; import '@o/core/util/y'; import '@o/other/thing';", 'package.json': '{"name":"root","workspaces":["packages/*"]}',
    };
    const other = { 'o/b': { 'package.json': '{"name":"@o/other"}', 'src/thing.ts': '' } };
    expect(await leads(files, 'packages/web/main.ts', other)).toEqual(['packages/core/src/index.ts', 'packages/core/src/util/y.ts', 'o/b:src/thing.ts']);
    expect(await leads(files, 'packages/core/src/index.ts')).toEqual(['packages/core/src/inner/x.ts']);
  });

  test('nothing leads out of the repository', async () => {
    expect(await leads({ 'a.ts': "import '../../etc/passwd'; import '/etc/passwd'; import 'file:///etc/passwd'; import './link';", link: { link: '/etc/passwd' }, 'b.json': '' }, 'a.ts')).toEqual([null, null, null, 'link']);
  });
});

test.each<[string, MemoryFiles, string, (string | null)[]]>([
  ['Swift modules', { 'Package.swift': '// swift-tools-version:5.9\n', 'Sources/App/main.swift': 'import Core\nimport Foundation\n', 'Sources/Core/A.swift': 'public struct A {}', 'Sources/Core/B.swift': 'public struct B {}' }, 'Sources/App/main.swift', ['Sources/Core/A.swift', 'Sources/Core/B.swift', null]],
  ['Solidity paths', { 'contracts/A.sol': 'import "./B.sol";\nimport {C} from "../lib/C.sol";\nimport "@openzeppelin/contracts/D.sol";\nimport "lib/C.sol";\ncontract A {}', 'contracts/B.sol': '', 'lib/C.sol': '' }, 'contracts/A.sol', ['contracts/B.sol', 'lib/C.sol', null, 'lib/C.sol']],
  ['Protocol Buffers paths', { 'api/v1/user.proto': 'syntax = "proto3";\nimport "api/v1/common.proto";\nimport public "shared/money.proto";\nimport "google/protobuf/any.proto";\n', 'api/v1/common.proto': '', 'protos/shared/money.proto': '' }, 'api/v1/user.proto', ['api/v1/common.proto', 'protos/shared/money.proto', null]],
  ['Scala packages', { 'core/src/main/scala/a/b/C.scala': 'package a.b\nimport a.d.E\nimport a.d.{F, G}\nimport scala.collection.mutable\nclass C', 'core/src/main/scala/a/d/E.scala': 'package a.d\nclass E', 'core/src/main/scala/a/d/FG.scala': 'package a.d\nclass F\nclass G' }, 'core/src/main/scala/a/b/C.scala', ['core/src/main/scala/a/d/E.scala', 'core/src/main/scala/a/d/FG.scala', 'core/src/main/scala/a/d/FG.scala', null]],
  ['everything of a Java package', { 'src/a/b/C.java': 'package a.b;\nimport a.d.*;\nimport static a.d.E.f;\nimport java.util.*;\nclass C {}', 'src/a/d/E.java': 'package a.d;\npublic class E {}', 'src/a/d/F.java': 'package a.d;\nclass F {}' }, 'src/a/b/C.java', ['src/a/d/E.java', 'src/a/d/F.java', 'src/a/d/E.java', null]],
  ['Kotlin files named freely', { 'src/a/C.kt': 'package a\nimport b.second\nimport b.Thing as T\nimport b.*\n', 'src/b/Util.kt': 'package b\nfun <T> List<T>.second(): T = this[1]\n', 'src/b/Things.kt': 'package b\nclass Thing\n' }, 'src/a/C.kt', ['src/b/Util.kt', 'src/b/Things.kt', 'src/b/Things.kt', 'src/b/Util.kt']],
  ['Scala selectors with other names, everything, and packages in two steps', { 'A.scala': 'package a\nimport x.y.{P => Q, _}\nimport x.y._\nimport x.y.P\n', 'B.scala': 'package x\npackage y\ncase class P()\n' }, 'A.scala', ['B.scala', 'B.scala', 'B.scala', 'B.scala']],
  ['GraphQL imports', { 'queries/user.graphql': '#import "./fragments.graphql"\n# import Name from "schema/name.graphql"\n#import "gone.graphql"\nquery Q { user { ...F } }\n', 'queries/fragments.graphql': '', 'schema/name.graphql': 'type Name { a: Int }' }, 'queries/user.graphql', ['queries/fragments.graphql', 'schema/name.graphql', null]],
  ['Go modules', { 'go.mod': 'module a.org/m\n', 'main.go': 'package main\nimport ("a.org/m/pkg"; "fmt")\n', 'pkg/x.go': 'package pkg', 'pkg/x_test.go': 'package pkg' }, 'main.go', ['pkg/x.go', null]],
  ['Rust modules and crates', { 'Cargo.toml': '[package]\nname = "app"\n', 'src/lib.rs': 'mod a;\nuse crate::a::b::Thing;\nuse other_crate::x;\n', 'src/a/mod.rs': 'pub mod b;\nuse super::c;', 'src/a/b.rs': '', 'src/c.rs': '', 'other/Cargo.toml': '[package]\nname = "other-crate"\n', 'other/src/lib.rs': '' }, 'src/lib.rs', ['src/a/mod.rs', 'src/a/b.rs', 'other/src/lib.rs']],
  ['Java packages', { 'src/main/java/a/b/C.java': 'package a.b;\nimport a.d.E;\nimport a.d.E.Inner;\nimport java.util.List;\nclass C {}', 'src/main/java/a/d/E.java': 'package a.d;\npublic class E {}' }, 'src/main/java/a/b/C.java', ['src/main/java/a/d/E.java', 'src/main/java/a/d/E.java', null]],
  ['C includes', { 'src/a.c': '#include "b.h"\n#include <lib/c.h>\n#include <stdio.h>\n', 'src/b.h': '', 'include/lib/c.h': '' }, 'src/a.c', ['src/b.h', 'include/lib/c.h', null]],
  ['Ruby', { 'lib/a.rb': "require 'a/b'\nrequire_relative 'a/c'\nrequire 'json'\n", 'lib/a/b.rb': '', 'lib/a/c.rb': '' }, 'lib/a.rb', ['lib/a/b.rb', 'lib/a/c.rb', null]],
  ['PHP by PSR-4', { 'composer.json': '{"autoload":{"psr-4":{"App\\\\":"src/","App\\\\Sub\\\\":["sub"]}}}', 'src/A.php': '<?php\nnamespace App;\nuse App\\B\\C;\nuse App\\Sub\\D;\nuse Other\\E;\n', 'src/B/C.php': '<?php', 'sub/D.php': '<?php' }, 'src/A.php', ['src/B/C.php', 'sub/D.php', null]],
  ['C# namespaces', { 'A.cs': 'using N.M;\nusing System;\nclass A {}', 'M/B.cs': 'namespace N.M { public class B {} }' }, 'A.cs', ['M/B.cs', null]],
  ['Python src layout and relative modules', { 'pyproject.toml': '[project]\nname = "p"\n', 'src/p/__init__.py': '', 'src/p/a.py': 'from . import b\nfrom .b import go\nfrom p.sub.c import x\n', 'src/p/b.py': 'def go():\n    from p import a\n', 'src/p/sub/c.py': '' }, 'src/p/a.py', ['src/p/b.py', 'src/p/b.py', 'src/p/sub/c.py']],
  ['Dart packages', { 'pubspec.yaml': 'name: p\n', 'lib/a.dart': "import 'package:p/src/b.dart';\nimport 'src/c.dart';\n", 'lib/src/b.dart': '', 'lib/src/c.dart': '' }, 'lib/a.dart', ['lib/src/b.dart', 'lib/src/c.dart']],
  ['Swift targets where their package says, with all folders below', { 'Package.swift': 'let package = Package(name: "A", targets: [.target(name: "Net", path: "Source"), .testTarget(name: "NetTests", dependencies: ["Net"], path: "Tests")])\n', 'Source/Core/S.swift': 'public struct S {}', 'Source/N.swift': '', 'Tests/T.swift': '@testable import Net\nimport XCTest\n' }, 'Tests/T.swift', ['Source/Core/S.swift', 'Source/N.swift', null]],
  ['Solidity by remappings, by foundry.toml and by packages of the workspace', { 'remappings.txt': '@oz/contracts/=contracts/\nforge-std=lib/forge-std/src\n', 'sub/foundry.toml': '[profile.default]\nremappings = [\n  "@in/=sub/in/",\n]\n', 'pkg/package.json': '{"name":"@o/tokens"}', 'pkg/T.sol': '', 'contracts/M.sol': '', 'test/A.t.sol': 'import "@oz/contracts/M.sol";\nimport {T} from "@o/tokens/T.sol";\nimport "forge-std/Test.sol";\ncontract A {}' }, 'test/A.t.sol', ['contracts/M.sol', 'pkg/T.sol', null]],
  ['Rust: tests, examples and benchmarks are crates of their own', { 'Cargo.toml': '[package]\nname = "c"\n', 'src/lib.rs': '', 'src/common.rs': '', 'tests/common/mod.rs': '', 'tests/it.rs': 'mod common;\nuse crate::common::run;\nuse c::common;\n' }, 'tests/it.rs', ['tests/common/mod.rs', 'tests/common/mod.rs', 'src/common.rs']],
  ['Protocol Buffers that begin with the repository', { 'api/v/a.proto': 'syntax = "proto3";\nimport "etcd/api/kv/kv.proto";\nimport "google/api/kv.proto";\n', 'api/kv/kv.proto': '' }, 'api/v/a.proto', ['api/kv/kv.proto', null]],
  ['declarations beside emitted names', { 'index.d.ts': "import './ambient.js';\nexport * from './x.mjs';\n", 'ambient.d.ts': '', 'x.d.mts': '' }, 'index.d.ts', ['ambient.d.ts', 'x.d.mts']],
  ['what frameworks alias without a tsconfig', { 'app/package.json': '{"name":"app"}', 'app/src/lib/db.ts': '', 'app/src/b.ts': '', 'app/src/routes/a.ts': "import '$lib/db';\nimport '@/b';\nimport '~/gone';\n" }, 'app/src/routes/a.ts', ['app/src/lib/db.ts', 'app/src/b.ts', null]],
  ['a namespace of PHP as a whole', { 'src/H/A.php': '<?php\nnamespace G\\H;\nclass A {}\n', 't.php': '<?php\nuse G\\H;\n' }, 't.php', ['src/H/A.php']],
  ['CSS and Solidity by path', { 'a.css': '@import "x/b.css";', 'x/b.css': '' }, 'a.css', ['x/b.css']],
])('%s', async (_, files, path, expected) => {
  expect(await leads(files, path)).toEqual(expected);
});

test('imports inside functions count too', async () => {
  expect(await leads({ 'a.py': 'def f():\n    import b\n    return b\n', 'b.py': '' }, 'a.py')).toEqual(['b.py']);
  expect(await leads({ 'a.js': "function f() { return require('./b'); }", 'b.js': '' }, 'a.js')).toEqual(['b.js']);
});

test('JSON with comments: strings stay as they are', () => {
  expect(parseJsonc('{ "a": "// no /* comment */,]", /* x */ "b": [1, 2, /* y */ ], // z\n}')).toEqual({ a: '// no /* comment */,]', b: [1, 2] });
});

test('what one repository provides and another uses', async () => {
  const { topology } = await read({
    'o/api': {
      'package.json': '{"name":"@o/api","main":"src/index.ts"}', 'src/index.ts': "export function connect() {}\napp.get('/users/:id', handler);\n",
      'openapi.yaml': 'openapi: 3.1.0\npaths:\n  /orders/{id}:\n    post: {}\ncomponents:\n  schemas:\n    OrderRequest: {}\n', 'users.proto': 'message UserProfile { string id = 1; }\n',
    },
    'o/web': {
      'package.json': '{"name":"web","dependencies":{"@o/api":"^1"}}',
      'src/a.ts': "import { connect } from '@o/api';\nconst p: UserProfile = await fetch(`${base}/users/${id}`);\naxios.post('/orders/12', body as OrderRequest);\n",
    },
  });
  const found = topology.crossRepo.map(({ kind, name, provider, user }) => `${kind} ${name}: ${provider.path} → ${user.path}`);
  expect(found).toEqual([
    'name connect: src/index.ts → src/a.ts', 'package @o/api: package.json → package.json', 'route POST /orders/{}: openapi.yaml → src/a.ts', 'route GET /users/{}: src/index.ts → src/a.ts',
    'schema OrderRequest: openapi.yaml → src/a.ts', 'schema UserProfile: users.proto → src/a.ts',
  ].sort((left, right) => found.indexOf(left) - found.indexOf(right)));
  expect(topology.links).toContainEqual({ from: { repo: 'o/web', root: 'src' }, to: { repo: 'o/api', root: 'src' }, imports: 1, declared: null });
  expect(topology.components.map(({ repo, root }) => `${repo}:${root}`)).toEqual(expect.arrayContaining(['o/api:src', 'o/web:src']));
});
