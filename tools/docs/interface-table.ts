import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { code, plain, table } from './markdown.js';

const sources = new Map<string, ts.SourceFile>();

function sourceOf(path: string): ts.SourceFile {
  const known = sources.get(path);
  if (known !== undefined) return known;
  const read = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  sources.set(path, read);
  return read;
}

function docOf(node: ts.Node): string {
  const text = ts.getJSDocCommentsAndTags(node).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '').join(' ');
  // Links lead nowhere outside the API's own pages: their words stay.
  return plain(text.replaceAll(/\{@link (\w+)\}/g, '$1').replaceAll(/\s+/g, ' ').trim());
}

/** A type in the words of JSON: what is in a file has no readonly and no Float64Array. */
function jsonType(node: ts.TypeNode | undefined, source: ts.SourceFile): string {
  const text = node === undefined ? 'unknown' : node.getText(source);
  return text.replaceAll(/\breadonly /g, '').replaceAll(/typeof (\w+_SCHEMA)/g, 'string').replaceAll(/\bFloat\b/g, 'number | null').replaceAll(/\bbigint\b/g, 'integer').replaceAll(/\s+/g, ' ');
}

/** Members of a type literal inside another, with the name of the outer one before theirs. */
function membersOf(members: ts.NodeArray<ts.TypeElement>, source: ts.SourceFile, before: string): string[][] {
  return members.filter(ts.isPropertySignature).flatMap((member) => {
    const name = `${before}${member.name.getText(source)}`;
    const optional = member.questionToken === undefined ? '' : 'may be missing; ';
    const inner = member.type !== undefined && ts.isTypeLiteralNode(member.type) ? member.type : null;
    const row = [code(name), inner === null ? code(jsonType(member.type, source)) : 'object', `${optional}${docOf(member)}`.replace(/; $/, '')];
    return [row, ...(inner === null ? [] : membersOf(inner.members, source, `${name}.`))];
  });
}

/**
 * The members of an interface as a table, with what their doc comments say: a format's reference that cannot differ from it.
 *
 * @param path - source file
 * @param name - of the interface
 */
export function interfaceTable(path: string, name: string): string {
  const source = sourceOf(path);
  const found = source.statements.find((each): each is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(each) && each.name.text === name);
  if (found === undefined) throw new Error(`${path} has no interface ${name}`);
  const from = (found.heritageClauses ?? []).flatMap(({ types }) => types.map((type) => type.getText(source)));
  const also = from.length === 0 ? '' : `\n\nand the members of ${from.map(code).join(' and ')}.`;
  return `${table(['member', 'type', 'what it is'], membersOf(found.members, source, ''))}${also}`;
}
