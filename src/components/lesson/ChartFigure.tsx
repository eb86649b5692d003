import { PercentilesChart } from '../chart/PercentilesChart.tsx';
import { type FigureProps, FigureView } from './FigureView.tsx';

/** A figure with a chart. A file of its own, so that pages whose figures have none do not load the chart's code. */
export function ChartFigure(props: FigureProps) {
  return <FigureView {...props} Chart={PercentilesChart} />;
}
