// The slicer with a key of its own, and Home Assistant over MQTT, found or not.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { t } from "../core/i18n";
import "../ui/slicer-card";
import type { Draft, Present } from "./draft";
import { StepView } from "./step";

interface Service {
  name: string;
  host: string;
  addresses: string[];
  port: number;
}

interface Network {
  brokers: Service[] | null;
  home_assistant: Service[] | null;
}

class SetupConnect extends StepView {
  static properties = {
    ...StepView.properties, present: { attribute: false }, network: { state: true },
  };
  present: Present | null = null;
  private network: Network | null = null;

  connectedCallback(): void {
    super.connectedCallback();
    void this.look();
  }

  protected heading = () => t("setup.connect.title");

  private async look(): Promise<void> {
    this.network = await ask<Network>("GET", "api/gantry/setup/network").catch(() => ({
      brokers: null, home_assistant: null,
    }));
  }

  private set(values: Partial<Draft["mqtt"]>): void {
    Object.assign(this.draft.mqtt, values);
    this.change();
  }

  private made(event: CustomEvent<string>): void {
    this.draft.key = event.detail;
    this.change();
  }

  protected body() {
    return html`<section class="stack" aria-labelledby="slicer-title">
        <h2 id="slicer-title">${t("slicer.title")}</h2>
        <slicer-card .secret=${this.draft.key} @made=${this.made}></slicer-card></section>
      <section class="stack part" aria-labelledby="home-title">
        <h2 id="home-title">${t("setup.connect.home")}</h2>${this.home()}</section>`;
  }

  private home() {
    const { mqtt } = this.draft;
    if (this.present?.mqtt) {
      return html`<p><span class="badge good">✓</span> ${t("setup.connect.there", {
        broker: this.present.mqtt.broker,
      })}</p>`;
    }
    return html`<div role="status">${this.found()}</div>
      <label class="check"><input type="checkbox" .checked=${mqtt.use}
        @change=${() => this.set({ use: !mqtt.use })}> ${t("setup.connect.use")}</label>
      ${mqtt.use ? this.broker() : nothing}`;
  }

  private found() {
    const network = this.network;
    if (network === null) return html`<p aria-busy="true">${t("setup.connect.looking")}</p>`;
    const homes = network.home_assistant ?? [];
    const brokers = network.brokers ?? [];
    return html`
      ${homes.map((each) => html`<p><span class="badge good">✓</span>
        ${t("setup.connect.homeFound", { name: each.name, host: each.host })}</p>`)}
      ${brokers.length
        ? html`<ul class="ports">${brokers.map((each) => html`<li>
            <span class="grow"><strong>${each.name}</strong>
              <span class="quiet mono small-text">${each.host}:${each.port}</span></span>
            <button type="button" class="small" @click=${() =>
              this.set({ use: true, broker: each.host, port: each.port })}
              aria-label=${t("setup.connect.takeBroker", { name: each.name })}
              >${t("setup.connect.take")}</button></li>`)}</ul>`
        : html`<p class="quiet">${network.brokers === null
            ? t("setup.connect.cannotLook") : t("setup.connect.notFound")}</p>`}`;
  }

  private broker() {
    const { mqtt } = this.draft;
    const text = (name: "broker" | "username" | "password", label: string, more = {}) => {
      const { type = "text", required = false } = more as { type?: string; required?: boolean };
      return html`<label class="field">${label}<input name=${name} type=${type}
        ?required=${required} autocomplete="off" autocapitalize="none" spellcheck="false"
        .value=${mqtt[name]} @input=${(event: Event) =>
          this.set({ [name]: (event.target as HTMLInputElement).value })}></label>`;
    };
    return html`<div class="stack boxed">
      ${text("broker", t("setup.connect.broker"), { required: true })}
      <label class="field">${t("setup.connect.port")}<input type="number" name="port" min="1"
        max="65535" .value=${String(mqtt.port ?? 1883)} @input=${(event: Event) =>
          this.set({ port: Number((event.target as HTMLInputElement).value) || null })}></label>
      ${text("username", t("setup.connect.user"))}
      ${text("password", t("login.password"), { type: "password" })}
    </div>`;
  }
}
customElements.define("setup-connect", SetupConnect);
