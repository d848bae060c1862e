// Draws what was measured as SVG pictures, for the README and RESULTS.md. Pure. Colours and greys can be read on light
// and on dark pages.
import { init, use } from "echarts/core";
import { BarChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import type { Pair, Results } from "./report.js";

use([BarChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** Code that Convex evaluates before a function runs, in KB: ours beside the peer's. */
export function printEvaluatedChart({ evaluated }: Results): string {
  const names = Object.keys(evaluated.ours);
  const bars = (side: keyof Pair<unknown>) => ({
    name: NAMES[side],
    type: "bar",
    data: names.map((name) => Math.round((evaluated[side][name] ?? 0) / 1000)),
    label: { show: true, position: "right", color: GREY, formatter: "{c} KB" },
  });
  return draw({
    title: "Code evaluated before a function runs, in KB",
    height: 110 + 70 * names.length,
    left: 230,
    options: {
      xAxis: { ...axis, type: "value" },
      // The first of the list is drawn at the bottom.
      yAxis: { ...axis, type: "category", data: names, inverse: true },
      series: [bars("ours"), bars("peer")],
    },
  });
}

/** Documents that a look-up reads while its tables grow. Undefined where that was not measured. */
export function printGrowthChart({ rest }: Results): string | undefined {
  if (!rest) return undefined;
  const sizes = Object.keys(rest.sessions.ours).map(Number);
  const lines = [
    { side: "ours", curve: rest.sessions.ours },
    { side: "ours", curve: rest.members },
    { side: "peer", curve: rest.sessions.peer },
  ] as const;
  const series = lines.flatMap(({ side, curve }) =>
    Object.keys(Object.values(curve)[0] ?? {}).map((lookUp) => ({
      name: `${NAMES[side]}: ${lookUp}`,
      type: "bar",
      label: { show: true, position: "top", color: GREY },
      // Not every size was measured for the peer.
      data: sizes.map((size) => curve[size]?.[lookUp]?.documents ?? null),
    })),
  );
  return draw({
    title: "Documents read by one request as tables grow",
    height: 320,
    left: 40,
    options: {
      xAxis: {
        ...axis,
        type: "category",
        data: sizes.map((size) => `${size.toLocaleString("en")} rows`),
      },
      yAxis: { ...axis, type: "value", min: 0 },
      series,
    },
  });
}

// --- internal ---

const NAMES = { ours: "kitcn", peer: "@convex-dev/better-auth" } as const;
const GREY = "#808590";
const WIDTH = 760;

const axis = {
  axisLabel: { color: GREY },
  axisLine: { lineStyle: { color: GREY } },
  splitLine: { lineStyle: { color: GREY, opacity: 0.25 } },
};

function draw({
  title,
  height,
  left,
  options,
}: {
  readonly title: string;
  readonly height: number;
  /** Room for the names of the axis. All lengths are in pixels. */
  readonly left: number;
  readonly options: object;
}): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height });
  chart.setOption({
    animation: false,
    color: ["#2f9e6e", "#7c6fd6", "#d08a2e", "#c2527a", "#4a90c2"],
    title: { text: title, left: 0, textStyle: { color: GREY, fontSize: 15 } },
    // Browsers draw text wider than the estimate of who has no browser.
    legend: { top: 34, left: 0, itemGap: 28, textStyle: { color: GREY, fontSize: 11 } },
    grid: { top: 100, left, right: 64, bottom: 30 },
    ...options,
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
