import{a as x}from"./chunk-OGL7ZZZQ.js";import{a as h,c as f}from"./chunk-WHAGZAWH.js";import"./chunk-4FFEXHG4.js";import"./chunk-DFGEU23L.js";import{a as T}from"./chunk-FT3O23JP.js";import"./chunk-JP32XFLV.js";import{b as I,c as g,d as L}from"./chunk-7ERQJF3G.js";import{b as O,q as E,r as R,s as d,t as j,u,y as l}from"./chunk-N5BKS474.js";import{a as i,d as a,f as c,j as r}from"./chunk-L547K4MS.js";var w=class extends c{constructor(){super(...arguments);this.found=[]}static{this.properties={found:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),j().then(e=>this.found=e,()=>{})}render(){return this.found.length?i`<section class="card stack" aria-labelledby="neighbours-title">
      <h2 id="neighbours-title">${r("fleet.neighbours")}</h2>
      <ul class="links">${this.found.map(({name:e,url:t})=>i`<li>
        <a href=${t} rel="noreferrer">${e} <span class="quiet">${new URL(t).host}</span></a>
      </li>`)}</ul></section>`:a}};customElements.define("neighbour-links",w);var N=4e3,k=class extends c{constructor(){super(...arguments);this.camera=null;this.shot=0;this.near=!1;this.sight=new IntersectionObserver(([e])=>{this.near=e.isIntersecting,this.take()})}static{this.properties={camera:{attribute:!1},shot:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.sight.observe(this),this.timer=window.setInterval(()=>this.take(),N)}disconnectedCallback(){super.disconnectedCallback(),this.sight.disconnect(),clearInterval(this.timer)}take(){this.near&&!document.hidden&&(this.shot=Date.now())}render(){let e=this.camera;if(!e?.snapshot||!this.shot)return a;let t=`${e.flip_horizontal?"flip-x":""} ${e.flip_vertical?"flip-y":""}`;return i`<div class="live r${e.rotation} ${t}"><api-image
      .path=${`${e.snapshot}?t=${this.shot}`}
      alt=${r("dashboard.camera",{name:e.name})}></api-image></div>`}};customElements.define("still-camera",k);var P={bed:"heater.bed",chamber:"heater.chamber"},y=class extends c{constructor(){super(...arguments);this.cameras=[];this.href="";this.picture="";this.wished=()=>{this.dispatchEvent(new Event("wished",{bubbles:!0}))}}static{this.properties={printer:{attribute:!1},cameras:{attribute:!1},href:{},picture:{state:!0}}}createRenderRoot(){return this}willUpdate(e){e.has("printer")&&u(this.printer.job).then(t=>this.picture=t)}wish(e,t,s){l.attempt(()=>d(this.printer.id,e,t,s)).then(this.wished)}render(){let e=this.printer,t=h(e,{}),s=`tile-${e.id}`;return i`<article class="card tile ${t.tone}" aria-labelledby=${s}>
      <div class="tile-head">
        <h2 id=${s}><a href=${this.href}>${e.name}</a></h2>
        <span class="badge ${t.tone}" role="status">${t.word}</span>
      </div>
      ${this.pictures()}
      <p class="tile-sentence">${t.sentence}</p>
      ${t.job?this.progress(t):a}
      ${this.heaters()} ${this.question()}
      ${e.fault?.advice?i`<p class="advice">${O(e.fault.advice)}</p>`:a}
      ${this.buttons(t)}
    </article>`}pictures(){let e=this.cameras.find(t=>t.snapshot);return!e&&!this.picture?a:i`<div class="tile-view">
      ${e?i`<still-camera .camera=${e}></still-camera>`:a}
      ${this.picture?i`<div class="thumb ${e?"inset":""}"><api-image .path=${this.picture}
            alt=${r("dashboard.thumbnail")}></api-image></div>`:a}</div>`}progress(e){let{completion:t,left_s:s}=e.job,o=t??0;return i`<div class="progress">
        <progress max="1" .value=${o} aria-label=${r("fleet.progress",{name:this.printer.name})}></progress><strong>${I(o)}</strong></div>
      ${s===null?a:i`<p class="quiet small-text">${r("fleet.left",{time:L(s)})}</p>`}`}heaters(){let e=Object.entries(this.printer.heaters),t=e.filter(([n])=>n.startsWith("tool")).length>1,s=e.filter(([n])=>/^(tool\d+|bed|chamber)$/.test(n));if(!s.length||this.printer.link!=="online")return a;let o=n=>n in P?r(P[n]):t?r("heater.tools",{number:Number(n.slice(4))+1}):r("heater.tool");return i`<dl class="tile-heaters">${s.map(([n,{actual:p,target:m}])=>i`<div>
      <dt>${o(n)}</dt>
      <dd>${g(p)}${m?i` <span class="quiet">→ ${g(m)}</span>`:a}</dd></div>`)}</dl>`}question(){return f(this.printer)?i`<printer-question class="advice" role="group" kind="small" .printer=${this.printer}
      aria-label=${r("fleet.asks",{name:this.printer.name})} @answered=${this.wished}
      ></printer-question>`:a}buttons(e){let{link:t,name:s,phase:o}=this.printer,n=(m,$,q=!1,M="small")=>i`<button
      type="button" class=${M} ?disabled=${q}
      aria-label=${r("fleet.of",{label:m,name:s})} @click=${$}>${m}</button>`,p=(m,$)=>()=>this.wish("POST",m,$);return i`<div class="row tile-buttons">
      ${e.job&&l.may("PRINT")?i`${o==="paused"?n(r("job.resume"),p("printer/print/resume")):n(r("job.pause"),p("printer/print/pause"),o!=="printing"&&o!=="preparing")}
            <hold-button kind="danger small" .label=${r("job.cancel")}
              .name=${r("fleet.of",{label:r("job.cancel"),name:s})}
              @confirm=${p("printer/print/cancel")}></hold-button>`:a}
      ${(t==="halted"||t==="failed")&&l.may("CONTROL")?n(r("printer.reset"),p("printer/firmware_restart"),!1,"small primary"):a}
      ${t==="offline"&&l.may("CONNECTION")?n(r("printer.connect"),p("api/connection",{command:"connect"}),!1,"small primary"):a}
      ${l.may("CONTROL")&&t==="online"?i`<button type="button" class="stop small" title=${r("stop.title")}
            aria-label=${r("fleet.of",{label:r("stop.label"),name:s})}
            @click=${p("printer/emergency_stop")}>${T("stop")}<span>${r("stop.label")}</span>
          </button>`:a}</div>`}};customElements.define("printer-tile",y);var _=1e3,C=class extends c{constructor(){super(...arguments);this.page="dashboard";this.printers=null;this.cameras={};this.asking=!1;this.look=()=>{this.load()};this.see=async({id:e,job:t})=>{let s=async()=>{if(!l.may("WEBCAM"))return;let o=await d(e,"GET","api/gantry/cameras").catch(()=>null);this.cameras[e]=o?.cameras??[]};await Promise.all([s(),u(t)])}}static{this.properties={printers:{state:!0},page:{}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(this.look,_),this.look()}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){if(this.asking||document.hidden)return;this.asking=!0;let e=await R().catch(()=>this.printers);this.printers===null&&e&&await Promise.all(e.map(this.see)),this.printers=e,this.asking=!1}render(){let e=this.printers;return e===null?i`<p aria-busy="true">${r("app.loading")}</p>`:i`<div class="page-head"><h1>${r("fleet.title")}</h1>
        <p class="quiet" role="status">${this.summary(e)}</p></div>
      <ul class="fleet" @wished=${this.look}>${x(e,({id:t})=>t,t=>i`<li>
        <printer-tile .printer=${t} .cameras=${this.cameras[t.id]??[]}
          .href=${`${E(t.id,l.info?.id)}#/${this.page}`}></printer-tile></li>`)}
      </ul>
      <neighbour-links></neighbour-links>`}summary(e){let t={wait:0,busy:0,bad:0,rest:0};for(let s of e){let{tone:o}=h(s,{}),n=f(s)||o==="waiting";t[n?"wait":o==="busy"||o==="bad"?o:"rest"]++}return["wait","bad","busy","rest"].filter(s=>t[s]).map(s=>r(`fleet.${s}`,{number:t[s]})).join(" \xB7 ")}};customElements.define("printers-view",C);
