import { palette } from './palette.ts';

function colours(place: 0 | 1): string {
  return Object.entries(palette)
    .map(([name, pair]) => `--${name}:${pair[place]}`)
    .join(';');
}

/** Follows the system's light or dark setting until the reader chooses by the button. */
const themes = `
:root{color-scheme:light;${colours(0)}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;${colours(1)}}}
:root[data-theme=dark]{color-scheme:dark;${colours(1)}}
@media print{:root:root:root{color-scheme:light;${colours(0)}}}`;

/** The whole page's style; no font, image or rule comes from elsewhere. */
export const stylesheet: string = `${themes}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
main,header,footer,nav>div{max-width:1100px;margin:0 auto;padding:0 28px}
header{padding-top:56px}
h1{font-size:clamp(1.75rem,4.6vw,2.9rem);line-height:1.12;letter-spacing:-.022em;font-weight:650;margin:.3em 0 .45em;max-width:22em;text-wrap:balance}
h2{font-size:1.5rem;line-height:1.2;letter-spacing:-.012em;font-weight:640;margin:0 0 .4em}
h3{font-size:1rem;font-weight:640;margin:0 0 .35em}
a{color:var(--normal);text-underline-offset:.18em}
code{font:.88em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.eyebrow{margin:0;color:var(--muted);font-size:.9375rem;padding-right:90px}
.eyebrow b{color:var(--ink);font-weight:600}
.brand{color:var(--anomaly);font-weight:680;letter-spacing:.01em}
.lede{font-size:1.1875rem;line-height:1.5;color:var(--muted);max-width:44em;margin:0 0 1.6em;text-wrap:pretty}
.note{color:var(--muted);max-width:52em;margin:0 0 1.4em;text-wrap:pretty}
.warning{border-left:3px solid var(--anomaly);padding:.6em 0 .6em 1em;margin:0 0 1.6em;max-width:52em}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;margin:0;background:var(--line);border:1px solid var(--line);border-radius:12px;overflow:hidden}
.figures>div{background:var(--card);padding:16px 18px 15px}
.figures dt{color:var(--muted);font-size:.8125rem}
.figures dd{margin:0}
.figures strong{display:block;font-size:1.625rem;line-height:1.25;font-weight:620;letter-spacing:-.015em}
.figures span{color:var(--muted);font-size:.8125rem;line-height:1.35;display:block}
nav{position:sticky;top:0;z-index:1;background:var(--page);margin-top:28px;border-bottom:1px solid var(--line)}
nav>div{display:flex;gap:4px 22px;overflow-x:auto;scrollbar-width:none}
nav a{color:var(--muted);text-decoration:none;padding:11px 0;white-space:nowrap;font-size:.9375rem}
nav a:hover{color:var(--ink)}
#theme{position:absolute;top:20px;right:max(28px,calc(50% - 522px));font:inherit;font-size:.8125rem;color:var(--muted);background:none;border:1px solid var(--line);border-radius:999px;padding:5px 13px;cursor:pointer}
#theme:hover{color:var(--ink);border-color:var(--muted)}
:focus-visible{outline:2px solid var(--normal);outline-offset:2px;border-radius:4px}
section{padding-top:52px;scroll-margin-top:20px}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));grid-auto-rows:auto auto auto 1fr;gap:0 44px}
.pair>*{grid-row:span 4;margin-bottom:38px}
figure{margin:0;min-width:0;display:grid;grid-template-rows:subgrid}
figure>h3{grid-row:1}
figure>.keys{grid-row:2}
figure>.plot{grid-row:3}
figure>figcaption{grid-row:4}
figcaption{color:var(--muted);font-size:.875rem;line-height:1.5;margin-top:.5em;text-wrap:pretty}
figcaption>span{display:inline-block;position:sticky;left:0;max-width:min(100%,calc(100vw - 36px))}
caption strong{color:var(--ink)}
.plot svg{display:block;width:100%;height:auto;color:var(--muted);overflow:visible}
.plot svg text,.plot svg tspan{white-space:pre}
.keys{list-style:none;display:flex;flex-wrap:wrap;gap:2px 16px;margin:0 0 4px;padding:0;color:var(--muted);font-size:.8125rem}
.key{display:inline-block;vertical-align:middle;margin:-2px 6px 0 0;width:11px;height:11px}
.key.dot{background:currentColor;border-radius:50%}
.key.ring{border:1.5px solid;border-radius:50%}
.key.bar{background:currentColor;border-radius:2px}
.key.line,.key.dashed{width:18px;height:0;border-top:2px solid}
.key.dashed{border-top-style:dashed}
.scroll{overflow-x:auto;margin-bottom:30px}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.4}
caption{text-align:left;color:var(--muted);font-size:.875rem;line-height:1.5;padding-bottom:.7em;text-wrap:pretty}
caption>span{display:inline-block;position:sticky;left:0;max-width:min(100%,calc(100vw - 36px))}
caption strong{color:var(--ink);font-size:1rem;font-weight:640}
th,td{text-align:left;vertical-align:top;padding:7px 18px 7px 0;border-bottom:1px solid var(--line);overflow-wrap:normal}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--muted);font-weight:500;font-size:.8125rem;vertical-align:bottom}
tbody th{font-weight:500}
tbody th,td{max-width:24em}
tbody th bdi,td bdi{overflow-wrap:break-word}
.features bdi{overflow-wrap:anywhere}
th.number,td.number{text-align:right}
tr.emphasised th,tr.emphasised td{font-weight:680;color:var(--normal)}
.bad{color:var(--anomaly)}
#model td:last-child{min-width:15em}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.cards{list-style:none;margin:0;padding:0;display:grid;gap:12px}
.cards>li{min-width:0}
.anomaly{background:var(--card);border:1px solid var(--line);border-radius:12px}
.anomaly>summary{display:grid;grid-template-columns:2.1em 1fr auto;gap:2px 12px;padding:15px 20px;cursor:pointer;list-style:none;align-items:start}
.anomaly>summary::-webkit-details-marker{display:none}
.anomaly>summary:hover .row{text-decoration:underline;text-underline-offset:.18em}
.rank{color:var(--muted);font-size:1.0625rem}
.what{min-width:0;display:flex;flex-wrap:wrap;gap:2px 9px;align-items:center}
.row{font-weight:640;font-size:1.0625rem}
.reason{grid-column:2;color:var(--muted);font-size:.9375rem;line-height:1.45}
.score{text-align:right;grid-column:3;grid-row:1/span 2}
.score strong{display:block;font-size:1.25rem;line-height:1.3;font-weight:640;color:var(--anomaly)}
.score span{color:var(--muted);font-size:.8125rem;white-space:nowrap}
.chip{display:inline-block;font-size:.75rem;line-height:1.5;color:var(--muted);border:1px solid var(--line);border-radius:999px;padding:0 8px;white-space:nowrap}
.chip.hit{color:var(--anomaly);border-color:currentColor}
.features{display:block;margin:0 20px;width:auto;font-size:.9rem}
.features tbody{display:grid;grid-template-columns:minmax(8em,13em) minmax(9em,1fr) minmax(5em,9em) minmax(18em,1.7fr);column-gap:22px}
.features tr{display:grid;grid-template-columns:subgrid;grid-column:1/-1;align-items:center;border-top:1px solid var(--line);padding:6px 0}
.features th,.features td{border:0;padding:0;min-width:0}
.features th{font-weight:560}
.features .value{text-align:right}
.part{display:flex;align-items:center;gap:10px}
.part>span:last-child{min-width:3.4em;text-align:right}
.meter{flex:1;min-width:50px;height:10px;border-radius:3px;background:var(--line);overflow:hidden}
.meter i{display:block;height:100%;background:var(--anomaly);border-radius:3px}
.made{display:block;color:var(--muted);font-weight:400;font-size:.8125rem}
.heat{display:inline-block;min-width:4.2em;padding:1px 7px;border-radius:4px;background:color-mix(in srgb,var(--normal) calc(var(--share)*.55),transparent)}
.expectation{display:flex;align-items:center;gap:12px;color:var(--muted)}
.interval{opacity:1}
.strip{flex:none;width:100px;height:14px}
.track{stroke:var(--line);stroke-width:2}
.band{fill:var(--level0)}
.expected{stroke:var(--normal);stroke-width:1.5}
.strip .value{fill:var(--anomaly)}
.sum{margin:0;padding:9px 20px 0;color:var(--muted);font-size:.875rem;position:relative}
.record{margin:10px 20px 16px;font-size:.875rem}
.record summary{color:var(--muted);cursor:pointer;width:max-content;max-width:100%}
.record dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,230px),1fr));gap:4px 28px;margin:10px 0 0}
.record dl>div{display:flex;justify-content:space-between;gap:14px;border-bottom:1px solid var(--line);padding:3px 0}
.record dt{color:var(--muted)}
.record dd{margin:0;text-align:right}
.classes{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,430px),1fr));gap:14px 28px;margin-bottom:34px}
.classes figure{display:block}
.classes h3{font-size:.9375rem}
.gallery{list-style:none;margin:0 0 34px;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,430px),1fr));gap:22px}
.gallery>li{min-width:0}
.picture{display:block}
.picture img{display:block;width:100%;height:auto;image-rendering:pixelated;border-radius:6px;background:#fff}
.picture figcaption{display:flex;flex-wrap:wrap;gap:2px 10px;align-items:baseline}
.picture b{color:var(--ink);font-weight:600}
.picture .rank{color:var(--muted)}
.health{border-left:3px solid var(--good);padding:2px 0 2px 18px;align-self:start}
.health.weak,.health.useless,.health.collapsed{border-color:var(--anomaly)}
.health p{margin:0 0 .3em}
.health strong{font-size:1.0625rem}
.score i{font-style:normal}
.health ul{margin:0;padding-left:1.15em;color:var(--muted)}
.health li{padding:1px 0}
footer{color:var(--muted);font-size:.875rem;padding-top:36px;padding-bottom:56px}
@media (max-width:720px){
.health{margin-bottom:38px}
main,header,footer,nav>div{padding-left:18px;padding-right:18px}
header{padding-top:60px}
#theme{right:18px;top:16px}
.eyebrow{padding-right:0}
.figures{grid-template-columns:1fr 1fr}
.anomaly>summary{padding:13px 14px;grid-template-columns:1.5em 1fr auto;gap:2px 8px}
.reason{font-size:.875rem;grid-column:1/-1}
.score{grid-row:1}
.pair{display:block}
#model td:last-child{min-width:12em}
.score span{display:block}
.score i{display:none}
.features{margin:0 14px}
.features tbody{display:block}
.features tr{grid-template-columns:minmax(6em,1fr) fit-content(60%);gap:3px 14px;padding:10px 0}
.part,.expectation{grid-column:1/-1}
.features .value{grid-row:1;grid-column:2}
.sum,.record{margin-left:0;margin-right:0;padding-left:14px;padding-right:14px}
section{padding-top:42px}
.scroll{margin-right:-18px;padding-right:18px}
}
@media print{
body{font-size:11pt}
nav,#theme,.record{display:none}
.anomaly,figure,tr,.gallery>li{break-inside:avoid}
.meter i,.key,.meter,.heat{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
`;
