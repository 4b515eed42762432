import { parseXml as parse, XmlElement, XmlError, XmlText } from '@rgrove/parse-xml';
import { lineFinder } from './json.ts';
import { Unreadable } from './model.ts';

/** One element: its name without a prefix, attributes and own text as they mean, children in their order. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
  readonly line: number;
}

const DEPTH_MAX = 200;

/** The root element of an XML text. Document types are refused: their entities can name other files, or grow without end. @throws Unreadable */
export function parseXml(text: string): Element {
  const plain = text.replace(/^\uFEFF/, '');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(plain)) throw new Unreadable('it declares a document type, whose entities can hide what it says');
  try {
    const { root } = parse(plain, { includeOffsets: true });
    if (root === null) throw new Unreadable('it is empty');
    const lineAt = lineFinder(plain);
    return elementOf(root, lineAt, 0);
  } catch (error) {
    if (error instanceof XmlError) throw new Unreadable('it is no XML', error.line);
    if (error instanceof RangeError) throw new Unreadable('it is nested too deeply');
    throw error;
  }
}

function elementOf(element: XmlElement, lineAt: (offset: number) => number, depth: number): Element {
  if (depth > DEPTH_MAX) throw new Unreadable('it is nested too deeply');
  const children = element.children.filter((child) => child instanceof XmlElement).map((child) => elementOf(child, lineAt, depth + 1));
  const text = element.children.map((child) => (child instanceof XmlText ? child.text : '')).join('').trim();
  return { name: element.name.replace(/^.*:/, ''), attributes: element.attributes, children, text, line: lineAt(element.start) };
}

export const child = ({ children }: Element, name: string): Element | undefined => children.find((element) => element.name === name);
export const childText = (element: Element, name: string): string => child(element, name)?.text ?? '';

/** Every element from this one down, with the names of those around it. */
export function elementsIn(element: Element, path: readonly string[] = []): { readonly element: Element; readonly path: readonly string[] }[] {
  return [{ element, path }, ...element.children.flatMap((inner) => elementsIn(inner, [...path, element.name]))];
}

/** One text for an element and everything in it, without its formatting. */
export const compactXml = ({ name, attributes, children, text }: Element): string => JSON.stringify([name, Object.entries(attributes), text, children.map(compactXml)]);
