// Layers, bottom first. A file imports only from its own layer or a lower one.
const layers = ['(errors|canonical-json|detector|visible-text)[.]ts$', 'stats/', '(ledger|trace)/', 'baseline/', 'risk/', 'replay/', 'plot/', 'report/', 'app/'];

module.exports = {
  forbidden: [
    ...layers.slice(0, -1).map((layer, i) => ({
      name: `no-upward-import-from-${layer.replace(/[^a-z]/g, '')}`,
      severity: 'error',
      from: { path: `^src/${layer}` },
      to: { path: layers.slice(i + 1).map((up) => `^src/${up}`) },
    })),
    // What needs both a ledger and a trace sits above them.
    { name: 'ledger-knows-no-trace', severity: 'error', from: { path: '^src/ledger/' }, to: { path: '^src/trace/' } },
    { name: 'trace-knows-no-ledger', severity: 'error', from: { path: '^src/trace/' }, to: { path: '^src/ledger/' } },
    // Hashing and the check of UTF-8 are Node's; files, processes and threads are the application's alone.
    { name: 'only-app-touches-node', severity: 'error', from: { path: '^src/', pathNot: '^src/(app/|ledger/hash[.]ts)' }, to: { dependencyTypes: ['core'], pathNot: '^(node:)?buffer$' } },
    { name: 'nobody-imports-the-barrel', severity: 'error', from: { path: '^src/', pathNot: '^src/app/' }, to: { path: '^src/(plot/)?index[.]ts$' } },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, path: '^src/', pathNot: '[.]d[.]ts$' }, to: {} },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' } },
};
