import{a as g,c as k}from"./chunk-I4UR7QV7.js";import{a as $}from"./chunk-GGYYDSUW.js";import"./chunk-QRL4NPQN.js";import{f as p,g as m}from"./chunk-4NAKWUBJ.js";import{a as v}from"./chunk-4N2Y7I32.js";import{c as u,e as h,g as n,j as b,q as d}from"./chunk-RU625THP.js";import{a as i,d as r,i as e}from"./chunk-TAM3WXDD.js";var y=2e3,c=class extends v{constructor(){super(...arguments);this.updates=null;this.backups=null;this.busy="";this.share=null;this.restoring="";this.path=t=>`api/gantry/backups/${encodeURIComponent(t.name)}`}static{this.properties={updates:{state:!0},backups:{state:!0},busy:{state:!0},share:{state:!0},restoring:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{!document.hidden&&this.updates?.phase!=="idle"&&this.loadUpdates()},y)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){await Promise.all([this.loadUpdates(),this.loadBackups()])}async loadUpdates(){this.updates=await n("GET","api/gantry/updates").catch(()=>this.updates)}async loadBackups(){let t=await n("GET","api/gantry/backups").catch(()=>null);this.backups=t?.backups??null}async during(t,s){this.busy=e(t);let a=await d.attempt(()=>$(s));return this.busy="",this.share=null,await this.load(),a}restarting(t,s){return this.during(t,async()=>{let a=await g();await s(),await k(a),await d.open()})}chosen(t){let s=t.target,a=s.files?.[0]??null;return s.value="",a}upload(t,s){return b(t,s,a=>this.share=a)}async create(t){t.preventDefault();let s=t.target,a=new FormData(s),o=String(a.get("passphrase")??""),l={files:a.has("files"),...o?{passphrase:o}:{}};await this.during("backup.making",()=>n("POST","api/gantry/backups",l))&&s.reset()}async download(t){await this.during("backup.fetching",async()=>{let s=await fetch(u(this.path(t)),{headers:h()});if(!s.ok)throw await n("GET",this.path(t)),new Error(`HTTP ${s.status}`);let a=document.createElement("a");a.href=URL.createObjectURL(await s.blob()),a.download=t.name,a.click(),URL.revokeObjectURL(a.href)})}async restore(t,s){t.preventDefault();let a=String(new FormData(t.target).get("passphrase")??""),o=a?{passphrase:a}:{};await this.restarting("backup.restoring",()=>n("POST",`${this.path(s)}/restore`,o))&&(this.restoring="")}render(){let t=this.updates===null&&this.backups===null;return i`<h1 class="page-head">${e("nav.upkeep")}</h1>
      <div role="status">${this.busy?i`<div class="card stack"><p>${this.busy}</p>
            <progress max="1" .value=${this.share??r} aria-label=${this.busy}></progress></div>`:r}</div>
      ${t?i`<p aria-busy="true">${e("app.loading")}</p>`:r}
      <div class="dashboard even">
        ${this.updates?this.updateCard(this.updates):r}
        ${this.backups?this.backupCard(this.backups):r}
      </div>`}updateCard(t){let s=d.may("ADMIN"),{outcome:a}=t;return i`<section class="card stack" aria-labelledby="updates-title">
      <h2 id="updates-title">${e("update.title")}</h2>
      <dl class="facts flush">
        <div><dt>${e("update.running")}</dt><dd>${t.running}</dd></div>
        ${t.previous?i`<div><dt>${e("update.previous")}</dt><dd>${t.previous}</dd></div>`:r}
        ${t.checked_at?i`<div><dt>${e("update.checked")}</dt><dd>${p(t.checked_at)}</dd></div>`:r}
      </dl>
      ${t.supported?r:i`<p class="quiet">${e("update.unsupported")}</p>`}
      ${t.phase==="idle"?r:this.progress(t)}
      ${t.error?i`<p class="advice">${t.error}</p>`:r}
      ${a?i`<p class="quiet">${e(`update.result.${a.result}`,{version:a.version,when:p(a.at)})} ${a.reason}</p>`:r}
      ${t.supported&&s?this.updateWishes(t):r}
    </section>`}progress(t){let s=e(`update.phase.${t.phase}`,{version:t.version??""});return i`<p>${s}</p>
      <progress max="1" .value=${t.progress??r} aria-label=${s}></progress>`}updateWishes(t){let{available:s}=t,a=t.phase==="idle"&&!this.busy;return i`${s?i`<div class="boxed stack"><h3>${e("update.available",{version:s.version})}</h3>
            ${s.notes?i`<p class="prompt-text">${s.notes}</p>`:r}
            <p class="quiet">${e("update.safe")}</p>
            <button type="button" class="primary" ?disabled=${!a} @click=${()=>this.restarting("update.installing",()=>n("POST","api/gantry/updates/install"))}
              >${e("update.install",{version:s.version})}</button></div>`:t.checked_at?i`<p><span class="badge good">✓</span> ${e("update.newest")}</p>`:r}
      <div class="row">
        ${t.channel?i`<button type="button" ?disabled=${!a} @click=${()=>this.during("update.checking",()=>n("POST","api/gantry/updates/check"))}
              >${e("update.check")}</button>`:r}
        <label class="button upload">${e("update.bring")}<input class="hidden" type="file"
          ?disabled=${!a} @change=${o=>{let l=this.chosen(o);l&&this.restarting("update.installing",()=>this.upload("api/gantry/updates/upload",l))}}></label>
        ${t.previous?i`<hold-button .label=${e("update.back",{version:t.previous})}
              ?disabled=${!a} @confirm=${()=>this.restarting("update.goingBack",()=>n("POST","api/gantry/updates/back",{}))}></hold-button>`:r}
      </div>`}backupCard(t){return i`<section class="card stack" aria-labelledby="backups-title">
      <h2 id="backups-title">${e("backup.title")}</h2>
      <p class="quiet">${e("backup.text")}</p>
      <form class="stack boxed" @submit=${this.create}>
        <label class="check"><input type="checkbox" name="files"> ${e("backup.files")}</label>
        <label class="field">${e("backup.passphrase")}<input name="passphrase" type="password"
          minlength="8" autocomplete="new-password" aria-describedby="passphrase-hint"></label>
        <p id="passphrase-hint" class="quiet small-text">${e("backup.passphraseHint")}</p>
        <div class="row"><button class="primary" ?disabled=${!!this.busy}>${e("backup.make")}</button>
          <label class="button upload">${e("backup.bring")}<input class="hidden" type="file"
            ?disabled=${!!this.busy} @change=${s=>{let a=this.chosen(s);a&&this.during("backup.bringing",()=>this.upload("api/gantry/backups/upload",a))}}></label></div>
      </form>
      ${t.length?i`<ul class="ports">${t.map(s=>this.row(s))}</ul>`:i`<p class="quiet">${e("backup.none")}</p>`}
    </section>`}row(t){let s=[e(`backup.reason.${t.reason}`),`Gantry ${t.version}`,m(t.size),t.has_files?e("backup.withFiles"):"",t.encrypted?e("backup.encrypted"):""].filter(Boolean),a=p(t.made_at);return i`<li>
      <div class="grow"><strong>${a}</strong>
        <div class="quiet small-text">${s.join(" \xB7 ")}</div></div>
      <button type="button" class="small" aria-label=${e("backup.downloadOf",{when:a})}
        @click=${()=>this.download(t)}>${e("backup.download")}</button>
      <button type="button" class="small" aria-label=${e("backup.restoreOf",{when:a})}
        aria-expanded=${this.restoring===t.name}
        @click=${()=>this.restoring=this.restoring===t.name?"":t.name}
        >${e("backup.restore")}</button>
      <hold-button kind="danger small" .label=${e("backup.delete")}
        .name=${e("backup.deleteOf",{when:a})}
        @confirm=${()=>this.during("backup.deleting",()=>n("DELETE",this.path(t)))}
      ></hold-button>
      ${this.restoring===t.name?this.confirmation(t):r}
    </li>`}confirmation(t){return i`<form class="stack boxed whole"
        @submit=${s=>this.restore(s,t)}>
      <p>${e("backup.restoreText")}</p>
      ${t.encrypted?i`<label class="field">${e("backup.itsPassphrase")}<input name="passphrase"
            type="password" required minlength="8" autocomplete="off"></label>`:r}
      <div class="row"><button class="primary" ?disabled=${!!this.busy}>${e("backup.restoreNow")}</button>
        <button type="button" class="plain" @click=${()=>this.restoring=""}>
          ${e("app.close")}</button></div></form>`}};customElements.define("upkeep-view",c);
