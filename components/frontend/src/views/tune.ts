// What can be changed while a print runs: fans, speed, flow, the height of the first layer.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { ask } from "../core/api";
import { number } from "../core/format";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { icon } from "../ui/icons";
import { View } from "../ui/view";

const BABYSTEPS = [0.01, 0.05, 0.1];

const head = (body: object) => ask("POST", "api/printer/printhead", body);
const tool = (body: object) => ask("POST", "api/printer/tool", body);

class TuneCard extends View {
  static properties = { babystep: { state: true }, drag: { state: true } };
  private babystep = 0.05;
  private drag: { id: string; value: number } | null = null; // a slider on its way

  private baby(sign: number): void {
    const distance = (sign * this.babystep).toFixed(2);
    void store.attempt(() => store.gcode(`M290 Z${distance}`));
  }

  render() {
    const move = store.objects.gcode_move;
    const percentOf = (share: unknown) => Math.round(((share as number) ?? 1) * 100);
    const fan = percentOf(store.objects.fan?.speed ?? 0);
    const fans = (value: number) => store.gcode(value ? `M106 S${Math.round(value * 2.55)}` : "M107");
    const speed = (factor: number) => head({ command: "feedrate", factor });
    const flow = (factor: number) => tool({ command: "flowrate", factor });
    return html`<section class="card stack" aria-labelledby="tune-title">
      <h2 id="tune-title">${t("control.tune")}</h2>
      ${this.slider("fan", t("control.fan"), fan, 0, 100, 0, fans)}
      ${this.slider("speed", t("control.speed"), percentOf(move?.speed_factor), 10, 300, 100, speed)}
      ${this.slider("flow", t("control.flow"), percentOf(move?.extrude_factor), 50, 150, 100, flow)}
      ${this.height(move?.homing_origin?.[2] ?? 0)}
    </section>`;
  }

  private height(offset: number) {
    const step = number(this.babystep, 2);
    return html`<div class="stack" role="group" aria-labelledby="baby-title">
      <div class="row between nowrap"><span id="baby-title">${t("control.babystep")}</span>
        <strong>${number(offset, 2)} mm</strong></div>
      <fieldset class="segments"><legend class="hidden">${t("control.step")}</legend>
        ${BABYSTEPS.map((each) => html`<label><input type="radio" name="babystep"
          .checked=${each === this.babystep} @change=${() => (this.babystep = each)}>
          <span>${number(each, 2)} mm</span></label>`)}</fieldset>
      <div class="pair">
        <button type="button" ?disabled=${!store.online} @click=${() => this.baby(-1)}
          aria-label=${t("control.closer", { step })}>${icon("down")} ${t("control.nearer")}</button>
        <button type="button" ?disabled=${!store.online} @click=${() => this.baby(1)}
          aria-label=${t("control.farther", { step })}>${icon("up")} ${t("control.higher")}</button>
      </div></div>`;
  }

  private slider(
    id: string, label: string, value: number, min: number, max: number, usual: number,
    set: (value: number) => Promise<unknown>,
  ) {
    const wish = async (wanted: number) => {
      this.drag = { id, value: wanted };
      await store.attempt(() => set(wanted));
      this.drag = null;
    };
    const shown = this.drag?.id === id ? this.drag.value : value;
    const of = (event: Event) => (event.target as HTMLInputElement).valueAsNumber;
    return html`<div class="slider"><label for=${id}>${label}</label>
      <span class="row"><output for=${id}>${shown} %</output>
        ${value === usual
          ? nothing
          : html`<button type="button" class="small plain" ?disabled=${!store.online}
              aria-label=${t("tune.reset", { name: label, value: usual })}
              @click=${() => wish(usual)}>${usual} %</button>`}</span>
      <input id=${id} type="range" min=${min} max=${max} step="1" .value=${live(String(shown))}
        ?disabled=${!store.online} aria-valuetext="${shown} %"
        @input=${(event: Event) => (this.drag = { id, value: of(event) })}
        @change=${(event: Event) => void wish(of(event))}></div>`;
  }
}
customElements.define("tune-card", TuneCard);
