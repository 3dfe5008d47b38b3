// The temperatures of the last twenty minutes. Loaded after the page stands.
import { html, LitElement, type PropertyValues } from "lit";
import uPlot from "uplot";
import { t } from "../core/i18n";
import type { Sample } from "../core/types";

const HEIGHT = 190;
const colour = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class TemperatureChart extends LitElement {
  static properties = { samples: { attribute: false } };
  samples: Sample[] = [];
  private plot: uPlot | null = null;
  private drawn = "";
  private readonly resized = new ResizeObserver(() => this.fit());
  private readonly dark = matchMedia("(prefers-color-scheme: dark)");
  private readonly theme = new MutationObserver(() => this.redraw());
  private readonly redraw = () => {
    this.drawn = "";
    this.requestUpdate();
  };

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
    this.dark.addEventListener("change", this.redraw);
    this.theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.theme.disconnect();
    this.dark.removeEventListener("change", this.redraw);
    this.plot?.destroy();
    this.plot = null;
    this.drawn = "";
  }

  render() {
    return html`<div class="chart" role="img" aria-label=${t("temperatures.chart")}></div>`;
  }

  protected updated(_changed: PropertyValues): void {
    const names = Object.keys(this.samples.at(-1)?.heaters ?? {});
    if (!names.length) return;
    if (this.drawn !== names.join()) this.draw(names);
    this.plot?.setData(this.data(names));
  }

  private data(names: string[]): uPlot.AlignedData {
    const times = this.samples.map((sample) => sample.time);
    const lines = names.flatMap((name) => [
      this.samples.map((sample) => sample.heaters[name]?.temperature ?? null),
      this.samples.map((sample) => sample.heaters[name]?.target || null),
    ]);
    return [times, ...lines] as uPlot.AlignedData;
  }

  private fit(): void {
    if (this.plot && this.clientWidth) {
      this.plot.setSize({ width: this.clientWidth, height: HEIGHT });
    }
  }

  private draw(names: string[]): void {
    this.plot?.destroy();
    const text = colour("--text-quiet");
    const grid = { stroke: colour("--line"), width: 1 };
    const axis = { stroke: text, grid, ticks: { show: false }, font: "12px system-ui" };
    this.plot = new uPlot(
      {
        width: this.clientWidth || 300,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 4, 0, 0],
        scales: { y: { range: (_u, low, high) => [Math.min(0, low), Math.max(60, high * 1.1)] } },
        axes: [
          { ...axis, space: 70, size: 28, values: (_u, ticks) => ticks.map(shortTime) },
          { ...axis, size: 36, space: 36 },
        ],
        series: [
          {},
          ...names.flatMap((_name, index) => [
            { stroke: colour(`--series-${index}`), width: 2, points: { show: false } },
            {
              stroke: colour(`--series-${index}`), width: 1, dash: [4, 4], points: { show: false },
            },
          ]),
        ],
      },
      this.data(names),
      this.querySelector<HTMLElement>(".chart")!,
    );
    this.drawn = names.join();
  }
}

const shortTime = (unix: number) =>
  new Date(unix * 1000).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });

customElements.define("temperature-chart", TemperatureChart);
