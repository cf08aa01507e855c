/** Line icons on a 24 × 24 field. They stand beside a word, or inside a button that has a name. */
const paths = {
  live: 'M2 12h4l2.5-7 5 14 2.5-7h6',
  triage: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5l6 6M10.5 7.5v3.4M10.5 13.6v.2',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.3 15.3l5.7 5.7',
  report: 'M6 2.8h8.5L19 7.3v13.9H6ZM9 11h7M9 15h7M9 7.5h3',
  save: 'M12 3v12m-5-5 5 5 5-5M4 20.5h16',
  note: 'M5 3.5h14v12l-5 5H5ZM14 20.5v-5h5',
  compare: 'M4 7h13m-4-4 4 4-4 4M20 17H7m4-4-4 4 4 4',
  archive: 'M3 4h18v5H3ZM5 9v11h14V9M10 13h4',
  servers: 'M4.6 4h14.8A1.6 1.6 0 0 1 21 5.6v2.8a1.6 1.6 0 0 1-1.6 1.6H4.6A1.6 1.6 0 0 1 3 8.4V5.6A1.6 1.6 0 0 1 4.6 4ZM4.6 14h14.8a1.6 1.6 0 0 1 1.6 1.6v2.8a1.6 1.6 0 0 1-1.6 1.6H4.6A1.6 1.6 0 0 1 3 18.4v-2.8A1.6 1.6 0 0 1 4.6 14ZM7 7h.01M7 17h.01',
  next: 'M4 12h15m-5-5 5 5-5 5',
  theme: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4',
  help: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.6 9.4c0-1.5 1-2.4 2.4-2.4s2.4.9 2.4 2.2c0 1.8-2.3 1.9-2.3 3.8M12.1 16.6v.2',
  down: 'm6 9 6 6 6-6',
  link: 'M10 14a4.5 4.5 0 0 0 6.4 0l3.4-3.4a4.5 4.5 0 0 0-6.4-6.4L12 5.6M14 10a4.5 4.5 0 0 0-6.4 0l-3.4 3.4a4.5 4.5 0 0 0 6.4 6.4L12 18.4',
  table: 'M5.1 5h13.8a1.6 1.6 0 0 1 1.6 1.6v10.8a1.6 1.6 0 0 1-1.6 1.6H5.1a1.6 1.6 0 0 1-1.6-1.6V6.6A1.6 1.6 0 0 1 5.1 5ZM3.5 10h17M3.5 14.5h17M10 10v9',
  chart: 'M4 4v16h16M8 16v-4M12 16V8M16 16v-6',
  play: 'M7 4.5v15l12-7.5Z',
  pause: 'M8 5v14M16 5v14',
  snow: 'M12 3v18M4.2 7.5l15.6 9M4.2 16.5l15.6-9',
  close: 'm6 6 12 12M18 6 6 18',
  copy: 'M10 8h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-8a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM16 8V5.5A1.5 1.5 0 0 0 14.5 4h-9A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8',
  plug: 'M9 3v5M15 3v5M7 8h10v3a5 5 0 0 1-10 0ZM12 16v5',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  lanes: 'M3 6h18M3 12h18M3 18h18M6 4.5h5v3H6ZM12 10.500h6v3h-6ZM5 16.500h7v3H5Z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 15 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={size < 14 ? 2 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
