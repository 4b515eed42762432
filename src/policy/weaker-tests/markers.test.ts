import { describe, expect, it } from 'vitest';
import { judgeBy, modified } from '../testing.ts';

const warnings = (path: string, old: string, now: string): string[] => judgeBy('tests', [modified(path, { text: old }, { text: now })]).violations.map(({ message }) => message);

const JS = "it('a', () => {\n  expect(f(1)).toBe(2);\n  expect(f(2)).toBe(3);\n});\n";
const PY = 'def test_a():\n    assert f(1) == 2\n    with pytest.raises(ValueError):\n        f(0)\n\nclass TestB:\n    def test_c(self):\n        assert f(3)\n';
const JAVA = 'class ATest {\n    @Test\n    void a() {\n        assertThat(f(2)).isEqualTo(3);\n        assertThrows(Odd.class, () -> f(0));\n    }\n}\n';
const RUST = '#[cfg(test)]\nmod tests {\n    #[test]\n    #[should_panic(expected = "odd")]\n    fn a() {\n        f(0);\n    }\n}\n';
const CSHARP = 'public class ATests {\n    [Theory]\n    [InlineData(1)]\n    [InlineData(2)]\n    public void B(int x)\n    {\n        F(x).Should().Be(2);\n        Assert.Equal(2, F(1));\n    }\n}\n';
const GO = 'package x\n\nfunc TestA(t *testing.T) {\n\trequire.Equal(t, 1, f(0))\n}\n';
const RUBY = "it 'a' do\n  expect(f(1)).to eq 2\n  expect { f(0) }.to raise_error(Odd)\nend\n";
const PHP = '<?php\nclass ATest extends TestCase {\n    public function testA(): void\n    {\n        $this->assertSame(2, f(1));\n    }\n}\n';

it('a line of megabytes takes no more than its length', () => {
  const long = ['it ', 'assert ', 'expect(', 'describe , ', 'pytestmark = ', 'try catch '].map((word) => word.repeat(100_000)).join('\n');
  expect(warnings('a.test.js', 'x\n', `${long}\n`)).toEqual([]);
});

it('comments that never end are no more work than others', () => {
  expect(warnings('a.test.js', 'x\n', ' /*x\n'.repeat(60_000))).toEqual([]);
  expect(judgeBy('dependencies', [modified('build.gradle', { text: 'x\n' }, { text: `// a */ "b"\nimplementation 'g:a:1'\n${' /*x\n'.repeat(60_000)}` })]).violations).toHaveLength(1);
});

