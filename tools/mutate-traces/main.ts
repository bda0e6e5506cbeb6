import { traceReaders } from '../../src/app/trace-files/readers.js';
import { runCorpus } from './corpus.js';
import { runMutations, type FormOutcomes, type MutationRun } from './run.js';

/** Ten thousand, half of them in metadata. */
const PLAN = { 'arrow stream': 3000, 'arrow file': 3000, parquet: 3000, 'json lines': 1000 };
const LANES = 2;

function tableOf({ forms, killed }: MutationRun): string {
  const sum = (of: (form: FormOutcomes) => number): number => forms.reduce((all, form) => all + of(form), 0);
  const refused = (form: FormOutcomes): number => [...form.refused.values()].reduce((all, each) => all + each, 0);
  const cells = [
    ['form', 'mutations', 'metadata', 'refused', 'stopped', 'torn tail', 'read', 'mistakes', 'by hash', 'slowest ms'],
    ...forms.map((form) => [form.form, form.mutations, form.inMetadata, refused(form) - (form.refused.get('READER_STOPPED') ?? 0), form.refused.get('READER_STOPPED') ?? 0, form.torn, form.read, form.mistakes.length, `${String(form.refusedByHash)} of ${String(form.mutations - form.unchanged)}`, Math.ceil(form.slowestMs)].map(String)),
    ['all', sum((f) => f.mutations), sum((f) => f.inMetadata), sum((f) => refused(f) - (f.refused.get('READER_STOPPED') ?? 0)), sum((f) => f.refused.get('READER_STOPPED') ?? 0), sum((f) => f.torn), sum((f) => f.read), sum((f) => f.mistakes.length), `${String(sum((f) => f.refusedByHash))} of ${String(sum((f) => f.mutations - f.unchanged))}`, Math.ceil(Math.max(...forms.map((f) => f.slowestMs)))].map(String),
  ];
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map((row) => (row[i] ?? '').length)));
  const table = cells.map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')).join('\n');
  const codes = forms.map((form) => `${form.form}: ${[...form.refused].sort((a, b) => b[1] - a[1]).map(([code, times]) => `${code} ${String(times)}`).join(', ')}`).join('\n');
  return `${table}\n\n${codes}\n\nreaders stopped: ${String(killed.deadline)} by the deadline, ${String(killed.memory)} by memory, ${String(killed.crash)} crashed`;
}

const corpus = process.argv[process.argv.indexOf('--corpus') + 1];
const readers = traceReaders({ count: LANES, deadlineMs: 1000, memoryMiB: 256 });
try {
  if (process.argv.includes('--corpus') && corpus !== undefined) {
    process.exitCode = (await runCorpus(readers, corpus, (line) => { console.log(line); })) ? 0 : 1;
  } else {
    const run = await runMutations(readers, PLAN, { seed: 20260101, lanes: LANES });
    console.log(tableOf(run));
    console.log(`peak memory of this process: ${String(Math.ceil(process.resourceUsage().maxRSS / 1024))} MiB`);
    for (const { form, mistakes } of run.forms) for (const mistake of mistakes.slice(0, 3)) console.log(`${form}: ${mistake}`);
    const sound = run.killed.crash === 0 && run.forms.every((form) => form.mistakes.length === 0 && form.refusedByHash === form.mutations - form.unchanged);
    process.exitCode = sound ? 0 : 1;
  }
} finally {
  readers.close();
}
