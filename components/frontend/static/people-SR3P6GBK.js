import"./chunk-WINE6NVZ.js";import{a as m}from"./chunk-2DZT3645.js";import"./chunk-72DYD4AI.js";import{f as d}from"./chunk-35X64PMC.js";import{a as g}from"./chunk-B544CBGK.js";import{A as p,c as h,e as b,m as o,v as $}from"./chunk-J5RRR37K.js";import{a,d as r,j as t}from"./chunk-M6YJ65Q2.js";var v=["read","upload","print","control","gcode","files:delete","admin"],w=new Set(["read","upload","print","files:delete"]),k=5e3,f={never:0,month:30,year:365},P=86400,u=class extends g{constructor(){super(...arguments);this.keys=null;this.people=[];this.requests=[];this.secret="";this.refused="";this.changed=""}static{this.properties={keys:{state:!0},people:{state:!0},requests:{state:!0},secret:{state:!0},refused:{state:!0},changed:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{document.hidden||this.loadRequests()},k)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer),this.secret=""}async load(){let e=Promise.all([this.loadPeople(),this.loadRequests()]);try{let s=await m(()=>o("GET","api/gantry/keys"));await $(e),this.keys=s.keys,this.refused=""}catch(s){this.keys??=[],this.refused=b(s)}}async loadPeople(){if(!p.may("ADMIN"))return;let e=await o("GET","api/access/users").catch(()=>null);this.people=e?.users??[]}async loadRequests(){let e=await o("GET","api/plugin/appkeys").catch(()=>null);this.requests=Object.values(e?.pending??{})}change(e){return p.attempt(async()=>{await m(e),await this.load()})}async createKey(e){e.preventDefault();let s=e.target,i=new FormData(s),n=f[String(i.get("life"))]??0,l=i.getAll("printer"),c={label:String(i.get("label")).trim(),scopes:i.getAll("scope"),...n?{expires_at:Date.now()/1e3+n*P}:{},...l.length&&l.length<p.fleet.length?{printers:l}:{}};await this.change(async()=>{this.secret=(await o("POST","api/gantry/keys",c)).key})&&s.reset()}async addPerson(e){e.preventDefault();let s=e.target,i=new FormData(s),n={name:String(i.get("name")).trim(),password:String(i.get("password")),active:!0,admin:i.has("admin")};await this.change(()=>o("POST","api/access/users",n))&&s.reset()}async setPassword(e,s){e.preventDefault();let i=e.target,n=new FormData(i),l=Object.fromEntries(n),c=`api/access/users/${encodeURIComponent(s.name)}/password`;await this.change(()=>o("PUT",c,l))&&(i.reset(),this.changed=s.name)}alter(e,s){let i=`api/access/users/${encodeURIComponent(e.name)}`;this.change(()=>o("PUT",i,s))}decide(e,s){let i=`plugin/appkeys/decision/${encodeURIComponent(e.user_token)}`;this.change(async()=>{await o("POST",i,{decision:s}),this.requests=this.requests.filter(n=>n!==e)})}render(){let e=a`<h1 class="page-head">${t("people.title")}</h1>`;return this.keys===null?a`${e}<p aria-busy="true">${t("app.loading")}</p>`:a`${e}
      ${this.refused?a`<p class="card row" role="alert"><span class="grow">${this.refused}</span>
        <button type="button" @click=${()=>this.load()}>${t("people.again")}</button></p>`:r}
      ${this.asking()}
      <div class="dashboard even wide-first">
        ${this.connectCard()}
        <div class="column">${this.keyCard(this.keys)} ${p.may("ADMIN")?this.peopleCard():r}</div>
      </div>`}connectCard(){return a`<section class="card stack" aria-labelledby="connect-title">
      <h2 id="connect-title">${t("slicer.title")}</h2>
      <p class="quiet">${t("people.connectText")}</p>
      <slicer-card @made=${()=>this.load()}></slicer-card></section>`}asking(){return a`<div role="status">${this.requests.length?a`<section class="card stack"><h2>${t("people.requests")}</h2>
          <ul class="ports">${this.requests.map(e=>a`<li>
            <strong class="grow">${e.app_name}</strong>
            <button type="button" class="primary small"
              aria-label=${t("people.allow",{name:e.app_name})}
              @click=${()=>this.decide(e,!0)}>${t("people.allow",{name:""})}</button>
            <button type="button" class="small"
              aria-label=${t("people.deny",{name:e.app_name})}
              @click=${()=>this.decide(e,!1)}>${t("people.deny",{name:""})}</button>
          </li>`)}</ul></section>`:r}</div>`}keyCard(e){return a`<section class="card stack" aria-labelledby="keys-title">
      <h2 id="keys-title">${t("people.keys")}</h2>
      <p class="quiet">${t("people.keysText")}</p>
      <ul class="ports">${e.map(s=>this.keyRow(s))}</ul>
      <div role="status">${this.secret?a`<p>${t("people.created")}</p><p class="secret mono">${this.secret}</p>`:r}</div>
      <details class="stack"><summary>${t("people.another")}</summary>
      <form class="stack boxed" @submit=${this.createKey}>
        <label class="field">${t("people.label")}
          <input name="label" required maxlength="100" placeholder="Home Assistant"></label>
        <fieldset class="choices"><legend>${t("people.scopes")}</legend>
          ${v.map(s=>a`<label class="check"><input type="checkbox" name="scope"
            value=${s} ?checked=${w.has(s)}> ${t(`scope.${s}`)}</label>`)}
        </fieldset>
        ${p.fleet.length>1?this.limit():r}
        <label class="field">${t("people.life")}
          <select name="life">${Object.keys(f).map(s=>a`<option value=${s}>
            ${t(`people.life.${s}`)}</option>`)}</select></label>
        <button class="primary">${t("people.create")}</button>
      </form></details>
    </section>`}limit(){return a`<fieldset class="choices"><legend>${t("people.forPrinters")}</legend>
      ${p.fleet.map(e=>a`<label class="check"><input type="checkbox" name="printer"
        value=${e.id} checked> ${e.name}</label>`)}
    </fieldset>`}keyRow(e){let s=h(e.label||e.kind),i=e.scopes===null?t("people.everything"):v.filter(l=>e.scopes?.includes(l)).map(l=>t(`scope.${l}`)).join(", "),n=e.last_used_at===null?t("people.neverUsed"):t("people.lastUsed",{when:d(e.last_used_at)});return a`<li>
      <div class="grow"><strong>${s}</strong>
        <span class="quiet">${t("people.owner",{name:e.user})}</span>
        <div class="quiet small-text">${[i,n,...this.limitsOf(e)].join(" \xB7 ")}</div></div>
      ${e.fixed?a`<span class="quiet">${t("people.fixed")}</span>`:a`<hold-button kind="danger small" .label=${t("people.revokeShort")}
            .name=${t("people.revoke",{name:s})}
            @confirm=${()=>this.change(()=>o("DELETE",`api/gantry/keys/${encodeURIComponent(e.id)}`))}></hold-button>`}
    </li>`}limitsOf(e){let s=e.printers?.map(n=>p.fleet.find(l=>l.id===n)?.name??n),i=e.expires_at!==null&&e.expires_at*1e3<Date.now();return[s?t("people.onlyPrinters",{names:s.join(", ")}):"",e.expires_at===null?"":t(i?"people.expired":"people.expires",{when:d(e.expires_at)})].filter(Boolean)}peopleCard(){return a`<section class="card stack" aria-labelledby="people-title">
      <h2 id="people-title">${t("people.users")}</h2>
      <ul class="ports">${this.people.map(e=>this.personRow(e))}</ul>
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
    </section>`}personRow(e){let s=e.name===p.user.name;return a`<li>
      <strong class="grow">${e.name}</strong>
      ${e.admin?a`<span class="badge busy">${t("people.admin")}</span>`:r}
      ${e.active?r:a`<span class="badge">${t("people.inactive")}</span>`}
      <details class="person"><summary>${t("people.change",{name:e.name})}</summary>
        <form class="stack boxed" @submit=${i=>this.setPassword(i,e)}>
          ${s?a`<label class="field">${t("people.present")}<input name="current" type="password"
                required autocomplete="current-password"></label>`:r}
          <label class="field">${t("people.newPassword")}<input name="password" type="password"
            required minlength="8" autocomplete="new-password"></label>
          <div class="row"><button>${t("people.setPassword")}</button>
            <span role="status">${this.changed===e.name?t("people.passwordSet"):""}</span></div>
          ${s?r:this.powers(e)}
        </form></details>
    </li>`}powers(e){return a`<div class="row">
      <button type="button" @click=${()=>this.alter(e,{active:!e.active})}>
        ${e.active?t("people.lock"):t("people.unlock")}</button>
      <button type="button" @click=${()=>this.alter(e,{admin:!e.admin})}>
        ${e.admin?t("people.noAdmin"):t("people.asAdmin")}</button>
      <hold-button kind="danger" .label=${t("people.remove")}
        .name=${t("people.removeUser",{name:e.name})}
        @confirm=${()=>this.change(()=>o("DELETE",`api/access/users/${encodeURIComponent(e.name)}`))}></hold-button>
    </div>`}};customElements.define("people-view",u);
