import { cpSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { defineConfig } from 'astro/config';
import tailwindcss from '@tailwindcss/vite';

const site = process.env['COUNTERSIGN_SITE_URL'];
const out = process.env['COUNTERSIGN_OUT'];
// npm runs scripts in the workspace; a relative path means the place where npm was called.
const calledFrom = process.env['INIT_CWD'] ?? process.cwd();

/**
 * Lays a finished build over `target`. Each build works in a directory of its own inside the workspace (Astro shares one
 * otherwise), so builds may run side by side, and a directory that is being served never has a gap.
 */
const copyTo = (target: string): AstroIntegration => ({
  name: 'countersign-copy',
  hooks: {
    'astro:config:done': ({ config }) => {
      process.once('exit', () => rmSync(config.outDir, { recursive: true, force: true }));
    },
    'astro:build:done': ({ dir }) => cpSync(dir, target, { recursive: true }),
  },
});

// `build.inlineStylesheets` and `assetsInlineLimit` keep every byte of style and script in files of its own, so that
// the pages' Content-Security-Policy can forbid everything inline.
export default defineConfig({
  ...(site ? { site } : {}),
  ...(out ? { outDir: fileURLToPath(new URL(`.astro/out-${process.pid}`, import.meta.url)), integrations: [copyTo(resolve(calledFrom, out))] } : {}),
  base: process.env['COUNTERSIGN_BASE'] ?? '/',
  output: 'static',
  trailingSlash: 'always',
  compressHTML: true,
  // Pages are written while others are rendered; one after the other, half the time would go by waiting for the disk.
  build: { format: 'directory', inlineStylesheets: 'never', assets: 'assets', concurrency: 8 },
  devToolbar: { enabled: false },
  vite: { plugins: [tailwindcss()], build: { assetsInlineLimit: 0 } },
});
