/**
 * The style of a report that is a file of its own: the light tokens of the page, for paper. Its hash stands in the file's policy, so
 * that no other style can enter; a test holds the two together.
 */
export const whysStyle = `
:root{color-scheme:light;--text:#17202b;--text-2:#45515f;--text-3:#5d6a7a;--line:#e3e7ed;--strong:#c3cbd6;--control:#7a8696;--accent:#3f51c7;--ok:#00714f;--ok-fill:#e2f3ed;--risk:#936300;--risk-fill:#fcf0da;--breach:#b33c00;--breach-text:#962800;--breach-fill:#fbe6db;--unproven:#3d5d8c;--unproven-fill:#e7edf6;--void:#5d6a7a;--void-fill:#f0f2f5;--series:#0072b2}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:var(--text);font:13px/18px "Inter Variable",Inter,system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif;font-feature-settings:"tnum" 1;overflow-wrap:anywhere}
.doc{max-width:1000px;margin:0 auto;padding:34px 48px 40px}
a{color:inherit;text-decoration:underline;text-decoration-color:var(--strong);text-underline-offset:3px}a:hover{color:var(--accent)}sup{line-height:0}sup a{color:var(--accent);text-decoration:none;padding-left:2px}
.top{display:flex;align-items:flex-start;gap:16px;justify-content:space-between}
h1{font-size:24px;line-height:30px;margin:0;letter-spacing:-.005em}
.meta{font-size:12px;line-height:17px;color:var(--text-3);margin-top:4px}
.brand{display:flex;align-items:center;gap:8px;font-weight:600;color:var(--text-2);white-space:nowrap}
.sum{margin-top:16px;display:flex;gap:18px;padding:14px 18px;border-radius:10px;background:var(--void-fill);align-items:center}
.sum .shape{flex:none}.sum p{font-size:14px;line-height:20px;margin:2px 0 0}.sum .w{font-weight:700;font-size:20px;line-height:24px}
.sum.is-breached{background:var(--breach-fill)}.sum.is-breached .w{color:var(--breach-text)}
.sum.is-at-risk{background:var(--risk-fill)}.sum.is-at-risk .w{color:var(--risk)}
.sum.is-ok{background:var(--ok-fill)}.sum.is-ok .w{color:var(--ok)}
.sum.is-unproven{background:var(--unproven-fill)}.sum.is-unproven .w{color:var(--unproven)}
h2{font-size:15px;line-height:20px;margin:20px 0 7px}h2 small{font-weight:400;font-size:12px;line-height:16px;color:var(--text-3);margin-left:6px}
.cols{display:grid;grid-template-columns:minmax(0,1fr);gap:0}
table{border-collapse:collapse;width:100%}
.t td,.t th{font-size:12.5px;line-height:17px;padding:4px 12px 4px 0;text-align:left;border-top:1px solid var(--line);vertical-align:baseline;font-weight:400}
.t{overflow-wrap:break-word}.t thead th{border-top:0;color:var(--text-3);font-size:12px;padding-top:0}.t td:first-child{font-weight:500}.t .r{text-align:right}.t .r+td:not(.r){padding-left:8px}
.dim{color:var(--text-2)}
.state{white-space:nowrap;font-size:12px}.state .shape{vertical-align:-2px;margin-right:3px}
.is-ok{color:var(--ok)}.is-at-risk{color:var(--risk)}.is-breached{color:var(--breach)}.is-unproven{color:var(--unproven)}.is-no-data,.is-not-judged,.is-stale,.is-blind{color:var(--void)}
.sum.is-ok,.sum.is-at-risk,.sum.is-breached,.sum.is-unproven,.sum.is-no-data{color:var(--text)}
.solid{fill:currentColor}.cut{fill:none;stroke:#fff;stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round}.outline{fill:none;stroke:currentColor;stroke-width:2}
.gp{border-collapse:separate;border-spacing:3px;width:calc(100% + 6px);margin-left:-3px;table-layout:fixed}
.gp th{font-size:11.5px;line-height:14px;font-weight:500;color:var(--text-2);text-align:left;padding:0 0 3px 2px}
.gp td{height:56px;border-radius:6px;padding:0 8px;font-size:11px;line-height:14px;color:var(--text-2);vertical-align:middle}.gp td b{display:block;font-size:14px;line-height:18px;color:var(--text)}
.gp .cap th{font-size:12px;padding:4px 0 0 2px}
.g-passed{background:var(--ok-fill)}.g-failed{background:var(--breach-fill)}.gp .g-failed b{color:var(--breach-text)}.g-blocked,.g-none{background:var(--void-fill)}.gp .g-blocked b,.gp .g-none b{color:var(--text-2)}
.m-missed b{color:var(--breach-text)}.m-met b{color:var(--ok)}.m-unproven b{color:var(--unproven)}.m-no-data b{color:var(--void)}
.axis{stroke:var(--line);stroke-width:1.5}.tick{stroke:var(--text-2);stroke-dasharray:2 2}.band{stroke:var(--series);stroke-width:5;opacity:.4;stroke-linecap:round}circle{fill:var(--series)}.mark circle{fill:#7d6500}.shape circle.solid{fill:currentColor}.shape circle.outline{fill:none}
.i-missed .band{stroke:var(--breach)}.i-missed circle{fill:var(--breach)}
.why{display:grid;grid-template-columns:30px minmax(0,430px) minmax(0,1fr);column-gap:16px;border-top:1px solid var(--line);padding:9px 0;break-inside:avoid}
.no{width:24px;height:24px;border-radius:12px;background:var(--text);color:#fff;font-weight:600;line-height:24px;text-align:center}
.q{font-weight:600;font-size:13px;line-height:18px;margin:0}.a{margin-top:1px;white-space:pre-line}
.blank{color:var(--text-3);border:1px dashed var(--control);border-radius:6px;padding:4px 10px;margin-top:4px}.written{border-left:2px solid var(--accent);padding-left:10px;margin-top:4px}.by{font-size:11px;line-height:15px;color:var(--text-3);padding-left:12px}
.why ul{list-style:none;margin:0;border-left:2px solid var(--strong);padding:0 0 0 12px}.why li{font-size:12px;line-height:17px;color:var(--text-2)}
.next{display:grid;grid-template-columns:18px minmax(0,1fr) 150px 130px;column-gap:10px;padding:4px 0;border-top:1px solid var(--line);align-items:center;break-inside:avoid}
.box{width:14px;height:14px;border:1.5px solid var(--control);border-radius:3px}.slot{font-size:12px;color:var(--text-3)}
.plain{margin:0;padding-left:18px}
.fine{margin-top:22px;font-size:11px;line-height:15px;color:var(--text-3);border-top:1px solid var(--line);padding-top:8px}.fine h2{font-size:12px;line-height:16px;margin:0 0 4px;color:var(--text-2)}.fine p{margin:0 0 3px}.fine ol{margin:4px 0 0;padding-left:24px}
code{font-family:"JetBrains Mono Variable","JetBrains Mono",ui-monospace,"DejaVu Sans Mono",monospace}
@media (max-width:700px){.doc{padding:20px 16px}.why{grid-template-columns:30px minmax(0,1fr)}.why ul{grid-column:2;margin-top:6px}.next{grid-template-columns:18px minmax(0,1fr)}.next .slot{grid-column:2}.t{display:block;overflow-x:auto}}
@media print{@page{margin:14mm}.doc{padding:0;max-width:none}body,.sum,.gp td{-webkit-print-color-adjust:exact;print-color-adjust:exact}h2{break-after:avoid}tr{break-inside:avoid}}
`;

export const whysStyleHash = 'sha256-vY//UoDqAx79v2202Mj7X6TZcbFmIFs8UCD8SefrPHs=';
