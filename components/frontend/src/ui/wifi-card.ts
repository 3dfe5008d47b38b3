// The Wi-Fi of the computer, where Gantry looks after it: what is around, join another network.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { dateTime } from "../core/format";
import { fresh } from "../core/fresh";
import { language, t } from "../core/i18n";
import { refusal } from "../core/said";
import { store } from "../core/store";
import { Turns } from "../core/turns";
import { View } from "./view";

interface Network {
  ssid: string;
  signal: number;
  security: string | null;
}

interface Wifi {
  supported: boolean;
  because: string | null;
  ssid: string | null;
  own_network: boolean;
  country: string | null;
  known?: string[];
  seen: Network[];
  trying: boolean;
  attempt: { ssid: string; joined: boolean; reason: string; back: string; ended_at: number } | null;
}

const EVERY_MS = 3000;
const OTHER = "\u0000"; // the choice of a network that is not in the list

class WifiCard extends View {
  static properties = {
    wifi: { state: true }, chosen: { state: true }, busy: { state: true }, tried: { state: true },
  };
  private wifi: Wifi | null = null;
  private chosen: string | null = null;
  private busy = false;
  private tried = ""; // the network that is being tried, from here
  private timer: number | undefined;
  private readonly turns = new Turns();

  connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    this.timer = window.setInterval(() => {
      if (this.tried || this.wifi?.trying) void this.load();
    }, EVERY_MS);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  // While it is tried nobody may answer: we are perhaps in another network than the computer.
  private async load(): Promise<void> {
    const news = this.turns.begin();
    const found = await ask<Wifi>("GET", "api/gantry/wifi").catch(() => this.wifi);
    if (!news()) return;
    this.wifi = found;
    if (this.wifi && !this.wifi.trying && this.wifi.attempt) this.tried = "";
  }

  private async scan(): Promise<void> {
    this.busy = true;
    await store.attempt(async () => {
      this.wifi = await ask<Wifi>("POST", "api/gantry/wifi/scan");
    });
    this.busy = false;
  }

  private async join(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "");
    const other = this.chosen === OTHER;
    const ssid = other ? text("ssid") : (this.chosen ?? "");
    const body = {
      ssid, country: text("country").toUpperCase(), hidden: other && data.has("hidden"),
      ...(text("password") ? { password: text("password") } : {}),
    };
    this.busy = true;
    if (await store.attempt(() => fresh(() => ask("POST", "api/gantry/wifi/join", body)))) {
      this.tried = ssid;
      this.turns.begin()(); // what was asked before knows nothing of this attempt
      this.chosen = null;
      form.reset();
    }
    this.busy = false;
  }

  private async forget(ssid: string): Promise<void> {
    await store.attempt(() => fresh(() => ask("POST", "api/gantry/wifi/forget", { ssid })));
    await this.load();
  }

  render() {
    const wifi = this.wifi;
    if (wifi === null) return nothing;
    return html`<section class="card stack" aria-labelledby="wifi-title">
      <h2 id="wifi-title">${t("wifi.title")}</h2>
      ${wifi.supported ? this.ours(wifi) : html`<p class="quiet">${t(wifi.known ? "wifi.noRadio" : "wifi.notOurs")}</p>`}</section>`;
  }

  private ours(wifi: Wifi) {
    const trying = this.tried || wifi.trying;
    return html`<p role="status">${trying
        ? t("wifi.trying", { name: this.tried || "…" })
        : wifi.own_network ? t("wifi.ownNetwork")
        : wifi.ssid ? t("wifi.connected", { name: wifi.ssid }) : t("wifi.none")}</p>
      ${wifi.attempt && !trying ? this.attempt(wifi.attempt) : nothing}
      ${trying ? nothing : html`${this.list(wifi)} ${this.chosen === null ? nothing : this.form(wifi)}
        ${this.known(wifi)}`}`;
  }

  private attempt(attempt: NonNullable<Wifi["attempt"]>) {
    const when = dateTime(attempt.ended_at);
    return attempt.joined
      ? html`<p><span class="badge good">✓</span> ${t("wifi.joined", { name: attempt.ssid, when })}</p>`
      : html`<p><span class="badge bad">!</span> ${t("wifi.failed", { name: attempt.ssid, when })}
          ${refusal(attempt.reason)}${attempt.back ? html`. ${t("wifi.back", { name: attempt.back })}` : nothing}</p>`;
  }

  private list(wifi: Wifi) {
    const choice = (ssid: string, label: unknown) => html`<li><label class="check">
      <input type="radio" name="network" .checked=${this.chosen === ssid}
        @change=${() => (this.chosen = ssid)}> ${label}</label></li>`;
    return html`<fieldset class="choices"><legend>${t("wifi.around")}</legend>
        <ul class="ports">${wifi.seen.map((each) => choice(each.ssid, html`<span>
            <strong>${each.ssid}</strong> <span class="quiet">${t("wifi.signal", { percent: each.signal })},
            ${each.security ?? t("wifi.open")}</span></span>`))}
          ${choice(OTHER, t("wifi.other"))}</ul></fieldset>
      <button type="button" ?disabled=${this.busy} @click=${this.scan}>${t(
        this.busy ? "wifi.looking" : "wifi.scan")}</button>
      ${wifi.own_network ? html`<p class="quiet">${t("wifi.deaf")}</p>` : nothing}`;
  }

  private form(wifi: Wifi) {
    const other = this.chosen === OTHER;
    const open = wifi.seen.some((each) => each.ssid === this.chosen && each.security === null);
    return html`<form class="stack" @submit=${this.join}>
      ${other ? html`<label class="field">${t("wifi.name")}
          <input name="ssid" required maxlength="32" autocomplete="off"></label>
        <label class="check"><input type="checkbox" name="hidden"> ${t("wifi.hidden")}</label>` : nothing}
      ${open ? html`<p class="quiet">${t("wifi.openWarning")}</p>` : html`<label class="field">
        ${t("wifi.password")} <input name="password" type="password" minlength="8" maxlength="64"
          ?required=${!other} autocomplete="off"></label>`}
      <label class="field">${t("wifi.country")} <input name="country" required pattern="[A-Za-z]{2}"
        maxlength="2" size="3" autocomplete="country" .value=${wifi.country ?? region()}></label>
      <p class="quiet">${t("wifi.wayBack")}</p>
      <button class="primary" ?disabled=${this.busy}>${t("wifi.join")}</button></form>`;
  }

  private known(wifi: Wifi) {
    const others = (wifi.known ?? []).filter((each) => each !== wifi.ssid);
    if (!others.length) return nothing;
    return html`<h3>${t("wifi.known")}</h3><ul class="ports">${others.map((ssid) => html`<li>
      <span class="grow">${ssid}</span>
      <button type="button" class="small" aria-label=${t("wifi.forgetIt", { name: ssid })}
        @click=${() => this.forget(ssid)}>${t("wifi.forget")}</button></li>`)}</ul>`;
  }
}
customElements.define("wifi-card", WifiCard);

// The country that the browser's language speaks of: a guess to be looked at.
function region(): string {
  const tag = navigator.languages.find((each) => /-[A-Z]{2}$/.test(each));
  return tag ? tag.slice(-2) : language === "de" ? "DE" : "";
}
