// Compiles what is in kernel/ to WebAssembly in base64, each into the file that uses it. With --check, only says whether those files
// are up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';

const KERNELS = [
  { entry: 'kernel/entry.ts', target: 'src/ledger/kernel-bytes.ts', name: 'KERNEL_BYTES', what: 'ledger kernel' },
  { entry: 'kernel/texts.ts', target: 'src/baseline/trace/text-kernel-bytes.ts', name: 'TEXT_KERNEL_BYTES', what: 'kernel that numbers texts' },
];
const FLAGS = ['--runtime', 'stub', '--optimizeLevel', '3', '--shrinkLevel', '0', '--enable', 'simd,bulk-memory', '--noAssert', '--importMemory'];

const at = (path) => new URL(`../${path}`, import.meta.url);

async function compiled({ entry, name, what }) {
  const files = new Map();
  const { error, stderr } = await asc.main([entry, '--outFile', 'kernel.wasm', ...FLAGS], {
    readFile: (path) => { try { return readFileSync(at(path), 'utf8'); } catch { return null; } },
    writeFile: (path, contents) => void files.set(path, contents),
    listFiles: () => [],
  });
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  const base64 = Buffer.from(files.get('kernel.wasm')).toString('base64');
  return `// Made by \`npm run kernel\` from ${entry}; \`npm run check\` compares.\n
/** The compiled ${what}, WebAssembly in base64. */
export const ${name}: string =
${base64.match(/.{1,110}/g).map((line) => `  '${line}'`).join(' +\n')};\n`;
}

for (const kernel of KERNELS) {
  const text = await compiled(kernel);
  if (!process.argv.includes('--check')) writeFileSync(at(kernel.target), text);
  else if (readFileSync(at(kernel.target), 'utf8') !== text) {
    console.error(`${kernel.target} is not what ${kernel.entry} compiles to: run npm run kernel`);
    process.exitCode = 1;
  }
}
