import { visible } from './label.js';

/** What is read of a node, of whatever document. */
export interface SvgNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly nodeValue: string | null;
  readonly childNodes: Iterable<SvgNode>;
  readonly attributes?: Iterable<{ readonly name: string; readonly value: string }>;
}

/** Text for an XML document: escaped, on one line, with nothing in it that an XML document cannot hold or that turns text around. */
export function escapeXml(text: string): string {
  return visible(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/**
 * Nodes as XML. Identifiers become `prefix-0`, `prefix-1`, ... in the order they stand, and references follow them;
 * style sheets and scripts are left out.
 */
export function svgText(nodes: Iterable<SvgNode>, prefix: string): string {
  const names = new Map<string, string>();
  for (const node of nodes) collectIds(node, prefix, names);
  return [...nodes].map((node) => nodeText(node, names)).join('');
}

/** Attributes of a node but for some, as XML with a space before each. */
export function attributesText(node: SvgNode, without: ReadonlySet<string>): string {
  return attributes(node, new Map())
    .filter(([name]) => !without.has(name))
    .map(([name, value]) => ` ${name}="${escapeXml(value)}"`)
    .join('');
}

const [ELEMENT, TEXT] = [1, 3];

function nodeText(node: SvgNode, names: ReadonlyMap<string, string>): string {
  if (node.nodeType === TEXT) return escapeXml(node.nodeValue ?? '');
  const name = node.nodeName.toLowerCase() === node.nodeName.toUpperCase() ? '' : localName(node.nodeName);
  if (node.nodeType !== ELEMENT || name === 'style' || name === 'script') return '';
  const inside = [...node.childNodes].map((child) => nodeText(child, names)).join('');
  const attrs = attributes(node, names).map(([key, value]) => ` ${key}="${escapeXml(value)}"`).join('');
  return inside === '' ? `<${name}${attrs}/>` : `<${name}${attrs}>${inside}</${name}>`;
}

// HTML documents may give names in capitals; SVG's own have capitals only inside.
function localName(name: string): string {
  return name === name.toUpperCase() ? name.toLowerCase() : name;
}

function attributes(node: SvgNode, names: ReadonlyMap<string, string>): [string, string][] {
  return [...(node.attributes ?? [])].map(({ name, value }) => [name, renamed(name, value, names)]);
}

function renamed(name: string, value: string, names: ReadonlyMap<string, string>): string {
  if (name === 'id') return names.get(value) ?? value;
  const [, before = '', id = '', after = ''] = /^(url\(#|#)([^)]*)(\)?)$/.exec(value) ?? [];
  const target = names.get(id);
  return target === undefined ? value : before + target + after;
}

function collectIds(node: SvgNode, prefix: string, names: Map<string, string>): void {
  for (const { name, value } of node.attributes ?? []) {
    if (name === 'id' && !names.has(value)) names.set(value, `${prefix}-${String(names.size)}`);
  }
  for (const child of node.childNodes) collectIds(child, prefix, names);
}
