// Which printer: the live ports, and what each answered to M115.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { t } from "../core/i18n";
import { because, fault as told } from "../core/said";
import { machineOf, type Found, type Present } from "./draft";
import { StepView } from "./step";

interface Device {
  device: string;
  by_id: string | null;
  description: string;
  vendor_id: number | null;
  found: Found | null;
}

// Where nothing describes itself, pyserial says so.
const nameOf = (device: Device) =>
  device.description === "n/a" || !device.description ? device.device : device.description;
const idOf = (device: Device) => device.by_id ?? device.device;

class SetupPrinter extends StepView {
  static properties = {
    ...StepView.properties, present: { attribute: false }, devices: { state: true },
    answers: { state: true }, asking: { state: true },
  };
  present: Present | null = null;
  private devices: Device[] | null = null;
  private answers: Record<string, Found> = {};
  private asking = "";
  private entered: string[] = [];
  private said = ""; // how the last question ended

  connectedCallback(): void {
    super.connectedCallback();
    const found = this.draft.found;
    if (found) this.remember(found.port, found);
    void this.list();
  }

  protected heading = () => t("setup.printer.title");
  protected mayGoOn = () => this.draft.platform !== "" && !this.asking;

  private async list(): Promise<void> {
    try {
      const answer = await ask<{ devices: Device[] }>("GET", "api/gantry/devices");
      this.devices = answer.devices;
      for (const device of answer.devices) {
        if (device.found) this.remember(idOf(device), device.found);
      }
      const known = answer.devices.filter((device) => device.found?.firmware);
      if (!this.draft.platform && known.length === 1) this.choose(idOf(known[0]));
    } catch (error) {
      this.error = because(error);
      this.devices = [];
    }
  }

  private remember(port: string, found: Found): void {
    this.answers = { ...this.answers, [port]: found };
    const listed = this.devices?.some((device) => idOf(device) === port);
    if (!listed && !this.entered.includes(port)) this.entered = [...this.entered, port];
  }

  private async probe(port: string): Promise<void> {
    this.asking = port;
    try {
      this.remember(port, await ask<Found>("POST", "api/gantry/devices/probe", { port }));
      const { firmware } = this.answers[port];
      if (firmware) this.choose(port);
      this.said = firmware
        ? t("setup.printer.found", { name: firmware.machine ?? firmware.name, port })
        : t("setup.printer.silent", { port });
    } catch (error) {
      this.error = because(error);
    } finally {
      this.asking = "";
    }
    await this.updateComplete;
    // The button that was pressed may be gone; what it found is next.
    if (document.activeElement !== document.body) return;
    const next = this.querySelector<HTMLElement>("input:checked") ?? this.querySelector<HTMLElement>("h1");
    next?.focus();
  }

  private async probeAll(): Promise<void> {
    if (this.asking) return;
    this.error = "";
    await this.list();
    for (const device of this.likely()) {
      if (!this.answers[idOf(device)]?.firmware) await this.probe(idOf(device));
    }
  }

  // A built-in UART of the board has seldom a printer behind it.
  private likely(): Device[] {
    return (this.devices ?? []).filter((device) => device.vendor_id !== null);
  }

  private async probeEntered(): Promise<void> {
    const port = this.querySelector<HTMLInputElement>("#other-port")?.value.trim() ?? "";
    if (port && !this.asking) await this.probe(port);
  }

  private choose(port: string): void {
    const found = this.answers[port];
    if (found.port !== this.draft.found?.port || !this.draft.machine) {
      this.draft.machine = machineOf(found);
    }
    this.draft.found = { ...found, port: found.printer ? found.port : port };
    this.draft.platform = "serial";
    this.change();
  }

  private simulate(): void {
    const there = this.present?.printers.some((each) => each.platform === "simulator");
    this.draft.platform = there ? "keep" : "simulator";
    this.draft.found = null;
    this.draft.machine ??= { ...machineOf(null), name: t("setup.printer.simulated") };
    this.change();
  }

  private keep(): void {
    this.draft.platform = "keep";
    this.draft.found = null;
    this.change();
  }

