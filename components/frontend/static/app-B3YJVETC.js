import"./chunk-YZE6D7OI.js";import"./chunk-2LSHA4C2.js";import"./chunk-BM7UXCC3.js";import{a as g}from"./chunk-RQ2ZK3KY.js";import{a as K,b as f,d as b,e as w,i as h}from"./chunk-ADTN4AYQ.js";import{d as u,e as C,f as x,g as L,j as s,k as m}from"./chunk-RSZEDWPU.js";import{a as n,d as l,g as N,h as R,i as t,j as O}from"./chunk-2TGCLNIH.js";var M=new Set(["preparing","printing","pausing","paused","resuming","cancelling","finishing"]);function $(o,c){if(o===null)return v("state.unknown","state.unknown","idle","");let e=o.name;if(o.link!=="online")return q(o);let a=o.job;if(a&&M.has(o.phase))return{...J(o,a,c),job:a};if(a?.result&&a.result!=="complete"){let i=a.result==="failed"?"sentence.failed.job":`sentence.${a.result}`,r=v(`state.${a.result}`,i,"bad",e,a);return a.result==="cancelled"?{...r,tone:"idle"}:r}return a?.result==="complete"?v("state.complete","sentence.complete","good",e,a):v("state.ready","sentence.ready","good",e)}function q(o){let c=o.fault?.message;switch(o.link){case"offline":return v("state.offline","sentence.offline","idle",o.name);case"halted":return{word:t("state.halted"),sentence:t("sentence.halted",{name:o.name}),tone:"bad",job:null};case"failed":return{word:t("state.failed"),sentence:t("sentence.failed",{name:o.name,fault:c??""}),tone:"bad",job:null};default:return v("state.connecting","sentence.connecting","busy",o.name)}}function J(o,c,e){let a=h(c.file),i=f(y(c,e));if(o.phase==="paused")return{word:t("state.paused"),sentence:t("sentence.paused",{file:a,share:i}),tone:"waiting"};if(o.phase!=="printing"){let I=o.phase;return{word:t(`state.${I}`),sentence:t(`sentence.${I}`,{file:a}),tone:"busy"}}let r=[t("sentence.printing",{file:a})],p=e.print_stats?.info?.current_layer??c.layer,d=e.print_stats?.info?.total_layer??c.layers;return p&&d&&r.push(t("sentence.layer",{layer:p,layers:d})),c.left_s!==null?r.push(t("sentence.until",{time:w(Date.now()/1e3+c.left_s)})):r.push(i),{word:t("state.printing"),sentence:r.join(", "),tone:"busy"}}var y=(o,c)=>c.virtual_sdcard?.progress||o?.completion||0;function v(o,c,e,a,i){let r={name:a,file:i?h(i.file):"",time:i?b(i.printing_s):"",cause:i?.cause??""};return{word:t(o),sentence:t(c,r),tone:e,job:null}}var T=class extends m{constructor(){super(...arguments);this.put=""}updated(e){let a=this.querySelector("dialog");a&&!a.open&&a.showModal()}answer(e){s.attempt(()=>u("POST","api/gantry/prompt",{button:e}))}away(){this.put=s.info?.prompt?.text??"",s.changed()}render(){let e=s.info?.prompt;if(e||(this.put=""),!e||e.text===this.put)return l;let a=e.buttons.length?e.buttons:["OK"];return n`<dialog aria-labelledby="prompt-title" @cancel=${this.away}>
      <h2 id="prompt-title">${t("prompt.title")}</h2>
      <p class="prompt-text">${e.text}</p>
      <div class="row end">
        ${s.may("CONTROL")?a.map((i,r)=>n`<button
              type="button" class=${r?"":"primary"} @click=${()=>this.answer(r)}
            >${i}</button>`):n`<button type="button" @click=${this.away}>${t("app.dismiss")}</button>`}
      </div>
    </dialog>`}};customElements.define("printer-prompt",T);var _=class extends m{constructor(){super(...arguments);this.plan=null}static{this.properties={plan:{state:!0}}}async show(){await s.attempt(async()=>{this.plan=await u("GET","api/gantry/recovery")})}async confirm(e){await s.attempt(()=>u("POST","api/gantry/recovery",{job_id:e.job_id}))&&(this.plan=null)}render(){let e=s.info;if(!(e?.phase==="none"&&["interrupted","failed"].includes(e.job?.result??""))||!s.may("PRINT"))return l;let i=this.plan;return i===null?n`<section class="card">
        <h2>${t("recovery.title")}</h2><p>${t("recovery.text")}</p>
        <button type="button" @click=${this.show}>${t("recovery.show")}</button></section>`:n`<section class="card stack" aria-labelledby="recovery-title">
      <h2 id="recovery-title">${t("recovery.title")}</h2>
      <p>${t("recovery.from",{file:h(i.file),height:K(i.height_mm,2),layer:i.layer??"?"})}</p>
      <ol>${i.steps.map(r=>n`<li>${r}</li>`)}</ol>
      <details><summary>${t("recovery.lines")}</summary>
        <pre tabindex="0">${i.lines.join(`
`)}</pre></details>
      <div class="row">
        <hold-button kind="primary" .label=${t("recovery.go")}
          @confirm=${()=>this.confirm(i)}></hold-button>
        <button type="button" class="plain" @click=${()=>this.plan=null}>
          ${t("app.close")}</button>
      </div></section>`}};customElements.define("recovery-card",_);var P=class extends m{constructor(){super(...arguments);this.picture="";this.pictureOf="";this.cameras=null;this.shot=0}static{this.properties={picture:{state:!0},cameras:{state:!0},shot:{state:!0}}}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(()=>{document.hidden||this.shot++},2e3)}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}willUpdate(){s.online&&this.cameras===null&&this.findCameras();let e=s.info?.job?.origin==="local"?s.info.job.file:"";e!==this.pictureOf&&this.findPicture(e)}async findCameras(){this.cameras=[];let e=await s.call("server.webcams.list").catch(()=>({webcams:[]}));this.cameras=e.webcams.filter(a=>a.enabled!==!1)}async findPicture(e){if(this.pictureOf=e,this.picture="",!e)return;let i=(await s.call("server.files.thumbnails",{filename:e}).catch(()=>[])).at(-1)?.thumbnail_path;i&&e===this.pictureOf&&(this.picture=`server/files/gcodes/${i.split("/").map(encodeURIComponent).join("/")}`)}render(){let e=$(s.info,s.objects);return n`<div class="dashboard">
      ${this.hero(e)}
      <recovery-card></recovery-card>
      <temperature-card></temperature-card>
      ${this.camera()}
    </div>`}hero(e){let a=s.info,i=e.job??(a?.job?.result?a.job:null),r=a?.phase==="paused";return n`<section class="card hero ${e.tone}">
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
      ${i&&!e.job?this.last(i):l}
      ${this.buttons(e,r)}
    </section>`}progress(e){let a=y(e,s.objects),i=s.objects.print_stats,r=i?.info?.current_layer??e.layer,p=i?.info?.total_layer??e.layers;return n`<div class="progress">
        <progress max="1" .value=${a} aria-label=${t("dashboard.progress")}></progress>
        <strong>${f(a)}</strong></div>
      <dl class="facts">
        <div><dt>${t("dashboard.left")}</dt><dd>${b(e.left_s)}</dd></div>
        <div><dt>${t("dashboard.done")}</dt>
          <dd>${e.left_s===null?"\u2013":w(Date.now()/1e3+e.left_s)}</dd></div>
        <div><dt>${t("dashboard.elapsed")}</dt>
          <dd>${b(i?.total_duration??e.elapsed_s)}</dd></div>
        <div><dt>${t("dashboard.layer")}</dt>
          <dd>${r?p?`${r} / ${p}`:r:"\u2013"}</dd></div>
      </dl>`}last(e){return n`<p class="quiet">${t("dashboard.last",{file:h(e.file),time:b(e.elapsed_s)})}${e.cause?` ${e.cause}`:""}</p>`}buttons(e,a){let i=s.info;if(!i||!s.online)return l;let r=d=>()=>s.attempt(()=>s.call(d));if(e.job&&s.may("PRINT")){let d=i.phase==="printing"||i.phase==="preparing";return n`<div class="row">
        ${a?n`<button type="button" class="primary" @click=${r("printer.print.resume")}>
              ${t("job.resume")}</button>`:n`<button type="button" @click=${r("printer.print.pause")} ?disabled=${!d}>
              ${t("job.pause")}</button>`}
        <hold-button kind="danger" .label=${t("job.cancel")}
          @confirm=${r("printer.print.cancel")}></hold-button>
      </div>`}if((i.link==="halted"||i.link==="failed")&&s.may("CONTROL"))return n`<div class="row"><button type="button" class="primary"
        @click=${r("printer.firmware_restart")}>${t("printer.reset")}</button></div>`;if(i.link==="offline"&&s.may("CONNECTION")){let d=()=>u("POST","api/connection",{command:"connect"});return n`<div class="row"><button type="button" class="primary"
        @click=${()=>s.attempt(d)}>${t("printer.connect")}</button></div>`}if(i.link!=="online"||e.job)return l;let p=i.job?.origin==="local"&&i.job.result&&s.may("PRINT");return n`<div class="row">
      <a class="button primary" href="#/files">${t("dashboard.choose")}</a>
      ${p?n`<button type="button" @click=${()=>this.again(i.job)}>
            ${t("dashboard.again")}</button>`:l}
    </div>`}again(e){s.attempt(()=>u("POST","api/gantry/print",{path:e.file}))}camera(){let e=this.cameras?.[0];if(!e)return l;let a=e.snapshot_url.replace(/^\//,""),i=`${a}${a.includes("?")?"&":"?"}t=${this.shot}`;return n`<section class="card camera">
      <h2>${e.name}</h2>
      <api-image .path=${i} alt=${t("dashboard.camera",{name:e.name})}></api-image>
    </section>`}};customElements.define("dashboard-view",P);var S=class extends m{constructor(){super(...arguments);this.withKey=!1;this.busy=!1;this.error=""}static{this.properties={withKey:{state:!0},busy:{state:!0},error:{state:!0}}}async submit(e){e.preventDefault();let a=e.target,i=new FormData(a),r=p=>String(i.get(p)??"");this.busy=!0,this.error="";try{this.withKey?await x(r("key").trim()):await C(r("user"),r("password"),i.has("remember")),await s.open()}catch(p){this.error=p instanceof Error?p.message:String(p),a.querySelector("input[type=password]")?.select()}finally{this.busy=!1}}render(){return n`<main class="login">
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
      <label class="check"><input type="checkbox" name="remember"> ${t("login.remember")}</label>`}};customElements.define("login-view",S);var k={dashboard:{icon:"dashboard",view:()=>n`<dashboard-view></dashboard-view>`},files:{icon:"files",permission:"FILES_LIST",load:()=>import("./files-NAHZX4XD.js"),view:()=>n`<files-view></files-view>`},control:{icon:"control",permission:"CONTROL",load:()=>import("./control-5V63DVS2.js"),view:()=>n`<control-view></control-view>`},console:{icon:"console",permission:"MONITOR_TERMINAL",load:()=>import("./console-JVLEVD52.js"),view:()=>n`<console-view></console-view>`},history:{icon:"history",load:()=>import("./history-NS4IT3V2.js"),view:()=>n`<history-view></history-view>`},health:{icon:"health",load:()=>import("./health-KMZPAHAA.js"),view:()=>n`<health-view></health-view>`},people:{icon:"people",load:()=>import("./people-VCLSZTUV.js"),view:()=>n`<people-view></people-view>`},configuration:{icon:"configuration",permission:"ADMIN",load:()=>import("./configuration-O63SEUWM.js"),view:()=>n`<configuration-view></configuration-view>`}},E=["dashboard","files","control","console"],H="(width < 56rem)",j=class extends m{constructor(){super(...arguments);this.page="dashboard";this.theme=localStorage.getItem("gantry.theme")??"auto";this.loaded=new Set(["dashboard","more"]);this.route=()=>{this.go()};this.stop=()=>s.attempt(()=>s.call("printer.emergency_stop"))}static{this.properties={page:{state:!0},theme:{state:!0},loaded:{state:!0}}}connectedCallback(){super.connectedCallback(),window.addEventListener("hashchange",this.route),this.applyTheme(this.theme),O().then(()=>(this.go(!1),s.open()))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("hashchange",this.route)}async go(e=!0){let a=location.hash.replace(/^#\//,"")||"dashboard";this.page=a in k||a==="more"?a:"dashboard";let i=this.page;this.loaded.has(i)||(await k[i].load?.(),this.loaded=new Set([...this.loaded,i])),await this.updateComplete,e&&i===this.page&&(this.querySelector("#main")?.focus({preventScroll:!0}),scrollTo(0,0))}applyTheme(e){this.theme=e,localStorage.setItem("gantry.theme",e),e==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=e}async leave(){await s.attempt(L),s.close()}setTitle(){let e=$(s.info,s.objects),a=[t(`nav.${this.page}`),s.info?.name??"Gantry"];e.job&&a.unshift(`${f(y(e.job,s.objects))} ${e.word}`),document.title=a.join(" \xB7 ")}render(){switch(s.phase){case"starting":return n`<main class="center" aria-busy="true"><p>${t("app.starting")}</p></main>`;case"unclaimed":return n`<main class="center card narrow">
          <h1>${t("claim.title")}</h1><p>${t("claim.text")}</p>
          <a class="button primary" href="claim">${t("claim.go")}</a></main>`;case"login":return document.title="Gantry",n`<login-view></login-view>`;default:return this.setTitle(),this.shell()}}shell(){return n`
      <a class="skip" href="#main" @click=${this.skip}>${t("app.skip")}</a>
      ${this.bar()} ${this.navigation()}
      <main id="main" tabindex="-1" aria-label=${t(`nav.${this.page}`)}>
        ${this.banners()} ${this.content()}
      </main>
      <printer-prompt></printer-prompt>`}skip(e){e.preventDefault(),this.querySelector("#main")?.focus()}bar(){let e=$(s.info,s.objects),a=s.info?.name??"Gantry";return n`<header class="bar">
      <img class="logo" src="page/icon.svg" alt="" width="30" height="30">
      ${s.fleet.length>1?n`<label class="hidden" for="fleet">${t("app.printer")}</label>
            <select id="fleet" class="bare" @change=${this.choose}>
              ${s.fleet.map(i=>n`<option
                  value=${i.id} ?selected=${i.id===s.info?.id}
                >${i.name}</option>`)}
            </select>`:n`<strong class="name">${a}</strong>`}
      <span class="badge ${s.online?e.tone:"bad"}" role="status">
        ${s.online?e.word:t("app.offline")}</span>
      <span class="grow"></span>
      ${s.may("CONTROL")?n`<button class="stop" type="button" @click=${this.stop} ?disabled=${!s.online}
            title=${t("stop.title")}>${g("stop")}<span>${t("stop.label")}</span></button>`:l}
    </header>`}choose(e){let a=e.target.value,i=document.baseURI.replace(/printers\/[^/]+\/$/,""),r=a===s.fleet[0].id?i:`${i}printers/${encodeURIComponent(a)}/`;location.assign(r+location.hash)}pages(){return Object.entries(k).filter(([,e])=>!e.permission||s.may(e.permission))}navigation(){let e=(i,r,p="",d=t(`nav.${i}`))=>n`<li class=${p}><a href="#/${i}" aria-current=${this.current(i)}>
        ${g(r)}<span>${d}</span></a></li>`,a=n`<span class="on-phone">${t("nav.more")}</span
      ><span class="on-desk">${t("nav.settings")}</span>`;return n`<nav aria-label=${t("nav.label")}><ul>
      ${this.pages().map(([i,r])=>e(i,r.icon,E.includes(i)?"":"wide"))}
      ${e("more","more","",a)}
    </ul></nav>`}current(e){let a=e==="more"&&!E.includes(this.page)&&matchMedia(H).matches;return this.page===e||a?"page":l}banners(){return n`
      <div role="alert">
        ${s.online||!s.everOnline?l:n`<p class="banner bad">${t("app.lost")}</p>`}
        ${s.problem===null?l:n`<p class="banner bad"><span>${s.problem}</span>
              <button type="button" class="plain" @click=${this.dismiss}>${t("app.dismiss")}</button>
            </p>`}
      </div>`}dismiss(){s.problem=null,s.changed()}content(){return this.page==="more"?this.more():this.loaded.has(this.page)?k[this.page].view():n`<p aria-busy="true">${t("app.loading")}</p>`}more(){return n`<h1 class="page-head">${t("nav.settings")}</h1>
      <div class="card on-phone">
        <ul class="links">
          ${this.pages().filter(([e])=>!E.includes(e)).map(([e,a])=>n`<li><a href="#/${e}">${g(a.icon)}
              <span>${t(`nav.${e}`)}</span></a></li>`)}
        </ul>
      </div>
      <div class="card stack">
        <h2>${t("settings.title")}</h2>
        <label class="field">${t("settings.language")}
          <select @change=${this.chooseLanguage}>
            ${Object.entries(N).map(([e,a])=>n`<option
              value=${e} ?selected=${e===R}>${a}</option>`)}
          </select></label>
        <label class="field">${t("settings.theme")}
          <select @change=${e=>this.applyTheme(e.target.value)}>
            ${["auto","light","dark"].map(e=>n`<option
              value=${e} ?selected=${e===this.theme}>${t(`theme.${e}`)}</option>`)}
          </select></label>
        <p class="quiet">${t("settings.user",{name:s.user.name??"\u2013"})}</p>
        <button type="button" @click=${this.leave}>${g("logout")} ${t("settings.logout")}</button>
      </div>`}async chooseLanguage(e){await O(e.target.value),s.changed()}};customElements.define("gantry-app",j);
