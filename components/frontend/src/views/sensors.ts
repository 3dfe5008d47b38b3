// What the sensors beside the printer measure, and how it was in the last minutes.
import { html, nothing, svg } from "lit";
import { number } from "../core/format";
import { extend, t } from "../core/i18n";
import { store } from "../core/store";
import { named } from "../core/said";
import { View } from "../ui/view";

interface Sensor {
  id: string;
  friendly_name: string;
  values: Record<string, number>;
  parameter_info?: { name: string; units?: string; description?: string }[];
}

const KEPT = 1200; // one a second
const [WIDTH, HEIGHT] = [240, 48];

class SensorCard extends View {
  static properties = { sensors: { state: true } };
  private sensors: Sensor[] = [];
  private kept: Record<string, Record<string, number[]>> = {};
  private timer: number | undefined;
  private readonly reload = () => void this.load();
  private readonly measured = (event: Event) => this.take((event as CustomEvent).detail);

  connectedCallback(): void {
    super.connectedCallback();
    store.addEventListener("power", this.reload); // told when the connection is back
    store.addEventListener("sensors", this.measured);
    this.timer = window.setInterval(() => this.keep(), 1000);
    if (store.online) void this.load();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    store.removeEventListener("power", this.reload);
    store.removeEventListener("sensors", this.measured);
    clearInterval(this.timer);
  }

  private async load(): Promise<void> {
    // Without the component sensor there is no such method.
    const found = await store.call("server.sensors.list", { extended: true }).catch(() => null);
    const sensors = Object.values<Sensor>(found?.sensors ?? {});
    if (!sensors.length || !(await extend("devices").then(() => true, () => false))) return;
    this.kept = await store.call("server.sensors.measurements").catch(() => ({}));
    this.sensors = sensors;
  }

  private take(values: Record<string, Record<string, number>>): void {
    this.sensors = this.sensors.map((each) =>
      each.id in values ? { ...each, values: values[each.id] } : each);
  }

  private keep(): void {
    for (const { id, values } of this.sensors) {
      const mine = (this.kept[id] ??= {});
      for (const [name, value] of Object.entries(values)) {
        mine[name] = [...(mine[name] ?? []).slice(-KEPT + 1), value];
      }
    }
    if (!document.hidden && this.sensors.length) this.requestUpdate();
  }

  render() {
    if (!this.sensors.length) return nothing;
    return html`<section class="card stack" aria-labelledby="sensors-title">
      <h2 id="sensors-title">${t("sensors.title")}</h2>
      ${this.sensors.map((each) => html`<div class="sensor" role="group"
        aria-label=${each.friendly_name}><h3>${each.friendly_name}</h3>
        <dl class="quantities">${this.quantities(each)}</dl></div>`)}</section>`;
  }

  private quantities({ id, values, parameter_info: about }: Sensor) {
    const names = about?.map((each) => each.name) ?? Object.keys(values);
    return names.map((name) => {
      const found = about?.find((each) => each.name === name);
      const label = named(found?.description || name.replaceAll("_", " "));
      const said = (value: number) => `${number(value, 1)} ${found?.units ?? ""}`.trim();
      return html`<div><dt>${label}</dt>
        <dd>${name in values ? said(values[name]) : t("sensors.silent")}</dd>
        ${this.course(this.kept[id]?.[name] ?? [], said)}</div>`;
    });
  }

  private course(kept: number[], said: (value: number) => string) {
    if (kept.length < 2) return nothing;
    const [low, high] = [Math.min(...kept), Math.max(...kept)];
    const minutes = Math.max(1, Math.round(kept.length / 60));
    const spread = Math.max(high - low, Math.abs(high) * 0.02, 1e-6);
    const middle = (low + high) / 2;
    const x = (index: number) => (index / (kept.length - 1)) * WIDTH;
    const y = (value: number) => HEIGHT / 2 - ((value - middle) / spread) * (HEIGHT - 6);
    const every = Math.max(1, Math.floor(kept.length / WIDTH));
    const points = kept.map((value, index) => [index, value])
      .filter(([index]) => index % every === 0 || index === kept.length - 1)
      .map(([index, value]) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
    return html`<dd class="course"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none"
        aria-hidden="true">${svg`<polyline points=${points}></polyline>`}</svg>
      <span class="quiet small-text">${said(low) === said(high)
        ? t("sensors.steady", { minutes })
        : t("sensors.range", { low: said(low), high: said(high), minutes })}</span></dd>`;
  }
}
customElements.define("sensor-card", SensorCard);
