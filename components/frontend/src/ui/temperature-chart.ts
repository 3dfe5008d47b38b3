// The temperatures of the last twenty minutes. Loaded after the page stands.
import { html, LitElement, type PropertyValues } from "lit";
import uPlot from "uplot";
import { degrees } from "../core/format";
import { language, t } from "../core/i18n";
import type { Sample } from "../core/types";

const HEIGHT = 190;
const LEAST_S = 120; // of time on the axis
const colour = (name: string) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export class TemperatureChart extends LitElement {
  static properties = { samples: { attribute: false }, names: { attribute: false } };
  samples: Sample[] = [];
  names: string[] = [];
  label = (name: string) => name;
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
    return html`<div class="chart" role="img" aria-label=${t("temperatures.chart")}></div>
      <p class="readout quiet" aria-hidden="true"></p>`;
  }

  protected updated(_changed: PropertyValues): void {
    const names = this.names;
    if (!names.length || !this.samples.length) return;
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
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        hooks: { setCursor: [(plot) => this.tell(plot.cursor.idx ?? null)] },
        padding: [8, 28, 0, 0], // half of a time, which stands below its line
        scales: {
          x: { range: (_u, low, high) => [Math.min(low, high - LEAST_S), high] },
          y: { range: (_u, low, high) => [Math.min(0, low), Math.max(60, high * 1.1)] },
        },
        axes: [
          {
            ...axis, space: 64, size: 28, incrs: [60, 120, 300, 600, 1200],
            values: (_u, ticks) => ticks.map(shortTime),
          },
          { ...axis, size: 36, space: 36 },
        ],
        series: [
          {},
          ...names.flatMap((_name, index) => [
            { stroke: colour(`--series-${index % 4}`), width: 2, points: { show: false } },
            {
              stroke: colour(`--series-${index % 4}`), width: 1, dash: [4, 4],
              points: { show: false },
            },
          ]),
        ],
      },
      this.data(names),
      this.querySelector<HTMLElement>(".chart")!,
    );
    this.drawn = names.join();
  }

  // What was there at the time under the pointer.
  private tell(index: number | null): void {
    const sample = index === null ? undefined : this.samples[index];
    const line = this.querySelector(".readout");
    if (!line) return;
    const parts = this.names.map((name) => {
      const { temperature, target } = sample?.heaters[name] ?? {};
      return `${this.label(name)} ${degrees(temperature, 1)}${target ? ` → ${degrees(target)}` : ""}`;
    });
    line.textContent = sample ? [longTime(sample.time), ...parts].join(" · ") : "";
  }
}

const longTime = (unix: number) => new Date(unix * 1000).toLocaleTimeString(language);
const shortTime = (unix: number) =>
  new Date(unix * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" });

customElements.define("temperature-chart", TemperatureChart);
