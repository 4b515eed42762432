import { one, quotedIn, type LanguageRules } from './language.ts';

/** `import a.b.C;`, `import static a.B.c;`, `import a.b.*`, Kotlin's `import a.b.C as D`. */
export const importsOfJvm: LanguageRules['importsOf'] = (statement) => {
  const path = /^\s*import\s+(?:static\s+)?(\w+(?:\.\w+)*(?:\.\*)?)/.exec(statement)?.[1];
  return one(path, [path?.slice(path.lastIndexOf('.') + 1) ?? '*']);
};

/** Scala: `import a.b.{C, D => E, _}, x.Y`, `import a.*`, `import a._`. */
export const importsOfScala: LanguageRules['importsOf'] = (statement) => {
  const clauses = statement.replace(/^\s*import\s+/, '').split(/,(?![^{]*\})/);
  return clauses.flatMap((clause) => {
    const [, folder = '', group] = /^\s*([\w.]+?)\.?(?:\{([^}]*)\}?|[*_])?\s*(?:as\s+\w+\s*)?$/.exec(clause) ?? [];
    if (folder === '') return [];
    if (group === undefined) return /[*_]\s*$/.test(clause) && !/\w_\s*$/.test(clause) ? one(`${folder}.*`) : one(folder, [folder.slice(folder.lastIndexOf('.') + 1)]);
    return group.split(',').flatMap((part) => {
      const name = part.trim().split(/\s*=>\s*|\s+as\s+/)[0]?.trim() ?? '';
      return /^[*_]$/.test(name) || name === 'given' ? one(`${folder}.*`) : /^\w+$/.test(name) ? one(`${folder}.${name}`, [name]) : [];
    });
  });
};

export const JAVA: LanguageRules = {
  grammar: 'java',
  query: `
    (import_declaration) @import
    (package_declaration [(scoped_identifier) (identifier)] @module)
    (class_declaration name: (_) @class)
    (record_declaration name: (_) @class)
    (interface_declaration name: (_) @type)
    (annotation_type_declaration name: (_) @type)
    (enum_declaration name: (_) @type)
    (method_declaration name: (_) @method)
  `,
  isExported: (_name, before, kind) => kind === 'module' || /\bpublic\b/.test(before),
  importsOf: importsOfJvm,
};

export const CSHARP: LanguageRules = {
  grammar: 'c_sharp',
  query: `
    (using_directive) @import
    (namespace_declaration name: (_) @module)
    (file_scoped_namespace_declaration name: (_) @module)
    (class_declaration name: (_) @class)
    (record_declaration name: (_) @class)
    (struct_declaration name: (_) @class)
    (interface_declaration name: (_) @type)
    (enum_declaration name: (_) @type)
    (delegate_declaration name: (_) @type)
    (method_declaration name: (_) @method)
    (property_declaration name: (_) @method)
  `,
  isExported: (_name, before, kind) => kind === 'module' || /\b(?:public|internal)\b/.test(before),
  importsOf: (statement) => one(/\busing\s+(?:static\s+)?(?:\w+\s*=\s*)?([\w.]+)\s*;?\s*$/.exec(statement)?.[1]),
};

export const SWIFT: LanguageRules = {
  grammar: 'swift',
  query: `
    (import_declaration) @import
    (class_declaration name: (_) @class)
    (protocol_declaration name: (_) @type)
    (typealias_declaration name: (type_identifier) @type)
    (function_declaration name: (simple_identifier) @function)
    (protocol_function_declaration name: (simple_identifier) @method)
    (source_file (property_declaration name: (pattern bound_identifier: (_) @value)))
  `,
  isExported: (_name, before) => !/\b(?:private|fileprivate)\b[^\n]*$/.test(before),
  importsOf: (statement) => one(/\bimport\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/.exec(statement)?.[1]),
};

export const DART: LanguageRules = {
  grammar: 'dart',
  query: `
    (library_import) @import
    (library_export) @import
    (part_directive) @import
    (class_definition name: (_) @class)
    (mixin_declaration (mixin) . (identifier) @class)
    (extension_declaration name: (_) @class)
    (enum_declaration name: (_) @type)
    (type_alias . (type_identifier) @type)
    (program (function_signature name: (_) @function))
    (method_signature (function_signature name: (_) @method))
    (method_signature (getter_signature name: (_) @method))
    (program (static_final_declaration_list (static_final_declaration . (identifier) @value)))
  `,
  isExported: (name) => !name.startsWith('_'),
  importsOf: (statement) => one(quotedIn(statement), /\bshow\s+(\w+(?:\s*,\s*\w+)*)/.exec(statement)?.[1]?.split(',').map((name) => name.trim()) ?? ['*']),
};

export const CSS: LanguageRules = {
  grammar: 'css',
  query: `
    (import_statement) @import
    (class_selector (class_name) @value)
    (id_selector (id_name) @value)
    (keyframes_name) @value
  `,
  isExported: () => true,
  importsOf: (statement) => one(quotedIn(statement) ?? /url\(\s*([^)"'\s]{1,500})/.exec(statement)?.[1]),
};
