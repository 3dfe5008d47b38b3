// All printers on one screen: which prints what until when, and which waits for a person.
import { html, LitElement } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Camera } from "../core/cameras";
import { askPrinter, fleet, homeOf, type Overview } from "../core/fleet";
import { t } from "../core/i18n";
import { inTime } from "../core/patience";
import { pictureOfJob } from "../core/pictures";
import { stateOf } from "../core/sentence";
import { store } from "../core/store";
import "../ui/neighbour-links";
import { asks } from "../ui/printer-question";
import "../ui/printer-tile";

const AGAIN_MS = 1000;

class PrintersView extends LitElement {
  static properties = { printers: { state: true }, page: {} };
  page = "dashboard"; // on which a printer that is chosen opens
  private printers: Overview[] | null = null;
  private cameras: Record<string, Camera[]> = {}; // of each printer, as they were at first
  private timer: number | undefined;
  private asking = false;
  private readonly look = () => void this.load();

  protected createRenderRoot(): HTMLElement {
    return this;
  }

  connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(this.look, AGAIN_MS);
    this.look();
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private async load(): Promise<void> {
    if (this.asking || document.hidden) return;
    this.asking = true;
    // What is shown stays while nobody answers: the banner above tells that.
    const printers = await fleet().catch(() => this.printers);
    // Known before anything is drawn: a picture that comes later moves what stands below it.
    const strangers = printers?.filter(({ id }) => !(id in this.cameras)) ?? [];
    await inTime(Promise.all(strangers.map(this.see)));
    this.printers = printers;
    this.asking = false;
  }

  private readonly see = async ({ id, job }: Overview): Promise<void> => {
    this.cameras[id] = [];
    const cameras = async () => {
      if (!store.may("WEBCAM")) return;
      const found = await askPrinter<{ cameras: Camera[] }>(id, "GET", "api/gantry/cameras")
        .catch(() => null);
      this.cameras[id] = found?.cameras ?? [];
    };
    await Promise.all([cameras(), pictureOfJob(job)]);
  };

  render() {
    const all = this.printers;
    if (all === null) return html`<p aria-busy="true">${t("app.loading")}</p>`;
    return html`<div class="page-head"><h1>${t("fleet.title")}</h1>
        <p class="quiet" role="status">${this.summary(all)}</p></div>
      <ul class="fleet" @wished=${this.look}>${repeat(all, ({ id }) => id, (printer) => html`<li>
        <printer-tile .printer=${printer} .cameras=${this.cameras[printer.id] ?? []}
          .href=${`${homeOf(printer.id, store.info?.id)}#/${this.page}`}></printer-tile></li>`)}
      </ul>
      <neighbour-links></neighbour-links>`;
  }

  // "2 printing, 1 waits for you, 3 ready"
  private summary(all: Overview[]): string {
    const counts = { wait: 0, busy: 0, bad: 0, rest: 0 };
    for (const each of all) {
      const { tone } = stateOf(each, {});
      const waits = asks(each) || tone === "waiting";
      counts[waits ? "wait" : tone === "busy" || tone === "bad" ? tone : "rest"]++;
    }
    return (["wait", "bad", "busy", "rest"] as const)
      .filter((kind) => counts[kind])
      .map((kind) => t(`fleet.${kind}`, { number: counts[kind] }))
      .join(" · ");
  }
}
customElements.define("printers-view", PrintersView);
