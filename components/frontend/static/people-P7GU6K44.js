import"./chunk-JONC3VFA.js";import{a as m}from"./chunk-TQJ4YY2N.js";import"./chunk-JP32XFLV.js";import{f as d}from"./chunk-7ERQJF3G.js";import{a as $}from"./chunk-MH7U2SSG.js";import{c as h,e as b,l as o,y as p}from"./chunk-N5BKS474.js";import{a as s,d as r,j as t}from"./chunk-L547K4MS.js";var g=["read","upload","print","control","gcode","files:delete","admin"],y=new Set(["read","upload","print","files:delete"]),w=5e3,v={never:0,month:30,year:365},k=86400,u=class extends ${constructor(){super(...arguments);this.keys=[];this.people=[];this.requests=[];this.secret="";this.refused="";this.changed=""}static{this.properties={keys:{state:!0},people:{state:!0},requests:{state:!0},secret:{state:!0},refused:{state:!0},changed:{state:!0}}}connectedCallback(){super.connectedCallback(),this.load(),this.timer=window.setInterval(()=>{document.hidden||this.loadRequests()},w)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer),this.secret=""}async load(){try{let e=await m(()=>o("GET","api/gantry/keys"));this.keys=e.keys,this.refused=""}catch(e){this.refused=b(e)}if(p.may("ADMIN")){let e=await o("GET","api/access/users").catch(()=>null);this.people=e?.users??[]}await this.loadRequests()}async loadRequests(){let e=await o("GET","api/plugin/appkeys").catch(()=>null);this.requests=Object.values(e?.pending??{})}change(e){return p.attempt(async()=>{await m(e),await this.load()})}async createKey(e){e.preventDefault();let a=e.target,n=new FormData(a),i=v[String(n.get("life"))]??0,l=n.getAll("printer"),c={label:String(n.get("label")).trim(),scopes:n.getAll("scope"),...i?{expires_at:Date.now()/1e3+i*k}:{},...l.length&&l.length<p.fleet.length?{printers:l}:{}};await this.change(async()=>{this.secret=(await o("POST","api/gantry/keys",c)).key})&&a.reset()}async addPerson(e){e.preventDefault();let a=e.target,n=new FormData(a),i={name:String(n.get("name")).trim(),password:String(n.get("password")),active:!0,admin:n.has("admin")};await this.change(()=>o("POST","api/access/users",i))&&a.reset()}async setPassword(e,a){e.preventDefault();let n=e.target,i=new FormData(n),l=Object.fromEntries(i),c=`api/access/users/${encodeURIComponent(a.name)}/password`;await this.change(()=>o("PUT",c,l))&&(n.reset(),this.changed=a.name)}alter(e,a){let n=`api/access/users/${encodeURIComponent(e.name)}`;this.change(()=>o("PUT",n,a))}decide(e,a){let n=`plugin/appkeys/decision/${encodeURIComponent(e.user_token)}`;this.change(async()=>{await o("POST",n,{decision:a}),this.requests=this.requests.filter(i=>i!==e)})}render(){return s`<h1 class="page-head">${t("people.title")}</h1>
      ${this.refused?s`<p class="card row" role="alert"><span class="grow">${this.refused}</span>
        <button type="button" @click=${()=>this.load()}>${t("people.again")}</button></p>`:r}
      ${this.asking()}
      <div class="dashboard even wide-first">
        ${this.connectCard()}
        <div class="column">${this.keyCard()} ${p.may("ADMIN")?this.peopleCard():r}</div>
      </div>`}connectCard(){return s`<section class="card stack" aria-labelledby="connect-title">
      <h2 id="connect-title">${t("slicer.title")}</h2>
      <p class="quiet">${t("people.connectText")}</p>
      <slicer-card @made=${()=>this.load()}></slicer-card></section>`}asking(){return s`<div role="status">${this.requests.length?s`<section class="card stack"><h2>${t("people.requests")}</h2>
          <ul class="ports">${this.requests.map(e=>s`<li>
            <strong class="grow">${e.app_name}</strong>
            <button type="button" class="primary small"
              aria-label=${t("people.allow",{name:e.app_name})}
              @click=${()=>this.decide(e,!0)}>${t("people.allow",{name:""})}</button>
            <button type="button" class="small"
              aria-label=${t("people.deny",{name:e.app_name})}
              @click=${()=>this.decide(e,!1)}>${t("people.deny",{name:""})}</button>
          </li>`)}</ul></section>`:r}</div>`}keyCard(){return s`<section class="card stack" aria-labelledby="keys-title">
      <h2 id="keys-title">${t("people.keys")}</h2>
      <p class="quiet">${t("people.keysText")}</p>
      <ul class="ports">${this.keys.map(e=>this.keyRow(e))}</ul>
      <div role="status">${this.secret?s`<p>${t("people.created")}</p><p class="secret mono">${this.secret}</p>`:r}</div>
      <details class="stack"><summary>${t("people.another")}</summary>
      <form class="stack boxed" @submit=${this.createKey}>
        <label class="field">${t("people.label")}
          <input name="label" required maxlength="100" placeholder="Home Assistant"></label>
        <fieldset class="choices"><legend>${t("people.scopes")}</legend>
          ${g.map(e=>s`<label class="check"><input type="checkbox" name="scope"
            value=${e} ?checked=${y.has(e)}> ${t(`scope.${e}`)}</label>`)}
        </fieldset>
        ${p.fleet.length>1?this.limit():r}
        <label class="field">${t("people.life")}
          <select name="life">${Object.keys(v).map(e=>s`<option value=${e}>
            ${t(`people.life.${e}`)}</option>`)}</select></label>
        <button class="primary">${t("people.create")}</button>
      </form></details>
    </section>`}limit(){return s`<fieldset class="choices"><legend>${t("people.forPrinters")}</legend>
      ${p.fleet.map(e=>s`<label class="check"><input type="checkbox" name="printer"
        value=${e.id} checked> ${e.name}</label>`)}
    </fieldset>`}keyRow(e){let a=h(e.label||e.kind),n=e.scopes===null?t("people.everything"):g.filter(l=>e.scopes?.includes(l)).map(l=>t(`scope.${l}`)).join(", "),i=e.last_used_at===null?t("people.neverUsed"):t("people.lastUsed",{when:d(e.last_used_at)});return s`<li>
      <div class="grow"><strong>${a}</strong>
        <span class="quiet">${t("people.owner",{name:e.user})}</span>
        <div class="quiet small-text">${[n,i,...this.limitsOf(e)].join(" \xB7 ")}</div></div>
      ${e.fixed?s`<span class="quiet">${t("people.fixed")}</span>`:s`<hold-button kind="danger small" .label=${t("people.revokeShort")}
            .name=${t("people.revoke",{name:a})}
            @confirm=${()=>this.change(()=>o("DELETE",`api/gantry/keys/${encodeURIComponent(e.id)}`))}></hold-button>`}
    </li>`}limitsOf(e){let a=e.printers?.map(i=>p.fleet.find(l=>l.id===i)?.name??i),n=e.expires_at!==null&&e.expires_at*1e3<Date.now();return[a?t("people.onlyPrinters",{names:a.join(", ")}):"",e.expires_at===null?"":t(n?"people.expired":"people.expires",{when:d(e.expires_at)})].filter(Boolean)}peopleCard(){return s`<section class="card stack" aria-labelledby="people-title">
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
    </section>`}personRow(e){let a=e.name===p.user.name;return s`<li>
      <strong class="grow">${e.name}</strong>
      ${e.admin?s`<span class="badge busy">${t("people.admin")}</span>`:r}
      ${e.active?r:s`<span class="badge">${t("people.inactive")}</span>`}
      <details class="person"><summary>${t("people.change",{name:e.name})}</summary>
        <form class="stack boxed" @submit=${n=>this.setPassword(n,e)}>
          ${a?s`<label class="field">${t("people.present")}<input name="current" type="password"
                required autocomplete="current-password"></label>`:r}
          <label class="field">${t("people.newPassword")}<input name="password" type="password"
            required minlength="8" autocomplete="new-password"></label>
          <div class="row"><button>${t("people.setPassword")}</button>
            <span role="status">${this.changed===e.name?t("people.passwordSet"):""}</span></div>
          ${a?r:this.powers(e)}
        </form></details>
    </li>`}powers(e){return s`<div class="row">
      <button type="button" @click=${()=>this.alter(e,{active:!e.active})}>
        ${e.active?t("people.lock"):t("people.unlock")}</button>
      <button type="button" @click=${()=>this.alter(e,{admin:!e.admin})}>
        ${e.admin?t("people.noAdmin"):t("people.asAdmin")}</button>
      <hold-button kind="danger" .label=${t("people.remove")}
        .name=${t("people.removeUser",{name:e.name})}
        @confirm=${()=>this.change(()=>o("DELETE",`api/access/users/${encodeURIComponent(e.name)}`))}></hold-button>
    </div>`}};customElements.define("people-view",u);
