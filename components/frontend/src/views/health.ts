// How well everything is: first what needs a person, then the numbers, then the log.
import { html, nothing } from "lit";
import { ask, at, credentials, Refusal } from "../core/api";
import { concerns, type Health } from "../core/concerns";
import { bytes, duration, number } from "../core/format";
import { t, type Key } from "../core/i18n";
import { store } from "../core/store";
import { View } from "../ui/view";

interface Port {
  device: string;
  description: string;
  printer: { id: string; firmware: { name: string; machine: string | null } | null } | null;
}

const EVERY_MS = 5000;
const TROUBLE = / (WARNING|ERROR|CRITICAL) /;
type Fact = [string, unknown];

const UNKNOWN = "n/a"; // as pyserial says of a port that tells nothing of itself

class HealthView extends View {
  static properties = {
    health: { state: true }, ports: { state: true }, log: { state: true },
    everything: { state: true },
  };
  private health: Health | null = null;
  private ports: Port[] | null = null;
  private log: string[] | null = null;
  private everything = false;
  private timer: number | undefined;

  connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    void this.loadPorts();
    void this.loadLog();
    this.timer = window.setInterval(() => {
      if (!document.hidden) void this.load();
    }, EVERY_MS);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async load(): Promise<void> {
    this.health = await ask<Health>("GET", "api/gantry/health").catch(() => this.health);
  }

  private async loadPorts(): Promise<void> {
    const found = await ask<{ ports: Port[] }>("GET", "api/gantry/ports").catch(() => null);
    this.ports = found?.ports ?? null;
  }

  private async loadLog(): Promise<void> {
    if (!store.may("ADMIN")) return;
    const found = await ask<{ lines: string[] }>("GET", "api/gantry/log?lines=500").catch(() => null);
    this.log = found?.lines ?? null;
  }

  private async support(): Promise<void> {
    await store.attempt(async () => {
      const response = await fetch(at("api/gantry/support"), { headers: credentials() });
      if (!response.ok) throw new Refusal(response.status, `HTTP ${response.status}`);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await response.blob());
      link.download = "gantry-support.zip";
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  render() {
    const health = this.health;
    return html`<h1 class="page-head">${t("health.title")}</h1>
      ${health ? this.cards(health) : html`<p aria-busy="true">${t("app.loading")}</p>`}`;
  }

  private cards(health: Health) {
    return html`${this.verdict(health)}
      <div class="dashboard even">
        <div class="column">${this.gantry(health)} ${this.host(health)} ${this.serial()}</div>
        <div class="column">${health.printers.map((printer) => this.cable(printer))}
          ${store.may("ADMIN")
            ? html`<section class="card stack"><h2>${t("health.support")}</h2>
                <p class="quiet">${t("health.supportText")}</p>
                <button type="button" @click=${this.support}>${t("health.support")}</button></section>`
            : nothing}</div>
      </div>${this.log ? this.logCard(this.log) : nothing}`;
  }

  private verdict(health: Health) {
    const found = concerns(health);
    return html`<section class="card" role="status" aria-label=${t("health.verdict")}>${found.length
      ? html`<ul class="findings">${found.map((each) => html`<li>
          <span class="badge ${each.tone}">${t(`concern.${each.tone}`)}</span>
          <span>${each.text}</span></li>`)}</ul>`
      : html`<p><span class="badge good">✓</span> ${t("health.allWell")}</p>`}</section>`;
  }

  private gantry(health: Health) {
    const clock = !health.clock_is_set
      ? "health.clockUnset"
      : health.clock_is_synchronised ? "health.clockSynchronised" : "health.clockSet";
    return this.card(t("health.gantry"), [
      [t("health.version"), health.version],
      [t("health.uptime"), duration(health.uptime_s)],
      [t("health.lag"), `${number(health.loop_lag_ms, 1)} ms`],
      [t("health.clients"), number(health.websockets)],
      [t("health.clock"), t(clock)],
    ]);
  }

  private host(health: Health) {
    const { host } = health;
    const slow = host.throttled;
    const names = (list: string[]) => list.map((each) => t(`throttled.${each}` as Key)).join(", ");
    return this.card(t("health.host"), [
      [t("health.load", { cpus: host.cpus ?? "?" }), host.load.map((each) => number(each, 2)).join(" · ")],
      [t("health.memory"), host.memory_available === null ? null
        : `${bytes(host.memory_available)} / ${bytes(host.memory_total ?? 0)}`],
      [t("health.disk"), `${bytes(health.disk.free)} / ${bytes(health.disk.total)}`],
      [t("health.temperature"), host.cpu_c === null ? null : `${number(host.cpu_c)} °C`],
      [t("health.throttled"), slow === null ? null : names(slow.now) || t("health.throttledNot")],
      [t("health.hostUptime"), host.uptime_s === null ? null : duration(host.uptime_s)],
    ]);
  }

  private cable(printer: Health["printers"][number]) {
    const found = printer.health;
    const milliseconds = (value: number | null) => value === null ? null : `${number(value, 1)} ms`;
    const mine = printer.id === store.info?.id ? store.info : null;
    return this.card(t("health.cable", { name: printer.name }), [
      [t("health.lines"), number(found.lines_sent ?? 0)],
      [t("health.resends"), `${number(found.resends ?? 0)} (${number((found.resend_ratio ?? 0) * 100, 2)} %)`],
      [t("health.latency"), milliseconds(found.ok_latency_ms)],
      [t("health.latency99"), milliseconds(found.ok_latency_p99_ms)],
      [t("health.timeouts"), number(found.timeouts ?? 0)],
      [t("health.reconnects"), number(found.reconnects ?? 0)],
      [t("health.firmware"), mine?.firmware?.name],
      [t("health.port"), mine?.connection.port],
    ]);
  }

  private serial() {
    if (this.ports === null) return nothing;
    return html`<section class="card"><h2>${t("health.ports")}</h2>
      ${this.ports.length
        ? html`<ul class="ports">${this.ports.map((port) => html`<li>
            <strong class="mono">${port.device}</strong>
            ${port.description === UNKNOWN
              ? nothing : html`<span class="quiet">${port.description}</span>`}
            ${port.printer
              ? html`<span class="badge good">${port.printer.firmware?.machine ?? port.printer.id}</span>`
              : nothing}</li>`)}</ul>`
        : html`<p class="quiet">${t("health.noPorts")}</p>`}</section>`;
  }

  private logCard(lines: string[]) {
    const shown = this.everything ? lines : lines.filter((line) => TROUBLE.test(line));
    return html`<section class="card stack" aria-labelledby="log-title">
      <div class="row"><h2 id="log-title" class="grow">${t("health.log")}</h2>
        <label class="check small-text"><input type="checkbox" .checked=${this.everything}
          @change=${() => (this.everything = !this.everything)}> ${t("health.logAll")}</label>
        <button type="button" class="small" @click=${this.loadLog}>${t("health.logAgain")}</button></div>
      ${shown.length
        ? html`<pre class="log-end" tabindex="0" role="region" aria-label=${t("health.logLines")}>${shown
            .slice(-200).reverse().join("\n")}</pre>`
        : html`<p class="quiet">${t("health.logQuiet")}</p>`}</section>`;
  }

  private card(title: string, facts: Fact[]) {
    return html`<section class="card stack"><h2>${title}</h2>
      <dl class="facts flush">${facts
        .filter(([, value]) => value !== null && value !== undefined)
        .map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
    </section>`;
  }
}
customElements.define("health-view", HealthView);
