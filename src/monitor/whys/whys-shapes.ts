import type { HealthRow } from './whys-report.ts';
import { Markup, markup } from './whys-markup.ts';

/** The shape of each state, as the page draws it: a state is told by shape, word and colour. */
const shapes: Readonly<Record<HealthRow['status'], string>> = {
  ok: '<circle class="solid" cx="12" cy="12" r="10"/><path class="cut" d="M7.4 12.3l3.1 3.1 6.2-6.6"/>',
  'at-risk': '<path class="solid" d="M12 2.2 22.6 21.2H1.4Z"/><path class="cut" d="M12 9v5.4M12 17.9v.2"/>',
  breached: '<path class="solid" d="M7.8 1.6h8.4l6.2 6.2v8.4l-6.2 6.2H7.8l-6.2-6.2V7.8Z"/><path class="cut" d="M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6"/>',
  unproven: '<circle class="outline" cx="12" cy="12" r="9" stroke-dasharray="28 29" transform="rotate(-90 12 12)"/>',
  'no-data': '<rect class="outline" x="3" y="3" width="18" height="18" rx="2.5" stroke-dasharray="4 3"/><path class="outline" d="M8.5 12h7"/>',
  'not-judged': '<rect class="outline" x="3" y="3" width="18" height="18" rx="2.5" stroke-dasharray="4 3"/><path class="outline" d="M8.5 12h7"/>',
  stale: '<rect class="outline" x="2.5" y="2.5" width="19" height="19" rx="3"/><path class="outline" d="M12 8.8V12l2.2 1.4"/>',
  blind: '<path class="outline" d="M1.8 12C5 6.6 8.4 4.6 12 4.6S19 6.6 22.2 12C19 17.4 15.6 19.4 12 19.4S5 17.4 1.8 12Z"/><path class="outline" d="M4.2 20.6 19.8 3.4"/>',
};

export const stateShape = (state: HealthRow['status'], size: number): Markup => markup`<svg class="shape is-${state}" width="${size}" height="${size}" viewBox="0 0 24 24" aria-hidden="true">${new Markup(shapes[state])}</svg>`;

export const brandShape = new Markup(
  '<svg class="mark" width="26" height="26" viewBox="0 0 28 28" aria-hidden="true"><rect x="1" y="6" width="26" height="16" rx="8" fill="#e4e8ee"/><path d="M6 10.2 11.4 14 6 17.8Z" fill="#0072b2"/><circle cx="15" cy="14" r="2.7" fill="#7d6500"/><path d="M22 10.3 25.4 14 22 17.7 18.6 14Z" fill="#17202b"/></svg>',
);
