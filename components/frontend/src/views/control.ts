// Moving, heating, filament, and what can be tuned while a print runs.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { loadExtras } from "../core/extras";
import { number } from "../core/format";
import { t } from "../core/i18n";
import { macros, type Macro } from "../core/macros";
import { inTime } from "../core/patience";
import { store } from "../core/store";
import { together } from "../core/together";
import { icon, type Icon } from "../ui/icons";
import { View } from "../ui/view";
import "./filament";
import "./macros";
import "./objects";
import "./temperatures";
import "./tune";

const STEPS = [0.1, 1, 10, 50];
const MACROS_MS = 1000; // that macros may keep the rest waiting
const KEYS: Record<string, [string, number]> = {
  ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowUp: ["y", 1], ArrowDown: ["y", -1],
  PageUp: ["z", 1], PageDown: ["z", -1],
};

const head = (body: object) => ask("POST", "api/printer/printhead", body);

// Whether hands may move the machine: nothing prints, or the print is paused.
export const isFree = (): boolean =>
  store.online && store.info?.link === "online" && ["none", "paused"].includes(store.info.phase);

class ControlView extends View {
  static properties = { step: { state: true }, macros: { state: true } };
  private step = 10;
  private macros: Macro[] | null = null;
  private readonly load = together(async () => {
    await inTime(macros().then((found) => (this.macros = found), () => undefined), MACROS_MS);
    this.macros ??= [];
  });

  protected willUpdate(): void {
    loadExtras();
    if (this.macros === null && store.online) void this.load();
  }

  private jog(axis: string, sign: number): void {
    void store.attempt(() => head({ command: "jog", [axis]: sign * this.step }));
  }

  private home(axes: string[]): void {
    void store.attempt(() => head({ command: "home", axes }));
  }

  private pressed(event: KeyboardEvent): void {
    if (!isFree()) return;
    const move = KEYS[event.key];
    if (move) this.jog(...move);
    else if (event.key === "Home") this.home(["x", "y", "z"]);
    else if ("1234".includes(event.key)) this.step = STEPS[Number(event.key) - 1];
    else return;
    event.preventDefault();
  }

  render() {
    const title = html`<h1 class="page-head">${t("control.title")}</h1>`;
    if (this.macros === null && store.online) {
      return html`${title}<p aria-busy="true">${t("app.loading")}</p>`;
    }
    const buttons = html`<macro-card .macros=${this.macros ?? []}></macro-card>`;
    // First what can be used: hands move nothing while a print runs.
    const columns = isFree() || !store.online
      ? [html`${this.move()} ${buttons} <tune-card></tune-card>`,
          html`<temperature-card></temperature-card> <filament-card></filament-card>
            <power-card></power-card>`]
      : [html`<tune-card></tune-card> <objects-card></objects-card> ${buttons}`,
          html`<temperature-card></temperature-card> <power-card></power-card> ${this.move()}`];
    return html`${title}
      <div class="dashboard control">${columns.map(
        (column) => html`<div class="column">${column}</div>`)}</div>`;
  }

  private move() {
    const free = isFree();
    return html`<section class="card" aria-labelledby="move-title">
      <h2 id="move-title">${t("control.move")}</h2>
      ${this.position()}
      ${free || !store.online ? this.pad(free) : html`<p class="quiet pause">${t("control.busy")}</p>`}
    </section>`;
  }

  private pad(free: boolean) {
    const arrow = (axis: string, sign: number, sign_: Icon, place: string) => html`<button
      type="button" class=${place} ?disabled=${!free} @click=${() => this.jog(axis, sign)}
      aria-label=${t("control.jog", { axis: axis.toUpperCase(), distance: number(sign * this.step, 1) })}
      >${icon(sign_)}</button>`;
    return html`<fieldset class="segments"><legend class="hidden">${t("control.step")}</legend>
        ${STEPS.map((step) => html`<label><input type="radio" name="step" .checked=${step === this.step}
          @change=${() => (this.step = step)}><span>${number(step, step < 1 ? 1 : 0)} mm</span></label>`)}
      </fieldset>
      <div class="jog" tabindex="0" role="group" aria-label=${t("control.move")}
        aria-describedby="jog-keys" @keydown=${this.pressed}>
        ${arrow("y", 1, "up", "north")} ${arrow("x", -1, "left", "west")}
        <button type="button" class="middle" ?disabled=${!free}
          aria-label=${t("control.homeAll")} @click=${() => this.home(["x", "y", "z"])}>
          ${icon("home")}</button>
        ${arrow("x", 1, "right", "east")} ${arrow("y", -1, "down", "south")}
        ${arrow("z", 1, "up", "z-up")} <span class="z-name" aria-hidden="true">Z</span>
        ${arrow("z", -1, "down", "z-down")}
      </div>
      <p class="quiet" id="jog-keys">${t("control.keys")}</p>
      <div class="row">
        ${["x", "y", "z"].map((axis) => html`<button type="button" class="small" ?disabled=${!free}
          @click=${() => this.home([axis])}>${t("control.homeAxis", { axis: axis.toUpperCase() })}</button>`)}
        <button type="button" class="small" ?disabled=${!free}
          @click=${() => store.attempt(() => store.gcode("M84"))}>${t("control.motorsOff")}</button>
        <a class="button small" href="#/mesh">${t("nav.mesh")}</a>
      </div>`;
  }

  private position() {
    const where = store.objects.toolhead?.position ?? store.objects.motion_report?.live_position;
    const homed = store.objects.toolhead?.homed_axes ?? "";
    return html`<dl class="facts position" aria-label=${t("control.position")}>
      ${["x", "y", "z"].map((axis, index) => html`<div><dt>${axis.toUpperCase()}</dt>
        <dd>${where ? number(where[index], 2) : "–"}
          ${homed.includes(axis) ? nothing : html`<span class="quiet"> ${t("control.unknown")}</span>`}
        </dd></div>`)}
    </dl>`;
  }
}
customElements.define("control-view", ControlView);
