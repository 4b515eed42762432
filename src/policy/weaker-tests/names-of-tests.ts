/** Files of tests by their names and folders, as the common languages have them. */
export const TEST_FILES: readonly string[] = ['test', 'tests', '__tests__', 'spec', 'specs', 'testing', 'e2e', '*[._-]{test,spec,tests,cy,steps}.*', 'test[_-]*.*', '*{test,tests,spec}.{java,kt,kts,cs,php,swift,scala,groovy,m}', 'conftest.py'];
