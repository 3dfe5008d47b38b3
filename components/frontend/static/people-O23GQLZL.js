import"./chunk-AU3VMKW5.js";import{f as d}from"./chunk-EAMVW37M.js";import{a as u,e as n,j as o,k as m}from"./chunk-56ZLMFYN.js";import{a as t,d as l,i as s}from"./chunk-EGYNRHI4.js";var h=["read","upload","print","control","gcode","files:delete","admin"],$=new Set(["read","upload","print"]),b=5e3,c=class extends m{constructor(){super(...arguments);this.keys=[];this.people=[];this.requests=[];this.secret="";this.refused=""}static{this.properties={keys:{state:!0},people:{state:!0},requests:{state:!0},secret:{state:!0},refused:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{document.hidden||this.loadRequests()},b)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer),this.secret=""}async load(){try{this.keys=(await n("GET","api/gantry/keys")).keys,this.refused=""}catch(e){this.refused=e instanceof Error?e.message:String(e)}if(o.may("ADMIN")){let e=await n("GET","api/access/users").catch(()=>null);this.people=e?.users??[]}await this.loadRequests()}async loadRequests(){let e=await n("GET","api/plugin/appkeys").catch(()=>null);this.requests=Object.values(e?.pending??{})}change(e){return o.attempt(async()=>{await e(),await this.load()})}async createKey(e){e.preventDefault();let a=e.target,i=new FormData(a),r={label:String(i.get("label")).trim(),scopes:i.getAll("scope")};await this.change(async()=>{this.secret=(await n("POST","api/gantry/keys",r)).key})&&a.reset()}async addPerson(e){e.preventDefault();let a=e.target,i=new FormData(a),r={name:String(i.get("name")).trim(),password:String(i.get("password")),active:!0,admin:i.has("admin")};await this.change(()=>n("POST","api/access/users",r))&&a.reset()}decide(e,a){let i=`plugin/appkeys/decision/${encodeURIComponent(e.user_token)}`;this.change(async()=>{await n("POST",i,{decision:a}),this.requests=this.requests.filter(r=>r!==e)})}render(){return t`<h1 class="page-head">${s("people.title")}</h1>
      ${this.refused?t`<p class="card" role="alert">${s("people.stale")}
        <span class="quiet">(${this.refused})</span>
        <button type="button" @click=${()=>o.leave()}>${s("people.again")}</button></p>`:l}
      ${this.asking()} ${this.keyCard()} ${o.may("ADMIN")?this.peopleCard():l}`}asking(){return t`<div role="status">${this.requests.length?t`<section class="card stack"><h2>${s("people.requests")}</h2>
          <ul class="ports">${this.requests.map(e=>t`<li>
            <strong class="grow">${e.app_name}</strong>
            <button type="button" class="primary small"
              aria-label=${s("people.allow",{name:e.app_name})}
              @click=${()=>this.decide(e,!0)}>${s("people.allow",{name:""})}</button>
            <button type="button" class="small"
              aria-label=${s("people.deny",{name:e.app_name})}
              @click=${()=>this.decide(e,!1)}>${s("people.deny",{name:""})}</button>
          </li>`)}</ul></section>`:l}</div>`}keyCard(){return t`<section class="card stack" aria-labelledby="keys-title">
      <h2 id="keys-title">${s("people.keys")}</h2>
      <p class="quiet">${s("people.keysText")}</p>
      <ul class="ports">${this.keys.map(e=>this.keyRow(e))}</ul>
      <div role="status">${this.secret?t`<p>${s("people.created")}</p><p class="secret mono">${this.secret}</p>`:l}</div>
      ${this.secret?this.slicers():l}
      <form class="stack boxed" @submit=${this.createKey}>
        <label class="field">${s("people.label")}
          <input name="label" required maxlength="100" placeholder="OrcaSlicer"></label>
        <fieldset class="choices"><legend>${s("people.scopes")}</legend>
          ${h.map(e=>t`<label class="check"><input type="checkbox" name="scope"
            value=${e} ?checked=${$.has(e)}> ${s(`scope.${e}`)}</label>`)}
        </fieldset>
        <button class="primary">${s("people.create")}</button>
      </form>
    </section>`}slicers(){let e=[["OrcaSlicer, PrusaSlicer, SuperSlicer",s("slicer.prusa")],["Cura",s("slicer.cura")]];return t`<h3>${s("slicer.title")}</h3>
      <dl class="facts flush">
        <div><dt>${s("slicer.type")}</dt><dd>OctoPrint</dd></div>
        <div><dt>${s("slicer.address")}</dt><dd class="mono">${u.href.replace(/\/$/,"")}</dd></div>
      </dl>
      <ul class="findings">${e.map(([a,i])=>t`<li><span>
        <strong>${a}:</strong> ${i}</span></li>`)}</ul>`}keyRow(e){let a=e.label||e.kind,i=e.scopes===null?s("people.everything"):h.filter(p=>e.scopes?.includes(p)).map(p=>s(`scope.${p}`)).join(", "),r=e.last_used_at===null?s("people.neverUsed"):s("people.lastUsed",{when:d(e.last_used_at)});return t`<li>
      <div class="grow"><strong>${a}</strong>
        <span class="quiet">${s("people.owner",{name:e.user})}</span>
        <div class="quiet small-text">${i} · ${r}</div></div>
      ${e.fixed?t`<span class="quiet">${s("people.fixed")}</span>`:t`<hold-button kind="danger small" .label=${s("people.revokeShort")}
            .name=${s("people.revoke",{name:a})}
            @confirm=${()=>this.change(()=>n("DELETE",`api/gantry/keys/${encodeURIComponent(e.id)}`))}></hold-button>`}
    </li>`}peopleCard(){return t`<section class="card stack" aria-labelledby="people-title">
      <h2 id="people-title">${s("people.users")}</h2>
      <ul class="ports">${this.people.map(e=>t`<li>
        <strong class="grow">${e.name}</strong>
        ${e.admin?t`<span class="badge busy">${s("people.admin")}</span>`:l}
        ${e.active?l:t`<span class="badge">${s("people.inactive")}</span>`}
        ${e.name===o.user.name?l:t`<hold-button kind="danger small" .label=${s("people.remove")}
              .name=${s("people.removeUser",{name:e.name})}
              @confirm=${()=>this.change(()=>n("DELETE",`api/access/users/${encodeURIComponent(e.name)}`))}></hold-button>`}
      </li>`)}</ul>
      <form class="stack boxed" @submit=${this.addPerson}>
        <h3>${s("people.newUser")}</h3>
        <label class="field">${s("people.userName")}
          <input name="name" required autocomplete="off" autocapitalize="none"></label>
        <label class="field">${s("people.userPassword")}
          <input name="password" type="password" required minlength="8"
            autocomplete="new-password"></label>
        <label class="check"><input type="checkbox" name="admin"> ${s("people.makeAdmin")}</label>
        <button class="primary">${s("people.addUser")}</button>
      </form>
    </section>`}};customElements.define("people-view",c);
