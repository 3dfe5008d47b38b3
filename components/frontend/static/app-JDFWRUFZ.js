import"./chunk-Q54HUCHQ.js";import"./chunk-DCIGJ7KB.js";import"./chunk-ZV3C6T55.js";import"./chunk-AU3VMKW5.js";import{a as g}from"./chunk-WS6TTSLB.js";import{a as M,b as v,d as f,e as k,i as h}from"./chunk-EAMVW37M.js";import{b as N,c as K,e as m,f as q,g as A,j as r,k as u}from"./chunk-56ZLMFYN.js";import{a as s,d as l,f as x,g as R,h as L,i as t,j as E}from"./chunk-EGYNRHI4.js";var J=new Set(["preparing","printing","pausing","paused","resuming","cancelling","finishing"]);function $(o,c){if(o===null)return b("state.unknown","state.unknown","idle","");let e=o.name;if(o.link!=="online")return F(o);let a=o.job;if(a&&J.has(o.phase))return{...G(o,a,c),job:a};if(a?.result&&a.result!=="complete"){let i=a.result==="failed"?"sentence.failed.job":`sentence.${a.result}`,n=b(`state.${a.result}`,i,"bad",e,a);return a.result==="cancelled"?{...n,tone:"idle"}:n}return a?.result==="complete"?b("state.complete","sentence.complete","good",e,a):b("state.ready","sentence.ready","good",e)}function F(o){let c=o.fault?.message;switch(o.link){case"offline":return b("state.offline","sentence.offline","idle",o.name);case"halted":return{word:t("state.halted"),sentence:t("sentence.halted",{name:o.name}),tone:"bad",job:null};case"failed":return{word:t("state.failed"),sentence:t("sentence.failed",{name:o.name,fault:c??""}),tone:"bad",job:null};default:return b("state.connecting","sentence.connecting","busy",o.name)}}function G(o,c,e){let a=h(c.file),i=v(y(c,e));if(o.phase==="paused")return{word:t("state.paused"),sentence:t("sentence.paused",{file:a,share:i}),tone:"waiting"};if(o.phase!=="printing"){let j=o.phase;return{word:t(`state.${j}`),sentence:t(`sentence.${j}`,{file:a}),tone:"busy"}}let n=[t("sentence.printing",{file:a})],p=e.print_stats?.info?.current_layer??c.layer,d=e.print_stats?.info?.total_layer??c.layers;return p&&d&&n.push(t("sentence.layer",{layer:p,layers:d})),c.left_s!==null?n.push(t("sentence.until",{time:k(Date.now()/1e3+c.left_s)})):n.push(i),{word:t("state.printing"),sentence:n.join(", "),tone:"busy"}}var y=(o,c)=>c.virtual_sdcard?.progress||o?.completion||0;function b(o,c,e,a,i){let n={name:a,file:i?h(i.file):"",time:i?f(i.printing_s):"",cause:i?.cause??""};return{word:t(o),sentence:t(c,n),tone:e,job:null}}var T=class extends u{constructor(){super(...arguments);this.put="";this.waited=!1}updated(e){let a=this.querySelector("dialog");a&&!a.open&&a.showModal()}answer(e){let a=()=>m("POST","api/gantry/prompt",{button:e});r.attempt(a).then(i=>i&&this.away())}away(){this.put=r.info?.prompt?.text??"",r.changed()}render(){let e=r.info?.prompt,a=r.info?.waiting_for_user??!1;if((!e||a&&!this.waited)&&(this.put=""),this.waited=a,!e||e.text===this.put)return l;let i=e.buttons.length?e.buttons:["OK"];return s`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <p class="prompt-text">${e.text}</p>
      <div class="row end">
        ${r.may("CONTROL")?i.map((n,p)=>s`<button
              type="button" class=${p?"":"primary"} @click=${()=>this.answer(p)}
            >${n}</button>`):s`<button type="button" @click=${this.away}>${t("app.dismiss")}</button>`}
      </div>
    </dialog>`}};customElements.define("printer-prompt",T);var H=async()=>(await m("GET","api/gantry/cameras")).cameras;var V=1e3,U=5e3,_=class extends x{constructor(){super(...arguments);this.camera=null;this.broken=!1;this.seen=!0;this.shot=Date.now();this.look=()=>this.seen=!document.hidden}static{this.properties={camera:{attribute:!1},broken:{state:!0},seen:{state:!0},shot:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),document.addEventListener("visibilitychange",this.look),this.timer=window.setInterval(()=>{!this.streams&&this.seen&&(this.shot=Date.now())},V)}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("visibilitychange",this.look),clearInterval(this.timer),clearTimeout(this.retry),this.querySelector("img")?.removeAttribute("src")}get streams(){return!!this.camera?.stream&&!this.broken&&K.get()===null}failed(){this.broken=!0,this.retry=window.setTimeout(()=>this.broken=!1,U)}render(){let e=this.camera;if(e===null||!this.seen)return l;let a=[`r${e.rotation}`,e.flip_horizontal?"flip-x":"",e.flip_vertical?"flip-y":""].join(" ");return s`<div class="live ${a}">${this.streams?s`<img src=${N(e.stream)} alt=${t("dashboard.camera",{name:e.name})}
          @error=${this.failed}>`:e.snapshot?s`<api-image .path=${`${e.snapshot}?t=${this.shot}`}
            alt=${t("dashboard.camera",{name:e.name})}></api-image>`:s`<p class="quiet">${t("camera.silent")}</p>`}</div>`}};customElements.define("live-camera",_);var O=class extends u{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await r.attempt(async()=>{this.plan=await m("GET","api/gantry/recovery")})}async confirm(e){await r.attempt(()=>m("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=r.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!r.may("PRINT"))return l;let i=this.plan;return i===null?s`<section class="card">
        <h2>${t("recovery.title")}</h2><p>${t("recovery.text")}</p>
        <button type="button" @click=${this.show}>${t("recovery.show")}</button></section>`:s`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${t("recovery.title")}</h2>
      <p>${t("recovery.from",{file:h(i.file),height:M(i.height_mm,2),layer:i.layer??"?"})}</p>
      <ol>${i.steps.map(n=>s`<li>${n}</li>`)}</ol>
      <details><summary>${t("recovery.lines")}</summary>
        <pre tabindex="0">${i.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${t("recovery.go")}
          @confirm=${()=>this.confirm(i)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${t("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",O);var D="gantry.camera",S=class extends u{constructor(){super(...arguments);this.picture="";this.pictureOf="";this.cameras=null;this.chosen=localStorage.getItem(D)??"";this.goOn=()=>{r.attempt(()=>r.gcode("M108"))}}static{this.properties={picture:{state:!0},cameras:{state:!0},chosen:{state:!0}}}willUpdate(){r.online&&this.cameras===null&&this.findCameras();let e=r.info?.job?.origin==="local"?r.info.job.file:"";e!==this.pictureOf&&this.findPicture(e)}async findCameras(){this.cameras=[],this.cameras=await H().catch(()=>[])}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let i=(await r.call("server.files.thumbnails",{filename:e}).catch(()=>[])).at(-1)?.thumbnail_path;i&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${i.split("/").map(encodeURIComponent).join("/")}`)}render(){let e=$(r.info,r.objects);return s`<div class="dashboard">
      <div class="column">
        ${this.hero(e)}
        <recovery-card></recovery-card>
        ${this.camera()}
      </div>
      <div class="column"><temperature-card></temperature-card></div>
    </div>`}hero(e){let a=r.info,i=e.job??(a?.job?.result?a.job:null),n=a?.phase==="paused";return s`<section class="card hero ${e.tone}">
      <div class="hero-head">
        ${this.picture?s`<div class="thumb"><api-image .path=${this.picture}
              alt=${t("dashboard.thumbnail")}></api-image></div>`:l}
        <div class="grow">
          <h1>${e.sentence}</h1>
          <p class="hidden" role="status">${e.word}</p>
          ${a?.fault&&!e.job?s`<p class="advice">${a.fault.message}
                ${a.fault.advice?s`<br>${a.fault.advice}`:l}</p>`:l}
          ${a?.waiting_for_user&&!a.prompt?s`<p class="advice">${t("dashboard.waiting")}</p>
                ${r.may("CONTROL")?s`<button type="button" class="primary" @click=${this.goOn}>
                      ${t("dashboard.goOn")}</button>`:l}`:l}
          ${a?.message?s`<p class="quiet">${t("dashboard.display")} ${a.message}</p>`:l}
        </div>
      </div>
      ${e.job?this.progress(e.job):l}
      ${i&&!e.job?this.last(i):l}
      ${this.buttons(e,n)}
    </section>`}progress(e){let a=y(e,r.objects),i=r.objects.print_stats,n=i?.info?.current_layer??e.layer,p=i?.info?.total_layer??e.layers;return s`<div class="progress">
        <progress max="1" .value=${a} aria-label=${t("dashboard.progress")}></progress>
        <strong>${v(a)}</strong></div>
      <dl class="facts">
        <div><dt>${t("dashboard.left")}</dt><dd>${f(e.left_s)}</dd></div>
        <div><dt>${t("dashboard.done")}</dt>
          <dd>${e.left_s===null?"\u2013":k(Date.now()/1e3+e.left_s)}</dd></div>
        <div><dt>${t("dashboard.elapsed")}</dt>
          <dd>${f(i?.total_duration??e.elapsed_s)}</dd></div>
        <div><dt>${t("dashboard.layer")}</dt>
          <dd>${n?p?`${n} / ${p}`:n:"\u2013"}</dd></div>
      </dl>`}last(e){return s`<p class="quiet">${t("dashboard.last",{file:h(e.file),time:f(e.elapsed_s)})}${e.cause?` ${e.cause}`:""}</p>`}buttons(e,a){let i=r.info;if(!i||!r.online)return l;let n=d=>()=>r.attempt(()=>r.call(d));if(e.job&&r.may("PRINT")){let d=i.phase==="printing"||i.phase==="preparing";return s`<div class="row">
        ${a?s`<button type="button" class="primary" @click=${n("printer.print.resume")}>
              ${t("job.resume")}</button>`:s`<button type="button" @click=${n("printer.print.pause")} ?disabled=${!d}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${n("printer.print.cancel")}></hold-button>
        <a class="button plain" href="#/layers">${t("dashboard.layers")}</a>
      </div>`}if((i.link==="halted"||i.link==="failed")&&r.may("CONTROL"))return s`<div class="row"><button type="button" class="primary"
        @click=${n("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;if(i.link==="offline"&&r.may("CONNECTION")){let d=()=>m("POST","api/connection",{command:"connect"});return s`<div class="row"><button type="button" class="primary"
        @click=${()=>r.attempt(d)}>${t("printer.connect")}</button></div>`}if(i.link!=="online"||e.job)return l;let p=i.job?.origin==="local"&&i.job.result&&r.may("PRINT");return s`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${p?s`<button type="button" @click=${()=>this.again(i.job)}>
            ${t("dashboard.again")}</button>`:l}
    </div>`}again(e){r.attempt(()=>m("POST","api/gantry/print",{path:e.file}))}choose(e){this.chosen=e,localStorage.setItem(D,e)}camera(){let e=this.cameras??[],a=e.find(i=>i.id===this.chosen)??e[0];return!a||!r.may("WEBCAM")?l:s`<section class="card camera" aria-labelledby="camera-title">
      <div class="row between"><h2 id="camera-title">${a.name}</h2>
        ${e.length>1?s`<label class="hidden" for="camera">${t("camera.choose")}</label>
              <select id="camera" class="small" @change=${i=>this.choose(i.target.value)}>
                ${e.map(i=>s`<option value=${i.id}
                  ?selected=${i.id===a.id}>${i.name}</option>`)}</select>`:l}</div>
      <live-camera .camera=${a}></live-camera>
    </section>`}};customElements.define("dashboard-view",S);var P=class extends u{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let a=e.target,i=new FormData(a),n=p=>String(i.get(p)??"");this.busy=!0,this.error="";try{this.withKey?await A(n("key").trim()):await q(n("user"),n("password"),i.has("remember")),await r.open()}catch(p){this.error=p instanceof Error?p.message:String(p),a.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return s`<main class="login">
      <form class="card stack" @submit=${this.submit} aria-labelledby="login-title">
        <div class="brand"><img src="page/icon.svg" alt="" width="44" height="44">
          <h1 id="login-title">Gantry</h1></div>
        ${this.withKey?this.keyField():this.userFields()}
        <p class="error" role="alert">${this.error}</p>
        <button class="primary" ?disabled=${this.busy}>${t("login.go")}</button>
        <button type="button" class="plain" @click=${()=>this.withKey=!this.withKey}>
          ${this.withKey?t("login.withPassword"):t("login.withKey")}</button>
      </form>
    </main>`}keyField(){return s`<label class="field">${t("login.key")}
      <input name="key" type="password" autocomplete="off" required></label>`}userFields(){return s`<label class="field">${t("login.user")}
        <input name="user" autocomplete="username" autocapitalize="none" required></label>
      <label class="field">${t("login.password")}
        <input name="password" type="password" autocomplete="current-password" required></label>
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`}};customElements.define("login-view",P);var w={dashboard:{icon:"dashboard",view:()=>s`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>import("./files-DE447LPQ.js"),view:()=>s`<files-view></files-view>`},layers:{icon:"layers",permission:"GCODE_VIEWER",load:()=>import("./layers-SRWOZAA3.js"),view:()=>s`<layers-view></layers-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-OKL73V5E.js"),view:()=>s`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-ANWURFRW.js"),view:()=>s`<console-view></console-view>`},mesh:{icon:"mesh",load:()=>import("./mesh-JO72EO6Z.js"),view:()=>s`<mesh-view></mesh-view>`},history:{icon:"history",load:()=>import("./history-6UKKMGKG.js"),view:()=>s`<history-view></history-view>`},health:{icon:"health",load:()=>import("./health-I3LEANVV.js"),view:()=>s`<health-view></health-view>`},people:{icon:"people",load:()=>import("./people-O23GQLZL.js"),view:()=>s`<people-view></people-view>`},configuration:{icon:"configuration",permission:"ADMIN",load:()=>import("./configuration-62ER4TRH.js"),view:()=>s`<configuration-view></configuration-view>`}},I=["dashboard","files","control","console"],z="(width < 56rem)",C=class extends u{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.stop=()=>r.attempt(()=>r.call("printer.emergency_stop"));this.leave=()=>{r.leave()}}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.applyTheme(this.theme),E().then(()=>(this.go(!1),r.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route)}async go(e=!0){let a=location.hash.replace(/^#\//,"").split("/")[0]||"dashboard";this.page=a in w||a==="more"?a:"dashboard";let i=this.page;this.loaded.has(i)||(await w[i].load?.(),this.loaded=new Set([...this.loaded,i])),await this.updateComplete,e&&i===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}setTitle(){let e=$(r.info,r.objects),a=[t(`nav.${this.page}`),r.info?.name??"Gantry"];e.job&&a.unshift(`${v(y(e.job,r.objects))} ${e.word}`),document.title=a.join(" \xB7 ")}render(){switch(r.phase){case"starting":return s`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`;case"unclaimed":return s`<main class="center card narrow">
          <h1>${t("claim.title")}</h1><p>${t("claim.text")}</p>
          <a class="button primary" href="claim">${t("claim.go")}</a></main>`;case"login":return document.title="Gantry",s`<login-view></login-view>`;default:return this.setTitle(),this.shell()}}shell(){return s`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${t(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      <printer-prompt></printer-prompt>`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=$(r.info,r.objects),a=r.info?.name??"Gantry";return s`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${r.fleet.length>1?s`<label class="hidden" for="fleet">${t("app.printer")}</label>
            <select id="fleet" class="bare" @change=${this.choose}>
              ${r.fleet.map(i=>s`<option
                  value=${i.id} ?selected=${i.id===r.info?.id}
                >${i.name}</option>`)}
            </select>`:s`<strong class="name">${a}</strong>`}
      <span class="badge ${r.online?e.tone:"bad"}" role="status">
        ${r.online?e.word:t("app.offline")}</span>
      <span class="grow"></span>
      ${r.may("CONTROL")?s`<button class="stop" type="button" @click=${this.stop} ?disabled=${!r.online}
            title=${t("stop.title")}>${g("stop")}<span>${t("stop.label")}</span></button>`:l}
    </header>`}choose(e){let a=e.target.value,i=document.baseURI.replace(/printers\/[^/]+\/$/,""),n=a===r.fleet[0].id?i:`${i}printers/${encodeURIComponent(a)}/`;location.assign(n+location.hash)}pages(){return Object.entries(w).filter(([,e])=>!e.permission||r.may(e.permission))}navigation(){let e=(i,n,p="",d=t(`nav.${i}`))=>s`<li class=${p}><a href="#/${i}" aria-current=${this.current(i)}>
        ${g(n)}<span>${d}</span></a></li>`,a=s`<span class="on-phone">${t("nav.more")}</span
      ><span class="on-desk">${t("nav.settings")}</span>`;return s`<nav aria-label=${t("nav.label")}><ul>
      ${this.pages().map(([i,n])=>e(i,n.icon,I.includes(i)?"":"wide"))}
      ${e("more","more","",a)}
    </ul></nav>`}current(e){let a=e==="more"&&!I.includes(this.page)&&matchMedia(z).matches;return this.page===e||a?"page":l}banners(){return s`
      <div role="alert">
        ${r.online||!r.everOnline?l:s`<p class="banner bad">${t("app.lost")}</p>`}
        ${r.problem===null?l:s`<p class="banner bad"><span>${r.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${t("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){r.problem=null,r.changed()}content(){return this.page==="more"?this.more():r.printerless?s`<section class="card stack"><h1>${t("printerless.title")}</h1>
        <p>${r.printerless}</p>
        ${r.may("ADMIN")&&this.page!=="configuration"?s`<a class="button primary" href="#/configuration">${t("nav.configuration")}</a>`:l}</section>
        ${this.page==="configuration"&&this.loaded.has(this.page)?w.configuration.view():l}`:this.loaded.has(this.page)?w[this.page].view():s`<p aria-busy="true">${t("app.loading")}</p>`}more(){return s`<h1 class="page-head">${t("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!I.includes(e)).map(([e,a])=>s`<li><a href="#/${e}">${g(a.icon)}
              <span>${t(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="card stack">
        <h2>${t("settings.title")}</h2>
        <label class="field">${t("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(R).map(([e,a])=>s`<option
              value=${e} ?selected=${e===L}>${a}</option>`)}
          </select></label>
        <label class="field">${t("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>s`<option
              value=${e} ?selected=${e===this.theme}>${t(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${t("settings.user",{name:r.user.name??"\u2013"})}</p>
        <button type="button" @click=${this.leave}>${g("logout")} ${t("settings.logout")}</button>
      </div>`}async chooseLanguage(e){await E(e.target.value),r.changed()}};customElements.define("gantry-app",C);
