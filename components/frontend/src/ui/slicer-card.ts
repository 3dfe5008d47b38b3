// How a slicer or an app is connected: where to click, what to enter, and a key of its own.
import { html, LitElement, nothing } from "lit";
import { ask, base } from "../core/api";
import { fresh } from "../core/fresh";
import { t } from "../core/i18n";
import { store } from "../core/store";
import "./qr-code";

const PROGRAMS = ["orca", "prusa", "super", "cura", "phone"] as const;
type Program = (typeof PROGRAMS)[number];
const NAMES: Record<Program, string> = {
  orca: "OrcaSlicer",
  prusa: "PrusaSlicer",
  super: "SuperSlicer",
  cura: "Cura",
  phone: "OctoApp, OctoPod, Mobileraker",
};
// A slicer sends the same name again and again: that replaces a file.
const SLICER = ["read", "upload", "print", "files:delete"];
const SCOPES: Record<Program, string[]> = {
  orca: SLICER, prusa: SLICER, super: SLICER, cura: SLICER, phone: [...SLICER, "control"],
};
// What each field of the program's own dialog is called, and what belongs into it.
const FIELDS: Record<Program, [string, string][]> = {
  orca: [["Host Type", "Octo/Klipper"], ["Hostname, IP or URL", "@"], ["API Key / Password", "*"]],
  prusa: [["Host Type", "OctoPrint"], ["Hostname, IP or URL", "@"], ["API Key / Password", "*"]],
  super: [["Host Type", "OctoPrint"], ["Hostname, IP or URL", "@"], ["API Key / Password", "*"]],
  cura: [
    ["Instance Name", "Gantry"], ["IP Address or Hostname", "host"], ["Port Number", "port"],
    ["Path", "path"], ["API Key", "*"],
  ],
  phone: [["URL", "@"], ["API Key", "*"]],
};
const LOCAL = /^(localhost|127\.|\[::1\])/;

export class SlicerCard extends LitElement {
  static properties = {
    secret: {}, program: { state: true }, copied: { state: true }, busy: { state: true },
  };
  secret = "";
  private program: Program = "orca";
  private copied = "";
  private busy = false;

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  private async make(): Promise<void> {
    this.busy = true;
    const body = { label: NAMES[this.program], scopes: SCOPES[this.program] };
    await store.attempt(async () => {
      const made = await fresh(() => ask<{ key: string }>("POST", "api/gantry/keys", body));
      this.secret = made.key;
      this.dispatchEvent(new CustomEvent("made", { detail: made.key, bubbles: true }));
      await this.updateComplete; // the button that was pressed is gone
      this.querySelector<HTMLElement>(".secret ~ button")?.focus();
    });
    this.busy = false;
  }

  private async copy(text: string): Promise<void> {
    // Without https there is no clipboard; the text is marked for Ctrl+C instead.
    try {
      await navigator.clipboard.writeText(text);
      this.copied = text;
    } catch {
      const shown = [...this.querySelectorAll("dd .copied-from")].find(
        (each) => each.textContent === text,
      );
      if (shown) getSelection()?.selectAllChildren(shown);
      this.copied = "";
    }
  }

  render() {
    return html`<div class="stack">
      <label class="field">${t("slicer.program")}
        <select @change=${(event: Event) => {
          this.program = (event.target as HTMLSelectElement).value as Program;
        }}>
          ${PROGRAMS.map((each) => html`<option value=${each} ?selected=${each === this.program}>
            ${NAMES[each]}</option>`)}
        </select></label>
      <ol class="steps-list">${t(`slicer.${this.program}`).split("\n").map(
        (step) => html`<li>${step}</li>`)}</ol>
      ${LOCAL.test(location.hostname) ? html`<p class="advice">${t("slicer.local")}</p>` : nothing}
      <dl class="entries">${FIELDS[this.program].map(([label, value]) => this.field(label, value))}</dl>
      <div role="status">${this.copied ? t("slicer.copied") : ""}</div>
      ${this.codes()}
    </div>`;
  }

  private field(label: string, value: string) {
    if (value === "*" && !this.secret) {
      return html`<div><dt>${label}</dt><dd><button type="button" class="primary small"
        ?disabled=${this.busy} @click=${this.make}>${t("slicer.make")}</button></dd></div>`;
    }
    const text = this.value(value);
    return html`<div><dt>${label}</dt><dd><span class="mono copied-from ${value === "*" ? "secret" : ""}"
      >${text}</span>${value.length > 4 && value !== "host"
        ? nothing
        : html`<button type="button" class="plain small" @click=${() => this.copy(text)}
            aria-label=${t("slicer.copyField", { name: label })}>${t("slicer.copy")}</button>`}</dd></div>`;
  }

  private value(kind: string): string {
    const address = base.href.replace(/\/$/, "");
    const secure = base.protocol === "https:";
    const known: Record<string, string> = {
      "*": this.secret,
      "@": address,
      host: base.hostname,
      port: base.port || (secure ? "443" : "80"),
      path: base.pathname,
    };
    return known[kind] ?? kind;
  }

  private codes() {
    const address = base.href.replace(/\/$/, "");
    return html`<div class="codes">
      <figure><qr-code .text=${address} .label=${t("slicer.qrAddress")}></qr-code>
        <figcaption>${t("slicer.qrAddress")}</figcaption></figure>
      ${this.secret
        ? html`<figure><qr-code .text=${this.secret} .label=${t("slicer.qrKey")}></qr-code>
            <figcaption>${t("slicer.qrKey")}</figcaption></figure>`
        : nothing}
    </div>`;
  }
}
customElements.define("slicer-card", SlicerCard);
