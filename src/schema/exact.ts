/** `T` with every property and list read-only, as the domain writes its types. */
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? T extends readonly [infer First, infer Second]
    ? readonly [DeepReadonly<First>, DeepReadonly<Second>]
    : readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** `true` when a schema's output and a domain type say the same; otherwise the compiler stops at the assignment of `true`. */
export type Same<Parsed, Domain> = [DeepReadonly<Parsed>] extends [Domain] ? ([Domain] extends [DeepReadonly<Parsed>] ? true : never) : never;