  protected body() {
    const devices = this.devices;
    if (devices === null) return html`<p aria-busy="true">${t("app.loading")}</p>`;
    const rows = [
      ...devices.map((device) => this.row(idOf(device), device)),
      ...this.entered
        .filter((port) => !devices.some((device) => idOf(device) === port))
        .map((port) => this.row(port, null)),
    ];
    return html`<p>${t("setup.printer.text")}</p>
      <div class="row">
        <button type="button" class=${this.draft.platform ? "" : "primary"}
          aria-disabled=${!!this.asking} @click=${this.probeAll}>${t("setup.printer.look")}</button>
        <span class="quiet small-text grow">${t("setup.printer.careful")}</span></div>
      <div role="status">${this.asking
        ? html`<p>${t("setup.printer.asking", { port: this.asking })}</p>
            <progress aria-label=${t("setup.printer.asking", { port: this.asking })}></progress>`
        : this.said}</div>
      <fieldset class="choosing"><legend class="hidden">${t("setup.printer.title")}</legend>
        ${rows.length ? rows : html`<p class="quiet">${t("setup.printer.none")}</p>`}
        ${this.others()}
      </fieldset>
      <details ?open=${this.entered.length > 0}><summary>${t("setup.printer.other")}</summary>
        <div class="row other">
          <label class="field grow">${t("setup.printer.port")}
            <input id="other-port" autocomplete="off" autocapitalize="none" spellcheck="false"
              placeholder="/dev/ttyUSB0, socket://192.168.1.9:2217"
              @keydown=${this.enter}></label>
          <button type="button" aria-disabled=${!!this.asking} @click=${this.probeEntered}>
            ${t("setup.printer.ask")}</button></div></details>
      ${this.present?.printers.length
        ? nothing : html`<p><a href="#/upkeep">${t("setup.printer.restore")}</a></p>`}`;
  }

  private enter(event: KeyboardEvent): void {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void this.probeEntered();
  }

  private row(port: string, device: Device | null) {
    const found = this.answers[port];
    const firmware = found?.firmware;
    const chosen = this.draft.platform === "serial" && this.draft.found !== null &&
      [port, found?.port].includes(this.draft.found.port);
    return html`<div class="option ${firmware ? "" : "unknown"}"><label>
      <input type="radio" name="printer" .checked=${chosen} ?disabled=${!firmware}
        @change=${() => this.choose(port)}>
      <span class="grow"><strong>${firmware?.machine ?? (device ? nameOf(device) : port)}</strong>
        ${firmware
          ? html`<span class="badge good">${t("setup.printer.answers")}</span>
              <span class="quiet">${firmware.name}, ${found.baudrate} Baud</span>`
          : found
            ? html`<span class="quiet">${told(found.reason)} ${told(found.advice)}</span>`
            : nothing}
        <span class="quiet mono small-text">${port}</span></span></label>
      ${firmware || this.asking
        ? nothing
        : html`<button type="button" class="small" @click=${() => this.probe(port)}
            aria-label=${t("setup.printer.askPort", { port })}>${t("setup.printer.ask")}</button>`}
    </div>`;
  }

  private others() {
    const there = this.present?.printers ?? [];
    const simulated = there.some((each) => each.platform === "simulator");
    const real = there.filter((each) => each.platform !== "simulator");
    const option = (checked: boolean, title: string, text: string, choose: () => void) => html`
      <div class="option"><label>
        <input type="radio" name="printer" .checked=${checked} @change=${choose}>
        <span class="grow"><strong>${title}</strong><span class="quiet">${text}</span></span>
      </label></div>`;
    const platform = this.draft.platform;
    return html`${real.length
      ? option(platform === "keep", t("setup.printer.keep"),
          real.map((each) => each.name ?? each.id).join(", "), () => this.keep())
      : option(platform === "simulator" || (platform === "keep" && simulated),
          t("setup.printer.simulated"), t("setup.printer.simulatedText"), () => this.simulate())}`;
  }
}
customElements.define("setup-printer", SetupPrinter);
