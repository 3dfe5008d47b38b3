import"./chunk-A4W66Z6X.js";import"./chunk-OKJDECBZ.js";import"./chunk-HUCYT3SJ.js";import{a as b}from"./chunk-33GG5PHY.js";import{a as N,b as f,d as g,e as k,i as h}from"./chunk-XNBOOLDR.js";import{e as m,f as L,g as R,j as i,k as u}from"./chunk-6O4BZPLP.js";import{a as n,d as l,g as C,h as x,i as t,j as T}from"./chunk-IKJ2O7UB.js";var K=new Set(["preparing","printing","pausing","paused","resuming","cancelling","finishing"]);function $(o,c){if(o===null)return v("state.unknown","state.unknown","idle","");let e=o.name;if(o.link!=="online")return M(o);let a=o.job;if(a&&K.has(o.phase))return{...q(o,a,c),job:a};if(a?.result&&a.result!=="complete"){let s=a.result==="failed"?"sentence.failed.job":`sentence.${a.result}`,r=v(`state.${a.result}`,s,"bad",e,a);return a.result==="cancelled"?{...r,tone:"idle"}:r}return a?.result==="complete"?v("state.complete","sentence.complete","good",e,a):v("state.ready","sentence.ready","good",e)}function M(o){let c=o.fault?.message;switch(o.link){case"offline":return v("state.offline","sentence.offline","idle",o.name);case"halted":return{word:t("state.halted"),sentence:t("sentence.halted",{name:o.name}),tone:"bad",job:null};case"failed":return{word:t("state.failed"),sentence:t("sentence.failed",{name:o.name,fault:c??""}),tone:"bad",job:null};default:return v("state.connecting","sentence.connecting","busy",o.name)}}function q(o,c,e){let a=h(c.file),s=f(y(c,e));if(o.phase==="paused")return{word:t("state.paused"),sentence:t("sentence.paused",{file:a,share:s}),tone:"waiting"};if(o.phase!=="printing"){let j=o.phase;return{word:t(`state.${j}`),sentence:t(`sentence.${j}`,{file:a}),tone:"busy"}}let r=[t("sentence.printing",{file:a})],p=e.print_stats?.info?.current_layer??c.layer,d=e.print_stats?.info?.total_layer??c.layers;return p&&d&&r.push(t("sentence.layer",{layer:p,layers:d})),c.left_s!==null?r.push(t("sentence.until",{time:k(Date.now()/1e3+c.left_s)})):r.push(s),{word:t("state.printing"),sentence:r.join(", "),tone:"busy"}}var y=(o,c)=>c.virtual_sdcard?.progress||o?.completion||0;function v(o,c,e,a,s){let r={name:a,file:s?h(s.file):"",time:s?g(s.printing_s):"",cause:s?.cause??""};return{word:t(o),sentence:t(c,r),tone:e,job:null}}var _=class extends u{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let a=this.querySelector("dialog");a&&!a.open&&a.showModal()}answer(e){let a=()=>m("POST","api/gantry/prompt",{button:e});i.attempt(a).then(s=>s&&this.away())}away(){this.put=i.info?.prompt?.text??"",i.changed()}render(){let e=i.info?.prompt,a=i.info?.waiting_for_user??!1;if((!e||a&&!this.waited)&&(this.put=""),this.waited=a,!e||e.text===this.put)return l;let s=e.buttons.length?e.buttons:["OK"];return n`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <p class="prompt-text">${e.text}</p>
      <div class="row end">
        ${i.may("CONTROL")?s.map((r,p)=>n`<button
              type="button" class=${p?"":"primary"} @click=${()=>this.answer(p)}
            >${r}</button>`):n`<button type="button" @click=${this.away}>${t("app.dismiss")}</button>`}
      </div>
    </dialog>`}};customElements.define("printer-prompt",_);var O=class extends u{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await i.attempt(async()=>{this.plan=await m("GET","api/gantry/recovery")})}async confirm(e){await i.attempt(()=>m("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=i.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!i.may("PRINT"))return l;let s=this.plan;return s===null?n`<section class="card">
        <h2>${t("recovery.title")}</h2><p>${t("recovery.text")}</p>
        <button type="button" @click=${this.show}>${t("recovery.show")}</button></section>`:n`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${t("recovery.title")}</h2>
      <p>${t("recovery.from",{file:h(s.file),height:N(s.height_mm,2),layer:s.layer??"?"})}</p>
      <ol>${s.steps.map(r=>n`<li>${r}</li>`)}</ol>
      <details><summary>${t("recovery.lines")}</summary>
        <pre tabindex="0">${s.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${t("recovery.go")}
          @confirm=${()=>this.confirm(s)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${t("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",O);var S=class extends u{constructor(){super(...arguments);this.picture="";this.pictureOf="";this.cameras=null;this.shot=0}static{this.properties={picture:{state:!0},cameras:{state:!0},shot:{state:!0}}}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(()=>{document.hidden||this.shot++},2e3)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}willUpdate(){i.online&&this.cameras===null&&this.findCameras();let e=i.info?.job?.origin==="local"?i.info.job.file:"";e!==this.pictureOf&&this.findPicture(e)}async findCameras(){this.cameras=[];let e=await i.call("server.webcams.list").catch(()=>({webcams:[]}));this.cameras=e.webcams.filter(a=>a.enabled!==!1)}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let s=(await i.call("server.files.thumbnails",{filename:e}).catch(()=>[])).at(-1)?.thumbnail_path;s&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${s.split("/").map(encodeURIComponent).join("/")}`)}render(){let e=$(i.info,i.objects);return n`<div class="dashboard">
      ${this.hero(e)}
      <recovery-card></recovery-card>
      <temperature-card></temperature-card>
      ${this.camera()}
    </div>`}hero(e){let a=i.info,s=e.job??(a?.job?.result?a.job:null),r=a?.phase==="paused";return n`<section class="card hero ${e.tone}">
      <div class="hero-head">
        <div class="thumb">${this.picture?n`<api-image .path=${this.picture} alt=${t("dashboard.thumbnail")}></api-image>`:n`<img src="page/icon.svg" alt="" class="faint" width="64" height="64">`}</div>
        <div class="grow">
          <h1>${e.sentence}</h1>
          <p class="hidden" role="status">${e.word}</p>
          ${a?.fault?n`<p class="advice">${a.fault.message}
                ${a.fault.advice?n`<br>${a.fault.advice}`:l}</p>`:l}
          ${a?.waiting_for_user&&!a.prompt?n`<p class="advice">${t("dashboard.waiting")}</p>`:l}
          ${a?.message?n`<p class="quiet">${t("dashboard.display")} ${a.message}</p>`:l}
        </div>
      </div>
      ${e.job?this.progress(e.job):l}
      ${s&&!e.job?this.last(s):l}
      ${this.buttons(e,r)}
    </section>`}progress(e){let a=y(e,i.objects),s=i.objects.print_stats,r=s?.info?.current_layer??e.layer,p=s?.info?.total_layer??e.layers;return n`<div class="progress">
        <progress max="1" .value=${a} aria-label=${t("dashboard.progress")}></progress>
        <strong>${f(a)}</strong></div>
      <dl class="facts">
        <div><dt>${t("dashboard.left")}</dt><dd>${g(e.left_s)}</dd></div>
        <div><dt>${t("dashboard.done")}</dt>
          <dd>${e.left_s===null?"\u2013":k(Date.now()/1e3+e.left_s)}</dd></div>
        <div><dt>${t("dashboard.elapsed")}</dt>
          <dd>${g(s?.total_duration??e.elapsed_s)}</dd></div>
        <div><dt>${t("dashboard.layer")}</dt>
          <dd>${r?p?`${r} / ${p}`:r:"\u2013"}</dd></div>
      </dl>`}last(e){return n`<p class="quiet">${t("dashboard.last",{file:h(e.file),time:g(e.elapsed_s)})}${e.cause?` ${e.cause}`:""}</p>`}buttons(e,a){let s=i.info;if(!s||!i.online)return l;let r=d=>()=>i.attempt(()=>i.call(d));if(e.job&&i.may("PRINT")){let d=s.phase==="printing"||s.phase==="preparing";return n`<div class="row">
        ${a?n`<button type="button" class="primary" @click=${r("printer.print.resume")}>
              ${t("job.resume")}</button>`:n`<button type="button" @click=${r("printer.print.pause")} ?disabled=${!d}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${r("printer.print.cancel")}></hold-button>
      </div>`}if((s.link==="halted"||s.link==="failed")&&i.may("CONTROL"))return n`<div class="row"><button type="button" class="primary"
        @click=${r("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;if(s.link==="offline"&&i.may("CONNECTION")){let d=()=>m("POST","api/connection",{command:"connect"});return n`<div class="row"><button type="button" class="primary"
        @click=${()=>i.attempt(d)}>${t("printer.connect")}</button></div>`}if(s.link!=="online"||e.job)return l;let p=s.job?.origin==="local"&&s.job.result&&i.may("PRINT");return n`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${p?n`<button type="button" @click=${()=>this.again(s.job)}>
            ${t("dashboard.again")}</button>`:l}
    </div>`}again(e){i.attempt(()=>m("POST","api/gantry/print",{path:e.file}))}camera(){let e=this.cameras?.[0];if(!e)return l;let a=e.snapshot_url.replace(/^\//,""),s=`${a}${a.includes("?")?"&":"?"}t=${this.shot}`;return n`<section class="card camera">
      <h2>${e.name}</h2>
      <api-image .path=${s} alt=${t("dashboard.camera",{name:e.name})}></api-image>
    </section>`}};customElements.define("dashboard-view",S);var P=class extends u{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let a=e.target,s=new FormData(a),r=p=>String(s.get(p)??"");this.busy=!0,this.error="";try{this.withKey?await R(r("key").trim()):await L(r("user"),r("password"),s.has("remember")),await i.open()}catch(p){this.error=p instanceof Error?p.message:String(p),a.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return n`<main class="login">
      <form class="card stack" @submit=${this.submit} aria-labelledby="login-title">
        <div class="brand"><img src="page/icon.svg" alt="" width="44" height="44">
          <h1 id="login-title">Gantry</h1></div>
        ${this.withKey?this.keyField():this.userFields()}
        <p class="error" role="alert">${this.error}</p>
        <button class="primary" ?disabled=${this.busy}>${t("login.go")}</button>
        <button type="button" class="plain" @click=${()=>this.withKey=!this.withKey}>
          ${this.withKey?t("login.withPassword"):t("login.withKey")}</button>
      </form>
    </main>`}keyField(){return n`<label class="field">${t("login.key")}
      <input name="key" type="password" autocomplete="off" required></label>`}userFields(){return n`<label class="field">${t("login.user")}
        <input name="user" autocomplete="username" autocapitalize="none" required></label>
      <label class="field">${t("login.password")}
        <input name="password" type="password" autocomplete="current-password" required></label>
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`}};customElements.define("login-view",P);var w={dashboard:{icon:"dashboard",view:()=>n`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>import("./files-7B5COC7I.js"),view:()=>n`<files-view></files-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-TGAZIJPW.js"),view:()=>n`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-GEYKYISC.js"),view:()=>n`<console-view></console-view>`},history:{icon:"history",load:()=>import("./history-PGQZIB52.js"),view:()=>n`<history-view></history-view>`},health:{icon:"health",load:()=>import("./health-5W6AI74U.js"),view:()=>n`<health-view></health-view>`},people:{icon:"people",load:()=>import("./people-MDHOH6JV.js"),view:()=>n`<people-view></people-view>`},configuration:{icon:"configuration",permission:"ADMIN",load:()=>import("./configuration-M42PNNZP.js"),view:()=>n`<configuration-view></configuration-view>`}},E=["dashboard","files","control","console"],J="(width < 56rem)",I=class extends u{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.stop=()=>i.attempt(()=>i.call("printer.emergency_stop"));this.leave=()=>{i.leave()}}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.applyTheme(this.theme),T().then(()=>(this.go(!1),i.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route)}async go(e=!0){let a=location.hash.replace(/^#\//,"")||"dashboard";this.page=a in w||a==="more"?a:"dashboard";let s=this.page;this.loaded.has(s)||(await w[s].load?.(),this.loaded=new Set([...this.loaded,s])),await this.updateComplete,e&&s===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){let e=$(i.info,i.objects),a=[t(`nav.${this.page}`),i.info?.name??"Gantry"];e.job&&a.unshift(`${f(y(e.job,i.objects))} ${e.word}`),document.title=a.join(" \xB7 ")}render(){switch(i.phase){case"starting":return n`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`;case"unclaimed":return n`<main class="center card narrow">
          <h1>${t("claim.title")}</h1><p>${t("claim.text")}</p>
          <a class="button primary" href="claim">${t("claim.go")}</a></main>`;case"login":return document.title="Gantry",n`<login-view></login-view>`;default:return this.setTitle(),this.shell()}}shell(){return n`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${t(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      <printer-prompt></printer-prompt>`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=$(i.info,i.objects),a=i.info?.name??"Gantry";return n`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${i.fleet.length>1?n`<label class="hidden" for="fleet">${t("app.printer")}</label>
            <select id="fleet" class="bare" @change=${this.choose}>
              ${i.fleet.map(s=>n`<option
                  value=${s.id} ?selected=${s.id===i.info?.id}
                >${s.name}</option>`)}
            </select>`:n`<strong class="name">${a}</strong>`}
      <span class="badge ${i.online?e.tone:"bad"}" role="status">
        ${i.online?e.word:t("app.offline")}</span>
      <span class="grow"></span>
      ${i.may("CONTROL")?n`<button class="stop" type="button" @click=${this.stop} ?disabled=${!i.online}
            title=${t("stop.title")}>${b("stop")}<span>${t("stop.label")}</span></button>`:l}
    </header>`}choose(e){let a=e.target.value,s=document.baseURI.replace(/printers\/[^/]+\/$/,""),r=a===i.fleet[0].id?s:`${s}printers/${encodeURIComponent(a)}/`;location.assign(r+location.hash)}pages(){return Object.entries(w).filter(([,e])=>!e.permission||i.may(e.permission))}navigation(){let e=(s,r,p="",d=t(`nav.${s}`))=>n`<li class=${p}><a href="#/${s}" aria-current=${this.current(s)}>
        ${b(r)}<span>${d}</span></a></li>`,a=n`<span class="on-phone">${t("nav.more")}</span
      ><span class="on-desk">${t("nav.settings")}</span>`;return n`<nav aria-label=${t("nav.label")}><ul>
      ${this.pages().map(([s,r])=>e(s,r.icon,E.includes(s)?"":"wide"))}
      ${e("more","more","",a)}
    </ul></nav>`}current(e){let a=e==="more"&&!E.includes(this.page)&&matchMedia(J).matches;return this.page===e||a?"page":l}banners(){return n`
      <div role="alert">
        ${i.online||!i.everOnline?l:n`<p class="banner bad">${t("app.lost")}</p>`}
        ${i.problem===null?l:n`<p class="banner bad"><span>${i.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${t("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){i.problem=null,i.changed()}content(){return this.page==="more"?this.more():i.printerless?n`<section class="card stack"><h1>${t("printerless.title")}</h1>
        <p>${i.printerless}</p>
        ${i.may("ADMIN")&&this.page!=="configuration"?n`<a class="button primary" href="#/configuration">${t("nav.configuration")}</a>`:l}</section>
        ${this.page==="configuration"&&this.loaded.has(this.page)?w.configuration.view():l}`:this.loaded.has(this.page)?w[this.page].view():n`<p aria-busy="true">${t("app.loading")}</p>`}more(){return n`<h1 class="page-head">${t("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!E.includes(e)).map(([e,a])=>n`<li><a href="#/${e}">${b(a.icon)}
              <span>${t(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="card stack">
        <h2>${t("settings.title")}</h2>
        <label class="field">${t("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(C).map(([e,a])=>n`<option
              value=${e} ?selected=${e===x}>${a}</option>`)}
          </select></label>
        <label class="field">${t("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>n`<option
              value=${e} ?selected=${e===this.theme}>${t(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${t("settings.user",{name:i.user.name??"\u2013"})}</p>
        <button type="button" @click=${this.leave}>${b("logout")} ${t("settings.logout")}</button>
      </div>`}async chooseLanguage(e){await T(e.target.value),i.changed()}};customElements.define("gantry-app",I);
