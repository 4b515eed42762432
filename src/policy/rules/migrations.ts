import { createPathRule } from '../path-rule.ts';

/** Steps that change stored data or its shape. */
export const migrations = createPathRule('migrations', {
  what: 'a step that changes stored data',
  why: 'A migration runs once and against real data; reverting the commit does not bring the data back.',
  globs: ['migrations', 'migration', 'db/migrate', 'db/schema.rb', 'db/structure.sql', 'alembic/versions', 'flyway', 'liquibase', 'changelog*.xml', 'prisma/schema.prisma', 'schema.sql'],
});
