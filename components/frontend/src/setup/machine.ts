// How large the machine is and what it may be heated to; the firmware fills in what it knows.
import { html, nothing } from "lit";
import { t } from "../core/i18n";
import { machineOf, type Machine, type Present } from "./draft";
import { StepView } from "./step";

type Numbers = "width" | "depth" | "height" | "extruders" | "max_tool" | "max_bed";

class SetupMachine extends StepView {
  static properties = { ...StepView.properties, present: { attribute: false } };
  present: Present | null = null;

  connectedCallback(): void {
    super.connectedCallback();
    const there = this.present?.printers ?? [];
    const known = there.find((each) => each.id === this.draft.found?.printer);
    const simulated = there.length === 1 && there[0].platform === "simulator" ? there[0] : null;
    this.draft.machine ??= machineOf(this.draft.found);
    if (!this.draft.machine.name) this.draft.machine.name = known?.name ?? t("setup.machine.new");
    this.draft.replaces ??= known?.id ?? simulated?.id ?? null;
    this.change();
  }

  protected heading = () => t("setup.machine.title");

  private get machine(): Machine {
    return this.draft.machine!;
  }

  private set(values: Partial<Machine>): void {
    Object.assign(this.machine, values);
    this.change();
  }

  private amount(name: Numbers, label: string, unit: string, least: number, most: number) {
    return html`<label class="field">${label}
      <span class="unit"><input type="number" inputmode="decimal" name=${name} required
        min=${least} max=${most} step="any" .value=${String(this.machine[name])}
        @change=${(event: Event) =>
          this.set({ [name]: Number((event.target as HTMLInputElement).value) })}>${unit
        ? html`<span aria-hidden="true">${unit}</span>`
        : nothing}</span></label>`;
  }

  private flag(name: "center" | "heated_bed" | "heated_chamber", label: string) {
    return html`<label class="check"><input type="checkbox" name=${name}
      .checked=${this.machine[name]}
      @change=${() => this.set({ [name]: !this.machine[name] })}> ${label}</label>`;
  }

  protected body() {
    const told = this.draft.found?.firmware?.area;
    return html`<p>${told
        ? t("setup.machine.told", { name: this.draft.found?.firmware?.name ?? "" })
        : t("setup.machine.untold")}</p>
      <label class="field">${t("setup.machine.name")}
        <input name="name" required maxlength="100" .value=${this.machine.name}
          @change=${(event: Event) =>
            this.set({ name: (event.target as HTMLInputElement).value.trim() })}></label>
      ${this.places()}
      <fieldset class="group"><legend>${t("setup.machine.volume")}</legend>
        <div class="trio">
          ${this.amount("width", t("setup.machine.width"), "mm", 1, 5000)}
          ${this.amount("depth", t("setup.machine.depth"), "mm", 1, 5000)}
          ${this.amount("height", t("setup.machine.height"), "mm", 1, 5000)}
        </div>
        ${this.flag("center", t("setup.machine.center"))}</fieldset>
      <fieldset class="group"><legend>${t("setup.machine.heat")}</legend>
        <div class="trio">
          ${this.amount("max_tool", t("setup.machine.maxTool"), "°C", 0, 600)}
          ${this.amount("max_bed", t("setup.machine.maxBed"), "°C", 0, 300)}
          ${this.amount("extruders", t("setup.machine.extruders"), "", 1, 16)}
        </div>
        ${this.flag("heated_bed", t("setup.machine.bed"))}
        ${this.flag("heated_chamber", t("setup.machine.chamber"))}</fieldset>`;
  }

  private places() {
    const there = this.present?.printers ?? [];
    if (!there.length) return nothing;
    const choose = (event: Event) => {
      this.draft.replaces = (event.target as HTMLSelectElement).value || null;
      this.change();
    };
    return html`<label class="field">${t("setup.machine.place")}
      <select name="replaces" @change=${choose}>
        ${there.map((each) => html`<option value=${each.id}
          ?selected=${each.id === this.draft.replaces}>${t("setup.machine.replace", {
            name: each.name ?? each.id,
          })}</option>`)}
        <option value="" ?selected=${this.draft.replaces === null}>
          ${t("setup.machine.add")}</option>
      </select></label>`;
  }
}
customElements.define("setup-machine", SetupMachine);
