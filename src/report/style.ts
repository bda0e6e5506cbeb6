/** Colours by name: the page, the figures' ground, and the bars of the timeline by severity of the decision. */
const LIGHT = `--ground:#fff;--raised:#f6f7f8;--ink:#1b1f24;--quiet:#565e68;--line:#d9dde2;--link:#0b5cad;--bad:#a8320a;--bad-ground:#fdf3ef;--good:#0b6b4f;--open:#6d5600;--focus:#0b5cad;--change:#00795a;
--rank-0:#808890;--rank-1:#2f7fb8;--rank-2:#a66f00;--rank-3:#c44a00;--rank-4:#7a1f5c`;

const DARK = `--ground:#14171a;--raised:#1c2024;--ink:#e8eaed;--quiet:#a9b1ba;--line:#363d45;--link:#7db8f5;--bad:#ff9a78;--bad-ground:#2a1c17;--good:#63d2ac;--open:#dfc667;--focus:#7db8f5;--change:#4cc9a0;
--rank-0:#8a929a;--rank-1:#5aa9dd;--rank-2:#d9a441;--rank-3:#ff8150;--rank-4:#e08ac6`;

const BASE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
html{font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;color:var(--ink);background:var(--ground);-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0 auto;max-width:76rem;padding:2.5rem 1.5rem 5rem}
h1,h2,h3{line-height:1.2;font-weight:600;text-wrap:balance}
h1{font-size:clamp(1.6rem,1.1rem + 2vw,2.5rem);letter-spacing:-.015em;margin:.4rem 0 1.6rem;max-width:34ch}
h2{font-size:1.45rem;letter-spacing:-.01em;margin:0 0 .35rem}
h3{font-size:1.05rem;margin:2rem 0 .5rem}
p{margin:.4rem 0;max-width:72ch}
.lead{color:var(--quiet);margin-bottom:1.2rem}
.quiet{color:var(--quiet)}
.bad{color:var(--bad)}
.good{color:var(--good)}
a{color:var(--link);text-underline-offset:.15em}
a:focus-visible,button:focus-visible,select:focus-visible,input:focus-visible,[tabindex]:focus-visible,summary:focus-visible{outline:2.5px solid var(--focus);outline-offset:2px;border-radius:3px}
section{border-top:1px solid var(--line);margin-top:3.2rem;padding-top:1.8rem}
bdi{unicode-bidi:isolate;overflow-wrap:anywhere}
code,.hash{font:.86em/1.45 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
ul{margin:.4rem 0;padding-left:1.2rem;max-width:76ch}
li{margin:.2rem 0}
.skip{position:absolute;left:-9999px}
.skip:focus{left:1rem;top:1rem;background:var(--ground);padding:.5rem}
.eyebrow{font-size:.82rem;letter-spacing:.04em;color:var(--quiet);margin:0}
.eyebrow b{color:var(--ink);letter-spacing:.08em;text-transform:uppercase;font-weight:600}
header{border-top:6px solid var(--quiet);padding-top:1.4rem}
header.is-bad{border-color:var(--bad)}
header.is-good{border-color:var(--good)}
header.is-open{border-color:var(--open)}
.verdict{list-style:none;margin:0;padding:0;max-width:none;border-top:1px solid var(--line)}
.verdict li{display:grid;grid-template-columns:1.5rem 9.5rem 1fr auto;gap:0 .9rem;align-items:baseline;padding:.7rem 0;margin:0;border-bottom:1px solid var(--line)}
.verdict svg{width:1.25rem;height:1.25rem;align-self:center}
.verdict strong{font-weight:600}
.verdict .tone{display:block;font-size:.8rem;font-weight:400}
.is-bad>.tone,.is-bad svg,.is-bad .tone{color:var(--bad)}
.is-good svg,.is-good .tone{color:var(--good)}
.is-open svg,.is-open .tone{color:var(--open)}
.is-note svg,.is-note .tone{color:var(--link)}
header h2{margin-top:1.8rem}
nav ul{max-width:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;padding:0;margin:1.6rem 0 0}
nav li{margin:0}
figure{margin:1.4rem 0;max-width:720px}
figure svg{display:block;max-width:100%;height:auto}
figcaption{font-size:.85rem;color:var(--quiet);margin-top:.3rem}
`;

const TABLES = `
.scroll{overflow-x:auto;margin:.6rem 0 1rem}
table{border-collapse:collapse;min-width:min(100%,44rem);font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;font-size:.85rem;color:var(--quiet);padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.38rem .9rem .38rem 0;border-bottom:1px solid var(--line)}
thead th{font-weight:600;font-size:.8rem;color:var(--quiet);border-bottom-color:var(--quiet);vertical-align:bottom;white-space:nowrap}
tbody th{font-weight:600;min-width:7rem}
td bdi,th bdi{overflow-wrap:break-word}
tbody th bdi{display:inline-block;max-width:min(18rem,60vw)}
td code bdi,th code bdi,td .hash{overflow-wrap:anywhere}
td code{display:inline-block;min-width:7rem}
.calls code{display:inline;min-width:0}
td.number,th.number{text-align:right;white-space:nowrap;padding-right:1.7rem}
.when{white-space:nowrap}
.calls{list-style:none;padding:0;margin:0}
.calls li{margin:0 0 .1rem}
tr.found td,tr.found th{background:var(--bad-ground)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(11rem,45%),1fr));gap:.5rem 1.4rem;margin:.6rem 0 0}
.facts>div{border-top:1px solid var(--line);padding-top:.3rem;min-width:0}
.facts .wide{grid-column:1/-1}
.facts dt{font-size:.78rem;color:var(--quiet)}
.facts dd{margin:0;overflow-wrap:anywhere}
.facts.bad dd,.facts .bad dd{color:var(--bad)}
.note{display:block}
`;

const TIMELINE = `
#live[hidden]{display:none}
.is-live #still{display:none}
.controls{display:flex;flex-wrap:wrap;gap:.6rem .9rem;align-items:end;margin:1rem 0 .6rem}
.controls label[hidden]{display:none}
.controls label{display:grid;gap:.15rem;font-size:.78rem;color:var(--quiet)}
.controls label.tick{display:flex;align-items:center;gap:.35rem;min-height:2.1rem;font-size:.88rem;color:var(--ink)}
.controls select,.controls input[type=search]{font:inherit;font-size:.9rem;color:var(--ink);background:var(--ground);border:1px solid var(--quiet);border-radius:4px;padding:.3rem .4rem;min-height:2.1rem;max-width:14rem}
.buttons{display:flex;flex-wrap:wrap;gap:.4rem}
button{font:inherit;font-size:.9rem;color:var(--ink);background:var(--raised);border:1px solid var(--quiet);border-radius:4px;padding:.3rem .7rem;min-height:2.1rem;cursor:pointer}
button:hover{border-color:var(--ink)}
button.pick{min-height:0;padding:0;border:0;background:none;color:var(--link);text-decoration:underline;font-size:inherit}
#status{font-size:.85rem;color:var(--quiet);margin:.2rem 0}
#slider{border:1px solid var(--line);border-radius:4px;padding:.7rem .8rem .4rem;cursor:crosshair;touch-action:pan-y;overflow:hidden}
#canvas{display:block;width:100%}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;list-style:none;padding:0;margin:.6rem 0;font-size:.83rem;color:var(--quiet);max-width:none}
.legend li{display:flex;align-items:center;gap:.4rem;margin:0}
.legend svg{width:16px;height:16px;flex:none}
kbd{font:.82em ui-monospace,Menlo,Consolas,monospace;border:1px solid var(--line);border-bottom-width:2px;border-radius:3px;padding:0 .3em;color:var(--ink)}
#window tbody tr{cursor:pointer}
#window tr.chosen td{background:var(--raised);box-shadow:inset 0 1px var(--focus),inset 0 -1px var(--focus)}
#window{width:100%}
#window td{white-space:nowrap;max-width:19rem;overflow:hidden;text-overflow:ellipsis}
#window td.what{max-width:24rem}
#call-title{margin-top:1.4rem}
.strip{max-width:none}
.rank-0{fill:var(--rank-0)}.rank-1{fill:var(--rank-1)}.rank-2{fill:var(--rank-2)}.rank-3{fill:var(--rank-3)}.rank-4{fill:var(--rank-4)}
.ink{fill:var(--ink)}.ink-bad{fill:var(--bad)}.ink-line{stroke:var(--line)}.ink-change{stroke:var(--change)}.ink-quiet{fill:var(--quiet)}
`;

const NARROW = `
@media (max-width:640px){
body{padding:1.4rem 1rem 3rem}
.verdict li{grid-template-columns:1.5rem 1fr;gap:.1rem .7rem}
.verdict li>.text{grid-column:2}
.verdict li>a{grid-column:2}
.controls label,.controls select,.controls input[type=search]{width:100%;max-width:none}
.controls>label{flex:1 1 9rem}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`;

const PRINT = `
@page{margin:16mm 14mm}
@media print{
:root{color-scheme:light;${LIGHT}}
html{font-size:10.5pt;background:#fff}
body{max-width:none;padding:0}
nav,#live,.skip,.verdict li>a{display:none!important}
.is-live #still{display:block!important}
.scroll{overflow:visible}
table{font-size:8.5pt;page-break-inside:auto}
thead{display:table-header-group}
tr,figure,.verdict li{break-inside:avoid}
h2,h3,h4{break-after:avoid}
section{margin-top:1.6rem;padding-top:1rem}
a{color:inherit;text-decoration:none}
tbody th{min-width:0}
figure svg{color:#1b1f24}
}
`;

/** The page's one style sheet. It loads nothing and follows the reader's colour scheme; on paper it is light. */
export const STYLE: string = [BASE, TABLES, TIMELINE, NARROW, PRINT].join('');
