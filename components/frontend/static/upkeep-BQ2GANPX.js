import{a as g,c as k}from"./chunk-KZYLEHMQ.js";import{a as $}from"./chunk-75AYLBCV.js";import"./chunk-VR6UZ2T6.js";import{f as p,g as c}from"./chunk-2A77GFZ6.js";import{a as v}from"./chunk-UBUUMJNP.js";import{c as h,e as b,g as n,j as m,m as d}from"./chunk-DOMKDKO6.js";import{a as i,d as r,i as t}from"./chunk-Y5CKERNQ.js";var y=2e3,u=class extends v{constructor(){super(...arguments);this.updates=null;this.backups=null;this.busy="";this.share=null;this.restoring="";this.path=e=>`api/gantry/backups/${encodeURIComponent(e.name)}`}static{this.properties={updates:{state:!0},backups:{state:!0},busy:{state:!0},share:{state:!0},restoring:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{!document.hidden&&this.updates?.phase!=="idle"&&this.loadUpdates()},y)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){await Promise.all([this.loadUpdates(),this.loadBackups()])}async loadUpdates(){this.updates=await n("GET","api/gantry/updates").catch(()=>this.updates)}async loadBackups(){let e=await n("GET","api/gantry/backups").catch(()=>null);this.backups=e?.backups??null}async during(e,a){this.busy=t(e);let s=await d.attempt(()=>$(a));return this.busy="",this.share=null,await this.load(),s}restarting(e,a){return this.during(e,async()=>{let s=await g();await a(),await k(s),await d.open()})}chosen(e){let a=e.target,s=a.files?.[0]??null;return a.value="",s}upload(e,a){return m(e,a,s=>this.share=s)}async create(e){e.preventDefault();let a=e.target,s=new FormData(a),o=String(s.get("passphrase")??""),l={files:s.has("files"),...o?{passphrase:o}:{}};await this.during("backup.making",()=>n("POST","api/gantry/backups",l))&&a.reset()}async download(e){await this.during("backup.fetching",async()=>{let a=await fetch(h(this.path(e)),{headers:b()});if(!a.ok)throw await n("GET",this.path(e)),new Error(`HTTP ${a.status}`);let s=document.createElement("a");s.href=URL.createObjectURL(await a.blob()),s.download=e.name,s.click(),URL.revokeObjectURL(s.href)})}async restore(e,a){e.preventDefault();let s=String(new FormData(e.target).get("passphrase")??""),o=s?{passphrase:s}:{};await this.restarting("backup.restoring",()=>n("POST",`${this.path(a)}/restore`,o))&&(this.restoring="")}render(){let e=this.updates===null&&this.backups===null;return i`<h1 class="page-head">${t("nav.upkeep")}</h1>
      <div role="status">${this.busy?i`<div class="card stack"><p>${this.busy}</p>
            <progress max="1" .value=${this.share??r} aria-label=${this.busy}></progress></div>`:r}</div>
      ${e?i`<p aria-busy="true">${t("app.loading")}</p>`:r}
      <div class="dashboard even">
        ${this.updates?this.updateCard(this.updates):r}
        ${this.backups?this.backupCard(this.backups):r}
      </div>`}updateCard(e){let a=d.may("ADMIN"),{outcome:s}=e;return i`<section class="card stack" aria-labelledby="updates-title">
      <h2 id="updates-title">${t("update.title")}</h2>
      <dl class="facts flush">
        <div><dt>${t("update.running")}</dt><dd>${e.running}</dd></div>
        ${e.previous?i`<div><dt>${t("update.previous")}</dt><dd>${e.previous}</dd></div>`:r}
        ${e.checked_at?i`<div><dt>${t("update.checked")}</dt><dd>${p(e.checked_at)}</dd></div>`:r}
      </dl>
      ${e.supported?r:i`<p class="quiet">${t("update.unsupported")} ${e.unsupported_because??""}</p>`}
      ${e.phase==="idle"?r:this.progress(e)}
      ${e.error?i`<p class="advice">${e.error}</p>`:r}
      ${s?i`<p class="quiet">${t(`update.result.${s.result}`,{version:s.version,when:p(s.at)})} ${s.reason}</p>`:r}
      ${e.supported&&a?this.updateWishes(e):r}
    </section>`}progress(e){let a=t(`update.phase.${e.phase}`,{version:e.version??""});return i`<p>${a}</p>
      <progress max="1" .value=${e.progress??r} aria-label=${a}></progress>`}updateWishes(e){let{available:a}=e,s=e.phase==="idle"&&!this.busy;return i`${a?i`<div class="boxed stack"><h3>${t("update.available",{version:a.version})}</h3>
            ${a.notes?i`<p class="prompt-text">${a.notes}</p>`:r}
            <p class="quiet">${t("update.safe")}</p>
            <button type="button" class="primary" ?disabled=${!s} @click=${()=>this.restarting("update.installing",()=>n("POST","api/gantry/updates/install"))}
              >${t("update.install",{version:a.version})}</button></div>`:e.checked_at?i`<p><span class="badge good">✓</span> ${t("update.newest")}</p>`:r}
      <div class="row">
        ${e.channel?i`<button type="button" ?disabled=${!s} @click=${()=>this.during("update.checking",()=>n("POST","api/gantry/updates/check"))}
              >${t("update.check")}</button>`:r}
        <label class="button upload">${t("update.bring")}<input class="hidden" type="file"
          ?disabled=${!s} @change=${o=>{let l=this.chosen(o);l&&this.restarting("update.installing",()=>this.upload("api/gantry/updates/upload",l))}}></label>
        ${e.previous?i`<hold-button .label=${t("update.back",{version:e.previous})}
              ?disabled=${!s} @confirm=${()=>this.restarting("update.goingBack",()=>n("POST","api/gantry/updates/back",{}))}></hold-button>`:r}
      </div>`}backupCard(e){return i`<section class="card stack" aria-labelledby="backups-title">
      <h2 id="backups-title">${t("backup.title")}</h2>
      <p class="quiet">${t("backup.text")}</p>
      <form class="stack boxed" @submit=${this.create}>
        <label class="check"><input type="checkbox" name="files"> ${t("backup.files")}</label>
        <label class="field">${t("backup.passphrase")}<input name="passphrase" type="password"
          minlength="8" autocomplete="new-password" aria-describedby="passphrase-hint"></label>
        <p id="passphrase-hint" class="quiet small-text">${t("backup.passphraseHint")}</p>
        <div class="row"><button class="primary" ?disabled=${!!this.busy}>${t("backup.make")}</button>
          <label class="button upload">${t("backup.bring")}<input class="hidden" type="file"
            ?disabled=${!!this.busy} @change=${a=>{let s=this.chosen(a);s&&this.during("backup.bringing",()=>this.upload("api/gantry/backups/upload",s))}}></label></div>
      </form>
      ${e.length?i`<ul class="ports">${e.map(a=>this.row(a))}</ul>`:i`<p class="quiet">${t("backup.none")}</p>`}
    </section>`}row(e){let a=[t(`backup.reason.${e.reason}`),`Gantry ${e.version}`,c(e.size),e.has_files?t("backup.withFiles"):"",e.encrypted?t("backup.encrypted"):""].filter(Boolean),s=p(e.made_at);return i`<li>
      <div class="grow"><strong>${s}</strong>
        <div class="quiet small-text">${a.join(" \xB7 ")}</div></div>
      <button type="button" class="small" aria-label=${t("backup.downloadOf",{when:s})}
        @click=${()=>this.download(e)}>${t("backup.download")}</button>
      <button type="button" class="small" aria-label=${t("backup.restoreOf",{when:s})}
        aria-expanded=${this.restoring===e.name}
        @click=${()=>this.restoring=this.restoring===e.name?"":e.name}
        >${t("backup.restore")}</button>
      <hold-button kind="danger small" .label=${t("backup.delete")}
        .name=${t("backup.deleteOf",{when:s})}
        @confirm=${()=>this.during("backup.deleting",()=>n("DELETE",this.path(e)))}
      ></hold-button>
      ${this.restoring===e.name?this.confirmation(e):r}
    </li>`}confirmation(e){return i`<form class="stack boxed whole"
        @submit=${a=>this.restore(a,e)}>
      <p>${t("backup.restoreText")}</p>
      ${e.encrypted?i`<label class="field">${t("backup.itsPassphrase")}<input name="passphrase"
            type="password" required minlength="8" autocomplete="off"></label>`:r}
      <div class="row"><button class="primary" ?disabled=${!!this.busy}>${t("backup.restoreNow")}</button>
        <button type="button" class="plain" @click=${()=>this.restoring=""}>
          ${t("app.close")}</button></div></form>`}};customElements.define("upkeep-view",u);
