// The dialogue with the printer.
import { html, nothing, type PropertyValues } from "lit";
import { t } from "../core/i18n";
import { store } from "../core/store";
import { View } from "../ui/view";

const KEPT = 50;

class ConsoleView extends View {
  static properties = { filter: { state: true } };
  private filter = "";
  private past: string[] = [];
  private back = 0; // how far one has gone back
  private follows = true;

  protected willUpdate(): void {
    const log = this.querySelector(".log");
    if (log) this.follows = log.scrollTop + log.clientHeight > log.scrollHeight - 40;
  }

  protected updated(_changed: PropertyValues): void {
    const log = this.querySelector(".log");
    if (log && this.follows) log.scrollTop = log.scrollHeight;
  }

  private async send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const input = this.input;
    const text = input.value.trim();
    if (!text) return;
    this.past = [...this.past.filter((each) => each !== text), text].slice(-KEPT);
    this.back = 0;
    input.value = "";
    store.said(text, true);
    this.follows = true;
    await store.attempt(() => store.gcode(text));
  }

  private get input(): HTMLInputElement {
    return this.querySelector<HTMLInputElement>("#command")!;
  }

  private recall(event: KeyboardEvent): void {
    const step = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (!step || !this.past.length) return;
    event.preventDefault();
    this.back = Math.max(0, Math.min(this.past.length, this.back + step));
    this.input.value = this.back ? this.past[this.past.length - this.back] : "";
  }

  render() {
    const wanted = this.filter.toLowerCase();
    const lines = store.lines.filter((line) => line.text.toLowerCase().includes(wanted));
    return html`<div class="page-head"><h1>${t("console.title")}</h1>
        <label class="hidden" for="filter">${t("console.filter")}</label>
        <input id="filter" type="search" placeholder=${t("console.filter")}
          @input=${(event: Event) => {
            this.filter = (event.target as HTMLInputElement).value; }}></div>
      <div class="log mono" role="log" tabindex="0" aria-label=${t("console.log")}
        data-empty=${t("console.empty")}>
        ${lines.map((line) => html`<div class="line ${line.sent ? "sent" : ""} ${
          line.text.startsWith("!!") ? "wrong" : ""}"><time>${time(line.time)}</time>
          <span>${line.text}</span></div>`)}
      </div>
      ${store.may("CONTROL")
        ? html`<form class="row prompt" @submit=${this.send}>
            <label class="hidden" for="command">${t("console.command")}</label>
            <input id="command" class="grow mono" autocomplete="off" autocapitalize="characters"
              spellcheck="false" placeholder=${t("console.command")} aria-describedby="command-hint"
              @keydown=${this.recall}>
            <button class="primary" ?disabled=${!store.online}>${t("console.send")}</button>
            <span class="hidden" id="command-hint">${t("console.hint")}</span>
          </form>`
        : nothing}`;
  }
}

const time = (unix: number) => new Date(unix * 1000).toTimeString().slice(0, 8);

customElements.define("console-view", ConsoleView);
