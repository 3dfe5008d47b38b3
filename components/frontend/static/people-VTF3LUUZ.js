import"./chunk-CSC3CX2X.js";import"./chunk-4RZZLEZ6.js";import"./chunk-YK7HT3IK.js";import{f as d}from"./chunk-KJKV3DAE.js";import{a as u}from"./chunk-CK4TI5KA.js";import{g as n,l as r}from"./chunk-GR2WIZ2F.js";import{a as s,d as l,i as t}from"./chunk-2CCT6C6F.js";var m=["read","upload","print","control","gcode","files:delete","admin"],h=new Set(["read","upload","print"]),b=5e3,c=class extends u{constructor(){super(...arguments);this.keys=[];this.people=[];this.requests=[];this.secret="";this.refused=""}static{this.properties={keys:{state:!0},people:{state:!0},requests:{state:!0},secret:{state:!0},refused:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{document.hidden||this.loadRequests()},b)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer),this.secret=""}async load(){try{this.keys=(await n("GET","api/gantry/keys")).keys,this.refused=""}catch(e){this.refused=e instanceof Error?e.message:String(e)}if(r.may("ADMIN")){let e=await n("GET","api/access/users").catch(()=>null);this.people=e?.users??[]}await this.loadRequests()}async loadRequests(){let e=await n("GET","api/plugin/appkeys").catch(()=>null);this.requests=Object.values(e?.pending??{})}change(e){return r.attempt(async()=>{await e(),await this.load()})}async createKey(e){e.preventDefault();let a=e.target,i=new FormData(a),o={label:String(i.get("label")).trim(),scopes:i.getAll("scope")};await this.change(async()=>{this.secret=(await n("POST","api/gantry/keys",o)).key})&&a.reset()}async addPerson(e){e.preventDefault();let a=e.target,i=new FormData(a),o={name:String(i.get("name")).trim(),password:String(i.get("password")),active:!0,admin:i.has("admin")};await this.change(()=>n("POST","api/access/users",o))&&a.reset()}decide(e,a){let i=`plugin/appkeys/decision/${encodeURIComponent(e.user_token)}`;this.change(async()=>{await n("POST",i,{decision:a}),this.requests=this.requests.filter(o=>o!==e)})}render(){return s`<h1 class="page-head">${t("people.title")}</h1>
      ${this.refused?s`<p class="card" role="alert">${t("people.stale")}
        <span class="quiet">(${this.refused})</span>
        <button type="button" @click=${()=>r.leave()}>${t("people.again")}</button></p>`:l}
      ${this.asking()} ${this.keyCard()} ${r.may("ADMIN")?this.peopleCard():l}`}asking(){return s`<div role="status">${this.requests.length?s`<section class="card stack"><h2>${t("people.requests")}</h2>
          <ul class="ports">${this.requests.map(e=>s`<li>
            <strong class="grow">${e.app_name}</strong>
            <button type="button" class="primary small"
              aria-label=${t("people.allow",{name:e.app_name})}
              @click=${()=>this.decide(e,!0)}>${t("people.allow",{name:""})}</button>
            <button type="button" class="small"
              aria-label=${t("people.deny",{name:e.app_name})}
              @click=${()=>this.decide(e,!1)}>${t("people.deny",{name:""})}</button>
          </li>`)}</ul></section>`:l}</div>`}keyCard(){return s`<section class="card stack" aria-labelledby="keys-title">
      <h2 id="keys-title">${t("people.keys")}</h2>
      <p class="quiet">${t("people.keysText")}</p>
      <ul class="ports">${this.keys.map(e=>this.keyRow(e))}</ul>
      <div role="status">${this.secret?s`<p>${t("people.created")}</p>`:l}</div>
      ${this.secret?s`<h3>${t("slicer.title")}</h3><slicer-card .secret=${this.secret}></slicer-card>`:l}
      <form class="stack boxed" @submit=${this.createKey}>
        <label class="field">${t("people.label")}
          <input name="label" required maxlength="100" placeholder="OrcaSlicer"></label>
        <fieldset class="choices"><legend>${t("people.scopes")}</legend>
          ${m.map(e=>s`<label class="check"><input type="checkbox" name="scope"
            value=${e} ?checked=${h.has(e)}> ${t(`scope.${e}`)}</label>`)}
        </fieldset>
        <button class="primary">${t("people.create")}</button>
      </form>
    </section>`}keyRow(e){let a=e.label||e.kind,i=e.scopes===null?t("people.everything"):m.filter(p=>e.scopes?.includes(p)).map(p=>t(`scope.${p}`)).join(", "),o=e.last_used_at===null?t("people.neverUsed"):t("people.lastUsed",{when:d(e.last_used_at)});return s`<li>
      <div class="grow"><strong>${a}</strong>
        <span class="quiet">${t("people.owner",{name:e.user})}</span>
        <div class="quiet small-text">${i} · ${o}</div></div>
      ${e.fixed?s`<span class="quiet">${t("people.fixed")}</span>`:s`<hold-button kind="danger small" .label=${t("people.revokeShort")}
            .name=${t("people.revoke",{name:a})}
            @confirm=${()=>this.change(()=>n("DELETE",`api/gantry/keys/${encodeURIComponent(e.id)}`))}></hold-button>`}
    </li>`}peopleCard(){return s`<section class="card stack" aria-labelledby="people-title">
      <h2 id="people-title">${t("people.users")}</h2>
      <ul class="ports">${this.people.map(e=>s`<li>
        <strong class="grow">${e.name}</strong>
        ${e.admin?s`<span class="badge busy">${t("people.admin")}</span>`:l}
        ${e.active?l:s`<span class="badge">${t("people.inactive")}</span>`}
        ${e.name===r.user.name?l:s`<hold-button kind="danger small" .label=${t("people.remove")}
              .name=${t("people.removeUser",{name:e.name})}
              @confirm=${()=>this.change(()=>n("DELETE",`api/access/users/${encodeURIComponent(e.name)}`))}></hold-button>`}
      </li>`)}</ul>
      <form class="stack boxed" @submit=${this.addPerson}>
        <h3>${t("people.newUser")}</h3>
        <label class="field">${t("people.userName")}
          <input name="name" required autocomplete="off" autocapitalize="none"></label>
        <label class="field">${t("people.userPassword")}
          <input name="password" type="password" required minlength="8"
            autocomplete="new-password"></label>
        <label class="check"><input type="checkbox" name="admin"> ${t("people.makeAdmin")}</label>
        <button class="primary">${t("people.addUser")}</button>
      </form>
    </section>`}};customElements.define("people-view",c);
