/** The JavaScript half of `@ast-grep/wasm`, which is published without types of its own: as wasm.d.ts there, and what a loader needs. */
declare module '@ast-grep/wasm/wasm_bg.js' {
  export { parse, registerDynamicLanguage, initializeTreeSitter } from '@ast-grep/wasm';
  /** Hands over the exports of the instance that all other functions call. */
  export function __wbg_set_wasm(exports: object): void;
}

/** As Node has it; its types name only the interface of a module. */
declare namespace WebAssembly {
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(module: Module, imports: Readonly<Record<string, object>>): Promise<{ readonly exports: object }>;
}
