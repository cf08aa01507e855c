/** What every chart of the live view is given. */
export interface ChartPanelProps {
  readonly environmentId: string;
  readonly mock: boolean;
  /** Whether its table stands in the place of the chart. Keeps its identity while nothing changes. */
  readonly table: { readonly shown: boolean; readonly toggle: () => void };
}
