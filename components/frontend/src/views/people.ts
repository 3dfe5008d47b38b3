// Who may come in: people, keys of slicers and apps, and apps that ask for one.
import { html, nothing } from "lit";
import { ask } from "../core/api";
import { dateTime } from "../core/format";
import { fresh } from "../core/fresh";
import { t, type Key } from "../core/i18n";
import { inTime } from "../core/patience";
import { store } from "../core/store";
import { because, named } from "../core/said";
import "../ui/hold-button";
import "../ui/slicer-card";
import { View } from "../ui/view";

interface ApiKey {
  id: string;
  kind: string;
  user: string;
  label: string;
  scopes: string[] | null;
  printers: string[] | null;
  created_at: number | null;
  expires_at: number | null;
  last_used_at: number | null;
  fixed: boolean;
}

interface Person {
  name: string;
  active: boolean;
  admin: boolean;
}

interface Request {
  app_name: string;
  user_token: string;
}

const SCOPES = ["read", "upload", "print", "control", "gcode", "files:delete", "admin"];
const FOR_A_SLICER = new Set(["read", "upload", "print", "files:delete"]);
const EVERY_MS = 5000;
const LIVES: Record<string, number> = { never: 0, month: 30, year: 365 }; // days
const DAY_S = 86_400;

class PeopleView extends View {
  static properties = {
    keys: { state: true }, people: { state: true }, requests: { state: true },
    secret: { state: true }, refused: { state: true }, changed: { state: true },
  };
  private keys: ApiKey[] | null = null;
  private people: Person[] = [];
  private requests: Request[] = [];
  private secret = "";
  private refused = "";
  private changed = ""; // whose password was changed just now
  private timer: number | undefined;

  connectedCallback(): void {
    super.connectedCallback();
    void this.load();
    this.timer = window.setInterval(() => {
      if (!document.hidden) void this.loadRequests();
    }, EVERY_MS);
  }

  disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.secret = "";
  }

  private async load(): Promise<void> {
    // All at once and drawn at once: what comes later moves what stands below it.
    const others = Promise.all([this.loadPeople(), this.loadRequests()]);
    try {
      const found = await fresh(() => ask<{ keys: ApiKey[] }>("GET", "api/gantry/keys"));
      await inTime(others);
      this.keys = found.keys;
      this.refused = "";
    } catch (error) {
      this.keys ??= [];
      this.refused = because(error);
    }
  }

  private async loadPeople(): Promise<void> {
    if (!store.may("ADMIN")) return;
    const found = await ask<{ users: Person[] }>("GET", "api/access/users").catch(() => null);
    this.people = found?.users ?? [];
  }

  private async loadRequests(): Promise<void> {
    const found = await ask<{ pending?: Record<string, Request> }>("GET", "api/plugin/appkeys")
      .catch(() => null);
    this.requests = Object.values(found?.pending ?? {});
  }

  private change(work: () => Promise<unknown>): Promise<boolean> {
    return store.attempt(async () => {
      await fresh(work);
      await this.load();
    });
  }

  private async createKey(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const days = LIVES[String(data.get("life"))] ?? 0;
    const printers = data.getAll("printer");
    const body = {
      label: String(data.get("label")).trim(),
      scopes: data.getAll("scope"),
      ...(days ? { expires_at: Date.now() / 1000 + days * DAY_S } : {}),
      ...(printers.length && printers.length < store.fleet.length ? { printers } : {}),
    };
    const done = await this.change(async () => {
      this.secret = (await ask<{ key: string }>("POST", "api/gantry/keys", body)).key;
    });
    if (done) form.reset();
  }

  private async addPerson(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const body = {
      name: String(data.get("name")).trim(),
      password: String(data.get("password")),
      active: true,
      admin: data.has("admin"),
    };
    if (await this.change(() => ask("POST", "api/access/users", body))) form.reset();
  }

  private async setPassword(event: SubmitEvent, person: Person): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const body = Object.fromEntries(data) as Record<string, string>;
    const path = `api/access/users/${encodeURIComponent(person.name)}/password`;
    const done = await this.change(() => ask("PUT", path, body));
    if (!done) return;
    form.reset();
    this.changed = person.name;
  }

  private alter(person: Person, values: Partial<Person>): void {
    const path = `api/access/users/${encodeURIComponent(person.name)}`;
    void this.change(() => ask("PUT", path, values));
  }

  private decide(request: Request, decision: boolean): void {
    const path = `plugin/appkeys/decision/${encodeURIComponent(request.user_token)}`;
    void this.change(async () => {
      await ask("POST", path, { decision });
      this.requests = this.requests.filter((each) => each !== request);
    });
  }

  render() {
    const title = html`<h1 class="page-head">${t("people.title")}</h1>`;
    if (this.keys === null) return html`${title}<p aria-busy="true">${t("app.loading")}</p>`;
    return html`${title}
      ${this.refused ? html`<p class="card row" role="alert"><span class="grow">${this.refused}</span>
        <button type="button" @click=${() => this.load()}>${t("people.again")}</button></p>` : nothing}
      ${this.asking()}
      <div class="dashboard even wide-first">
        ${this.connectCard()}
        <div class="column">${this.keyCard(this.keys)} ${store.may("ADMIN") ? this.peopleCard() : nothing}</div>
      </div>`;
  }

  private connectCard() {
    return html`<section class="card stack" aria-labelledby="connect-title">
      <h2 id="connect-title">${t("slicer.title")}</h2>
      <p class="quiet">${t("people.connectText")}</p>
      <slicer-card @made=${() => this.load()}></slicer-card></section>`;
  }

  private asking() {
    return html`<div role="status">${this.requests.length
      ? html`<section class="card stack"><h2>${t("people.requests")}</h2>
          <ul class="ports">${this.requests.map((request) => html`<li>
            <strong class="grow">${request.app_name}</strong>
            <button type="button" class="primary small"
              aria-label=${t("people.allow", { name: request.app_name })}
              @click=${() => this.decide(request, true)}>${t("people.allow", { name: "" })}</button>
            <button type="button" class="small"
              aria-label=${t("people.deny", { name: request.app_name })}
              @click=${() => this.decide(request, false)}>${t("people.deny", { name: "" })}</button>
          </li>`)}</ul></section>`
      : nothing}</div>`;
  }

  private keyCard(keys: ApiKey[]) {
    return html`<section class="card stack" aria-labelledby="keys-title">
      <h2 id="keys-title">${t("people.keys")}</h2>
      <p class="quiet">${t("people.keysText")}</p>
      <ul class="ports">${keys.map((key) => this.keyRow(key))}</ul>
      <div role="status">${this.secret
        ? html`<p>${t("people.created")}</p><p class="secret mono">${this.secret}</p>`
        : nothing}</div>
      <details class="stack"><summary>${t("people.another")}</summary>
      <form class="stack boxed" @submit=${this.createKey}>
        <label class="field">${t("people.label")}
          <input name="label" required maxlength="100" placeholder="Home Assistant"></label>
        <fieldset class="choices"><legend>${t("people.scopes")}</legend>
          ${SCOPES.map((scope) => html`<label class="check"><input type="checkbox" name="scope"
            value=${scope} ?checked=${FOR_A_SLICER.has(scope)}> ${t(`scope.${scope}` as Key)}</label>`)}
        </fieldset>
        ${store.fleet.length > 1 ? this.limit() : nothing}
        <label class="field">${t("people.life")}
          <select name="life">${Object.keys(LIVES).map((life) => html`<option value=${life}>
            ${t(`people.life.${life}` as Key)}</option>`)}</select></label>
        <button class="primary">${t("people.create")}</button>
      </form></details>
    </section>`;
  }

  private limit() {
    return html`<fieldset class="choices"><legend>${t("people.forPrinters")}</legend>
      ${store.fleet.map((printer) => html`<label class="check"><input type="checkbox" name="printer"
        value=${printer.id} checked> ${printer.name}</label>`)}
    </fieldset>`;
  }

  private keyRow(key: ApiKey) {
    const name = named(key.label || key.kind);
    const scopes = key.scopes === null
      ? t("people.everything")
      : SCOPES.filter((scope) => key.scopes?.includes(scope))
          .map((scope) => t(`scope.${scope}` as Key))
          .join(", ");
    const used = key.last_used_at === null
      ? t("people.neverUsed")
      : t("people.lastUsed", { when: dateTime(key.last_used_at) });
    return html`<li>
      <div class="grow"><strong>${name}</strong>
        <span class="quiet">${t("people.owner", { name: key.user })}</span>
        <div class="quiet small-text">${[scopes, used, ...this.limitsOf(key)].join(" · ")}</div></div>
      ${key.fixed
        ? html`<span class="quiet">${t("people.fixed")}</span>`
        : html`<hold-button kind="danger small" .label=${t("people.revokeShort")}
            .name=${t("people.revoke", { name })}
            @confirm=${() => this.change(() =>
              ask("DELETE", `api/gantry/keys/${encodeURIComponent(key.id)}`))}></hold-button>`}
    </li>`;
  }

  private limitsOf(key: ApiKey): string[] {
    const names = key.printers?.map(
      (id) => store.fleet.find((printer) => printer.id === id)?.name ?? id,
    );
    const expired = key.expires_at !== null && key.expires_at * 1000 < Date.now();
    return [
      names ? t("people.onlyPrinters", { names: names.join(", ") }) : "",
      key.expires_at === null ? ""
        : t(expired ? "people.expired" : "people.expires", { when: dateTime(key.expires_at) }),
    ].filter(Boolean);
  }

  private peopleCard() {
    return html`<section class="card stack" aria-labelledby="people-title">
      <h2 id="people-title">${t("people.users")}</h2>
      <ul class="ports">${this.people.map((person) => this.personRow(person))}</ul>
      <details class="stack"><summary>${t("people.newUser")}</summary>
      <form class="stack boxed" @submit=${this.addPerson}>
        <label class="field">${t("people.userName")}
          <input name="name" required autocomplete="off" autocapitalize="none"></label>
        <label class="field">${t("people.userPassword")}
          <input name="password" type="password" required minlength="8"
            autocomplete="new-password"></label>
        <label class="check"><input type="checkbox" name="admin"> ${t("people.makeAdmin")}</label>
        <button class="primary">${t("people.addUser")}</button>
      </form></details>
    </section>`;
  }

  private personRow(person: Person) {
    const mine = person.name === store.user.name;
    return html`<li>
      <strong class="grow">${person.name}</strong>
      ${person.admin ? html`<span class="badge busy">${t("people.admin")}</span>` : nothing}
      ${person.active ? nothing : html`<span class="badge">${t("people.inactive")}</span>`}
      <details class="person"><summary>${t("people.change", { name: person.name })}</summary>
        <form class="stack boxed" @submit=${(event: SubmitEvent) => this.setPassword(event, person)}>
          ${mine
            ? html`<label class="field">${t("people.present")}<input name="current" type="password"
                required autocomplete="current-password"></label>`
            : nothing}
          <label class="field">${t("people.newPassword")}<input name="password" type="password"
            required minlength="8" autocomplete="new-password"></label>
          <div class="row"><button>${t("people.setPassword")}</button>
            <span role="status">${this.changed === person.name ? t("people.passwordSet") : ""}</span></div>
          ${mine ? nothing : this.powers(person)}
        </form></details>
    </li>`;
  }

  private powers(person: Person) {
    return html`<div class="row">
      <button type="button" @click=${() => this.alter(person, { active: !person.active })}>
        ${person.active ? t("people.lock") : t("people.unlock")}</button>
      <button type="button" @click=${() => this.alter(person, { admin: !person.admin })}>
        ${person.admin ? t("people.noAdmin") : t("people.asAdmin")}</button>
      <hold-button kind="danger" .label=${t("people.remove")}
        .name=${t("people.removeUser", { name: person.name })}
        @confirm=${() => this.change(() =>
          ask("DELETE", `api/access/users/${encodeURIComponent(person.name)}`))}></hold-button>
    </div>`;
  }
}
customElements.define("people-view", PeopleView);