describe('tests that say less than before', () => {
  it.each([
    ['a.test.ts', JS, '.toBe(2)', '.toBeDefined()', /compares no value/],
    ['a.test.ts', JS, '.toBe(2)', '.not.toBe(99)', /compares no value/],
    ['a.test.ts', JS, '.toBe(2)', '', /asserts what always holds/],
    ['a.test.ts', JS, 'expect(f(1)).toBe(2);', 'try { expect(f(1)).toBe(2); } catch {}', /asserts what always holds/],
    ['a.test.ts', JS, 'expect(f(1))', 'if (false) expect(f(1))', /leaves tests out/],
    ['tests/test_a.py', PY, 'f(1) == 2', 'f(1)', /compares no value/],
    ['tests/test_a.py', PY, 'ValueError', 'Exception', /expects any exception/],
    ['tests/test_a.py', PY, 'class TestB', 'class CheckB', /has 0 mark/],
    ['tests/test_a.py', PY, 'f(1) == 2', 'f(1) == 2 or True', /asserts what always holds/],
    ['src/test/ATest.java', JAVA, '    @Test\n', '', /has 0 mark/],
    ['src/test/ATest.java', JAVA, '@Test', '@Test(enabled = false)', /leaves tests out/],
    ['src/test/ATest.java', JAVA, '@Test', '@Test @EnabledOnOs(OS.AIX)', /leaves tests out/],
    ['src/test/ATest.java', JAVA, 'isEqualTo(3)', 'isNotNull()', /compares no value/],
    ['src/test/ATest.java', JAVA, 'Odd.class', 'Throwable.class', /expects any exception/],
    ['src/lib.rs', RUST, '    #[test]\n', '', /has 1 mark/],
    ['src/lib.rs', RUST, '(expected = "odd")', '', /expects any exception/],
    ['ATests.cs', CSHARP, '    [InlineData(2)]\n', '', /has 2 mark/],
    ['ATests.cs', CSHARP, '        F(x).Should().Be(2);\n', '', /with an assertion/],
    ['ATests.cs', CSHARP, 'Assert.Equal(2, F(1))', 'Assert.True(true)', /asserts what always holds/],
    ['ATests.cs', CSHARP, '[Theory]', '[Theory, Explicit]', /leaves tests out/],
    ['ATests.cs', CSHARP, 'public class', '#if false\npublic class', /leaves tests out/],
    ['a_test.go', GO, 'func TestA', 'func testA', /has 0 test\(s\), and had 1/],
    ['a_test.go', GO, 'package x', '//go:build ignore\n\npackage x', /leaves tests out/],
    ['a_test.go', GO, 'require.Equal(t, 1, f(0))', 'require.True(t, true)', /asserts what always holds/],
    ['spec/a_spec.rb', RUBY, "it 'a'", "it 'a', focus: true", /leaves tests out/],
    ['spec/a_spec.rb', RUBY, 'raise_error(Odd)', 'raise_error', /expects any exception/],
    ['tests/ATest.php', PHP, '    public function', '    #[RequiresPhp("99")]\n    public function', /leaves tests out/],
    ['test/a_test.cc', 'TEST(A, B) {\n  EXPECT_EQ(f(1), 2);\n}\n', 'EXPECT_EQ(f(1), 2)', 'EXPECT_TRUE(true)', /asserts what always holds/],
    ['tests/a.py', PY, 'assert f(3)', 'assert_equal(f, f)', /asserts what always holds/],
    ['Makefile', 'test:\n\tgo test ./...\n', '\tgo', '\t-go', /lets a check fail/],
    ['.nycrc.json', '{"branches": 90}', '"branches": 90', '', /no longer sets/],
    ['karma.conf.js', 'check: { global: { statements: 90 } }\n', '90', '40', /lowers the coverage threshold/],
    ['a.csproj', '<Project><CollectCoverage/><Threshold>90</Threshold></Project>', '90', '80', /lowers the coverage threshold/],
    ['pom.xml', '<project><artifactId>jacoco-maven-plugin</artifactId>\n<minimum>0.90</minimum></project>', '0.90', '0.80', /lowers the coverage threshold/],
  ])('%s: %#', (path, old, from, to, message) => {
    expect(old).toContain(from);
    expect(warnings(path, old, old.replace(from, to)).join('\n')).toMatch(message);
  });

  it.each([
    ['a.test.ts', JS, 'toBe(2)', 'toBe(22)'],
    ['a.test.ts', JS, 'toBe(2)', 'toEqual(2)'],
    ['a.test.ts', JS, '});\n', "  expect(g()).toBeDefined();\n});\n"],
    ['tests/test_a.py', PY, 'ValueError', 'KeyError'],
    ['tests/test_a.py', PY, 'f(1) == 2', 'f(1) == 3'],
    ['src/test/ATest.java', JAVA, '@Test', '@ParameterizedTest'],
    ['src/test/ATest.java', JAVA, 'Odd.class', 'Even.class'],
    ['ATests.cs', CSHARP, '[InlineData(2)]', '[InlineData(3)]'],
    ['a_test.go', GO, 'func TestA', 'func TestB'],
    ['a_test.go', GO, 'package x', '//go:build linux\n\npackage x'],
    ['codecov.yml', 'coverage:\n  target: 80%\n  threshold: 5%\n', '5%', '1%'],
    ['Makefile', 'test:\n\tgo test ./...\n', '\tgo test', '\tgo test -race'],
  ])('%s: leaves %#', (path, old, from, to) => {
    expect(warnings(path, old, old.replace(from, to))).toEqual([]);
  });
});
