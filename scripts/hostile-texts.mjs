// Texts that have broken pages before, and recorded calls made of them.

/** Tags, attributes, comments, addresses, templates, controls, directions, half characters. */
export const HOSTILE = [
  '<script>globalThis.hurt = 1</script>', '</script><script>globalThis.hurt = 1</script>', '<img src=x onerror="globalThis.hurt = 1">', '"><svg onload=globalThis.hurt=1>',
  "' onmouseover='globalThis.hurt=1", '` onfocus=globalThis.hurt=1 autofocus `', '<!--', '-->', '<!--<script>', ']]>', '&lt;script&gt;', '<style>*{display:none}</style>',
  'javascript:globalThis.hurt=1', '${globalThis.hurt=1}', '{{constructor.constructor("globalThis.hurt=1")()}}', '</title><script>globalThis.hurt=1</script>', '</textarea>', '<base href=//example.invalid>',
  '<meta http-equiv=refresh content="0;url=//example.invalid">', '<a href="javascript:globalThis.hurt=1">x</a>', '<iframe srcdoc="<script>parent.hurt=1</script>">', '\u2028\u2029', '\u202egnp.exe', '\u2066abc\u2069', '\u200b\u200c\ufeffx',
  '\u0007\u001b[31m', 'a\rb\nc\td', '__proto__', 'constructor', '\u05d0\u05d1\u05d2 abc', `e${'\u0301'.repeat(40)}`, '\u{1f600}', '\u{e0041}\u{e0042}', "'; DROP TABLE calls; --", '=1+1', 'w'.repeat(4000), 'https://example.invalid/x.png',
];

/** Recorded calls in which every field that may is one of the texts. */
export function hostileCalls(texts) {
  const usable = texts.filter((text) => text !== '' && text.isWellFormed());
  return usable.map((text, i) => JSON.stringify({
    ts_ms: 1_700_000_000_000 + 10 * i, extension_id: text, call_id: `${text}${i}`, capability: i % 3 === 0 ? text : 'read', method: text, policy_reason: text,
    params: { name: 'read', input: { path: i % 2 === 0 ? text : `/${text}` } }, timeout_ms: null, outcome_error_code: i % 5 === 0 ? text : null, latency_ms: i, session_id: text,
  })).join('\n') + '\n';
}
