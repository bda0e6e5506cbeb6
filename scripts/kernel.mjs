// Compiles kernel/entry.ts to src/ledger/kernel-bytes.ts. With --check, only says whether that file is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const target = new URL('../src/ledger/kernel-bytes.ts', import.meta.url);
const flags = ['--runtime', 'stub', '--optimizeLevel', '3', '--shrinkLevel', '0', '--enable', 'simd,bulk-memory', '--noAssert', '--importMemory'];
const files = new Map();
const { error, stderr } = await asc.main(['kernel/entry.ts', '--outFile', 'kernel.wasm', ...flags], {
  readFile: (name) => { try { return readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'); } catch { return null; } },
  writeFile: (name, contents) => void files.set(name, contents),
  listFiles: () => [],
});
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
const base64 = Buffer.from(files.get('kernel.wasm')).toString('base64');
const text = `// Made by \`npm run kernel\` from kernel/entry.ts; \`npm run check\` compares.\n
/** The compiled ledger kernel, WebAssembly in base64. */
export const KERNEL_BYTES: string =
${base64.match(/.{1,110}/g).map((line) => `  '${line}'`).join(' +\n')};\n`;
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== text) {
    console.error('src/ledger/kernel-bytes.ts is not what kernel/entry.ts compiles to: run npm run kernel');
    process.exit(1);
  }
} else writeFileSync(target, text);
