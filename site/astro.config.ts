import { defineConfig } from 'astro/config';
import tailwindcss from '@tailwindcss/vite';

const site = process.env['COUNTERSIGN_SITE_URL'];

// `build.inlineStylesheets` and `assetsInlineLimit` keep every byte of style and script in files of its own, so that
// the pages' Content-Security-Policy can forbid everything inline.
export default defineConfig({
  ...(site ? { site } : {}),
  base: process.env['COUNTERSIGN_BASE'] ?? '/',
  ...(process.env['COUNTERSIGN_OUT'] ? { outDir: process.env['COUNTERSIGN_OUT'] } : {}),
  output: 'static',
  trailingSlash: 'always',
  compressHTML: true,
  // Pages are written while others are rendered; one after the other, half the time would go by waiting for the disk.
  build: { format: 'directory', inlineStylesheets: 'never', assets: 'assets', concurrency: 8 },
  devToolbar: { enabled: false },
  vite: { plugins: [tailwindcss()], build: { assetsInlineLimit: 0 } },
});
