// The shell: who is it, which page, and what is on every page: state, stop, offline.
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { ask } from "./core/api";
import { askPrinter, homeOf } from "./core/fleet";
import { percent } from "./core/format";
import { extend, languages, language, speak, t, type Key } from "./core/i18n";
import { completion, stateOf } from "./core/sentence";
import { store } from "./core/store";
import "./ui/hold-button";
import { icon, type Icon } from "./ui/icons";
import { View } from "./ui/view";
import "./ui/install-card";
import "./ui/printer-prompt";
import "./views/dashboard";
import "./views/login";

interface Page {
  icon: Icon;
  load?: () => Promise<unknown>;
  view: () => TemplateResult;
  permission?: string;
  apart?: boolean; // a screen of its own, without bar and navigation
  several?: boolean; // only where there are several printers
  whole?: boolean; // about the appliance: of use where there is no printer, too
}

const administration = <T>(load: () => Promise<T>) => () => Promise.all([load(), extend("admin")]);

const PAGES: Record<string, Page> = {
  printers: {
    icon: "printers",
    several: true,
    load: () => Promise.all([import("./views/printers"), extend("fleet")]),
    view: () => html`<printers-view .page=${before}></printers-view>`,
  },
  dashboard: { icon: "dashboard", view: () => html`<dashboard-view></dashboard-view>` },
  files: {
    icon: "files",
    permission: "FILES_LIST",
    load: () => Promise.all([import("./views/files"), extend("files")]),
    view: () => html`<files-view></files-view>`,
  },
  layers: {
    icon: "layers",
    permission: "GCODE_VIEWER",
    load: () => import("./views/layers"),
    view: () => html`<layers-view></layers-view>`,
  },
  control: {
    icon: "control",
    permission: "CONTROL",
    load: () => import("./views/control"),
    view: () => html`<control-view></control-view>`,
  },
  console: {
    icon: "console",
    permission: "MONITOR_TERMINAL",
    load: () => import("./views/console"),
    view: () => html`<console-view></console-view>`,
  },
  mesh: {
    icon: "mesh",
    load: () => import("./views/mesh"),
    view: () => html`<mesh-view></mesh-view>`,
  },
  history: {
    icon: "history",
    load: () => import("./views/history"),
    view: () => html`<history-view></history-view>`,
  },
  health: {
    icon: "health",
    whole: true,
    load: administration(() => import("./views/health")),
    view: () => html`<health-view></health-view>`,
  },
  people: {
    icon: "people",
    whole: true,
    load: administration(() => import("./views/people")),
    view: () => html`<people-view></people-view>`,
  },
  configuration: {
    icon: "configuration",
    whole: true,
    permission: "ADMIN",
    load: administration(() => import("./views/configuration")),
    view: () => html`<configuration-view></configuration-view>`,
  },
  upkeep: {
    icon: "upkeep",
    whole: true,
    permission: "ADMIN",
    load: administration(() => import("./views/upkeep")),
    view: () => html`<upkeep-view></upkeep-view>`,
  },
  setup: {
    icon: "configuration",
    permission: "ADMIN",
    apart: true,
    load: administration(() => import("./views/setup")),
    view: () => html`<setup-view></setup-view>`,
  },
};
const ON_BAR = ["dashboard", "files", "control", "console"]; // of a phone
let before = "dashboard"; // the page of a printer that was looked at last
const PHONE = "(width < 56rem)";

class GantryApp extends View {
  static properties = { page: { state: true }, theme: { state: true }, loaded: { state: true } };
  private page = "dashboard";
  private theme = localStorage.getItem("gantry.theme") ?? "auto";
  private loaded: ReadonlySet<string> = new Set(["dashboard", "more"]);
  private readonly route = () => void this.go();
  private readonly phone = matchMedia(PHONE);
  private readonly resized = () => this.requestUpdate();

  connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("hashchange", this.route);
    this.phone.addEventListener("change", this.resized);
    this.applyTheme(this.theme);
    void speak().then(() => {
      void this.go(false);
      return store.open();
    });
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("hashchange", this.route);
    this.phone.removeEventListener("change", this.resized);
  }

  private async go(focus = true): Promise<void> {
    // What stands behind the name of the page is for the page itself: a file, say.
    const wanted = location.hash.replace(/^#\//, "").split("/")[0] || "dashboard";
    this.page = wanted in PAGES || wanted === "more" ? wanted : "dashboard";
    const page = this.page;
    if (page !== "more" && !PAGES[page].several) before = page;
    await this.need(page);
    await this.updateComplete;
    if (focus && page === this.page) {
      this.querySelector<HTMLElement>("#main")?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
  }

  private async need(page: string): Promise<void> {
    if (this.loaded.has(page)) return;
    try {
      await PAGES[page].load?.();
    } catch {
      if (store.newer) return location.reload(); // of a release that is no more
      store.problem = t("app.notLoaded");
      return store.changed();
    }
    this.loaded = new Set([...this.loaded, page]);
  }

  private applyTheme(theme: string): void {
    this.theme = theme;
    localStorage.setItem("gantry.theme", theme);
    if (theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  }

  // Also where no websocket comes through, and where it is not known whether anybody answers.
  private stop = () => store.attempt(() => store.online
    ? store.call("printer.emergency_stop") : ask("POST", "printer/emergency_stop"));

  private leave = () => void store.leave();

  private setTitle(): void {
    if (this.page === "printers") {
      document.title = `${t("nav.printers")} · Gantry`;
      return;
    }
    const state = stateOf(store.info, store.objects);
    const parts = [t(`nav.${this.page}` as Key), store.info?.name ?? "Gantry"];
    if (state.job) parts.unshift(`${percent(completion(state.job, store.objects))} ${state.word}`);
    document.title = parts.join(" · ");
  }

  render() {
    switch (store.phase) {
      case "starting":
        return html`<main class="center" aria-busy="true">
          <p role="status">${t(store.absent ? "app.absent" : "app.starting")}</p></main>`;
      case "unclaimed":
        return this.apart("setup");
      case "login":
        document.title = "Gantry";
        return html`<login-view></login-view>`;
      default:
        if (PAGES[this.page]?.apart && store.may("ADMIN")) return this.apart(this.page);
        this.setTitle();
        return this.shell();
    }
  }

  private apart(page: string) {
    void this.need(page);
    return this.loaded.has(page)
      ? PAGES[page].view()
      : html`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`;
  }

  private shell() {
    return html`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${t(`nav.${this.page}` as Key)}>
        ${this.banners()} ${this.content()}
      </main>
      ${this.page === "printers" ? nothing : html`<printer-prompt></printer-prompt>`}`;
  }

  private skip(event: Event): void {
    event.preventDefault();
    this.querySelector<HTMLElement>("#main")?.focus();
  }

  private bar() {
    const state = stateOf(store.info, store.objects);
    const all = this.page === "printers";
    return html`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${store.fleet.length > 1
        ? this.chooser(all)
        : html`<strong class="name">${store.info?.name ?? "Gantry"}</strong>`}
      ${all && store.online
        ? nothing
        : html`<span class="badge ${store.online ? state.tone : store.answers ? "" : "bad"}" role="status">
            ${store.online ? state.word : t(store.answers ? "app.noPrinter" : "app.offline")}</span>`}
      <span class="grow"></span>
      ${store.may("CONTROL") ? (all ? this.stopEverything() : this.stopOne()) : nothing}
    </header>`;
  }

  private chooser(all: boolean) {
    const option = (id: string, name: string, chosen: boolean) => html`<option
      value=${id} .selected=${live(chosen)}>${name}</option>`;
    return html`<label class="hidden" for="fleet">${t("app.printer")}</label>
      <select id="fleet" class="bare" @change=${this.choose}>
        ${option("", t("nav.printers"), all)}
        ${store.fleet.map(({ id, name }) => option(id, name, !all && id === store.info?.id))}
      </select>`;
  }

  private stopOne() {
    return html`<button class="stop" type="button" @click=${this.stop} ?disabled=${store.printerless !== null}
      title=${t("stop.title")}>${icon("stop")}<span>${t("stop.label")}</span></button>`;
  }

  // One wrong press must not end the prints of a whole workshop.
  private stopEverything() {
    return html`<hold-button kind="stop" .label=${t("stop.all")}
      @confirm=${this.stopAll}></hold-button>`;
  }

  private stopAll = () => store.attempt(async () => {
    const stopped = await Promise.allSettled(store.fleet.map(({ id }) =>
      askPrinter(id, "POST", "printer/emergency_stop")));
    const failed = stopped.flatMap((each, index) =>
      each.status === "rejected" ? [`${store.fleet[index].name}: ${each.reason.message}`] : []);
    if (failed.length) throw new Error(failed.join("\n"));
  });

  private choose(event: Event): void {
    const id = (event.target as HTMLSelectElement).value;
    if (id) location.assign(`${homeOf(id, store.info?.id)}#/${before}`);
    else location.hash = "#/printers";
  }

  private pages() {
    return Object.entries(PAGES).filter(
      ([, page]) => !page.apart
        && (!page.several || store.fleet.length > 1)
        && (!page.permission || store.may(page.permission)),
    );
  }

  private navigation() {
    const link = (name: string, sign: Icon, kind = "", title: unknown = t(`nav.${name}` as Key)) =>
      html`<li class=${kind}><a href="#/${name}" aria-current=${this.current(name)}>
        ${icon(sign)}<span>${title}</span></a></li>`;
    const settings = html`<span class="on-phone">${t("nav.more")}</span
      ><span class="on-desk">${t("nav.settings")}</span>`;
    return html`<nav aria-label=${t("nav.label")}><ul>
      ${this.pages().map(([name, page]) =>
        link(name, page.icon, ON_BAR.includes(name) ? "" : "wide"),
      )}
      ${link("more", "more", "", settings)}
    </ul></nav>`;
  }

  private current(name: string) {
    const hidden = name === "more" && !ON_BAR.includes(this.page) && this.phone.matches;
    return this.page === name || hidden ? "page" : nothing;
  }

  private banners() {
    return html`
      <div role="alert">
        ${store.answers || !store.everOnline
          ? nothing
          : html`<p class="banner bad">${t("app.lost")}</p>`}
        ${store.deaf && !store.answers ? html`<p class="banner bad">${t("app.deaf")}</p>` : nothing}
        ${store.troubles.map((each) => html`<p class="banner bad">${t(`trouble.${each.id}` as Key)}</p>`)}
        ${store.newer === null
          ? nothing
          : html`<p class="banner"><span>${t("app.newer", { version: store.newer })}</span>
              <button type="button" @click=${() => location.reload()}>${t("app.reload")}</button></p>`}
        ${store.problem === null
          ? nothing
          : html`<p class="banner bad"><span>${store.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${t("app.dismiss")}</button>
            </p>`}
      </div>`;
  }

  private dismiss(): void {
    store.problem = null;
    store.changed();
  }

  private content() {
    if (this.page === "more") return this.more();
    if (store.printerless && !PAGES[this.page].whole) {
      return html`<section class="card stack"><h1>${t("printerless.title")}</h1>
        <p>${store.printerless}</p>
        ${store.may("ADMIN")
          ? html`<div class="row"><a class="button primary" href="#/setup">${t("settings.setup")}</a>
              <a class="button" href="#/upkeep">${t("printerless.restore")}</a>
              <a class="button" href="#/configuration">${t("nav.configuration")}</a></div>`
          : nothing}</section>`;
    }
    const { apart, permission } = PAGES[this.page];
    if ((permission && !store.may(permission)) || (apart && !store.may("ADMIN"))) {
      return html`<section class="card stack"><h1>${t(`nav.${this.page}` as Key)}</h1>
        <p>${t("app.notAllowed")}</p></section>`;
    }
    if (!this.loaded.has(this.page)) return html`<p aria-busy="true">${t("app.loading")}</p>`;
    return PAGES[this.page].view();
  }

  private more() {
    return html`<h1 class="page-head">${t("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages()
            .filter(([name]) => !ON_BAR.includes(name))
            .map(([name, page]) => html`<li><a href="#/${name}">${icon(page.icon)}
              <span>${t(`nav.${name}` as Key)}</span></a></li>`)}
        </ul>
      </div>
      <div class="settings"><div class="card stack">
        <h2>${t("settings.title")}</h2>
        <label class="field">${t("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(languages).map(([code, name]) => html`<option
              value=${code} ?selected=${code === language}>${name}</option>`)}
          </select></label>
        <label class="field">${t("settings.theme")}
          <select @change=${(e: Event) => this.applyTheme((e.target as HTMLSelectElement).value)}>
            ${(["auto", "light", "dark"] as const).map((theme) => html`<option
              value=${theme} ?selected=${theme === this.theme}>${t(`theme.${theme}`)}</option>`)}
          </select></label>
        <p class="quiet">${t("settings.user", { name: store.user.name ?? "–" })}</p>
        <div class="row">
          ${store.may("ADMIN")
            ? html`<a class="button" href="#/setup">${icon("configuration")} ${t("settings.setup")}</a>`
            : nothing}
          <button type="button" @click=${this.leave}>${icon("logout")} ${t("settings.logout")}</button>
        </div>
      </div>
      <install-card></install-card></div>`;
  }

  private async chooseLanguage(event: Event): Promise<void> {
    await speak((event.target as HTMLSelectElement).value);
    store.changed();
  }
}
customElements.define("gantry-app", GantryApp);
