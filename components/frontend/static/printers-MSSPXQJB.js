import{a as q}from"./chunk-7OR4HTRE.js";import{a as h,c as f,d as P}from"./chunk-DG555QAX.js";import"./chunk-VSC3XTA7.js";import"./chunk-VETSJHJ2.js";import{a as x}from"./chunk-DY3IWYBU.js";import"./chunk-72DYD4AI.js";import{b as T,c as g,d as I}from"./chunk-35X64PMC.js";import{A as l,b as O,r as E,s as R,t as d,u as j,v as L,w as u}from"./chunk-J5RRR37K.js";import{a as s,d as a,f as c,j as i}from"./chunk-M6YJ65Q2.js";var w=class extends c{constructor(){super(...arguments);this.found=[]}static{this.properties={found:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),j().then(e=>this.found=e,()=>{})}render(){return this.found.length?s`<section class="card stack" aria-labelledby="neighbours-title">
      <h2 id="neighbours-title">${i("fleet.neighbours")}</h2>
      <ul class="links">${this.found.map(({name:e,url:t})=>s`<li>
        <a href=${t} rel="noreferrer">${e} <span class="quiet">${new URL(t).host}</span></a>
      </li>`)}</ul></section>`:a}};customElements.define("neighbour-links",w);var S=4e3,k=class extends c{constructor(){super(...arguments);this.camera=null;this.shot=0;this.near=!1;this.sight=new IntersectionObserver(([e])=>{this.near=e.isIntersecting,this.take()})}static{this.properties={camera:{attribute:!1},shot:{state:!0}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.sight.observe(this),this.timer=window.setInterval(()=>this.take(),S)}disconnectedCallback(){super.disconnectedCallback(),this.sight.disconnect(),clearInterval(this.timer)}take(){this.near&&!document.hidden&&(this.shot=Date.now())}render(){let e=this.camera;if(!e?.snapshot||!this.shot)return a;let t=`${e.flip_horizontal?"flip-x":""} ${e.flip_vertical?"flip-y":""}`;return s`<div class="live r${e.rotation} ${t}"><api-image
      .path=${`${e.snapshot}?t=${this.shot}`}
      alt=${i("dashboard.camera",{name:e.name})}></api-image></div>`}};customElements.define("still-camera",k);var M={bed:"heater.bed",chamber:"heater.chamber"},y=class extends c{constructor(){super(...arguments);this.cameras=[];this.href="";this.picture="";this.wished=()=>{this.dispatchEvent(new Event("wished",{bubbles:!0}))}}static{this.properties={printer:{attribute:!1},cameras:{attribute:!1},href:{},picture:{state:!0}}}createRenderRoot(){return this}willUpdate(e){let{job:t}=this.printer;e.has("printer")&&u(t).then(r=>{t?.file===this.printer.job?.file&&(this.picture=r)})}wish(e,t,r){l.attempt(()=>d(this.printer.id,e,t,r)).then(this.wished)}render(){let e=this.printer,t=h(e,{}),r=`tile-${e.id}`;return s`<article class="card tile ${t.tone}" aria-labelledby=${r}>
      <div class="tile-head">
        <h2 id=${r}><a href=${this.href}>${e.name}</a></h2>
        <span class="badge ${t.tone}" role="status">${t.word}</span>
      </div>
      ${this.pictures()}
      <p class="tile-sentence">${P(e.job?.file,t.sentence)}</p>
      ${t.job?this.progress(t):a}
      ${this.heaters()} ${this.question()}
      ${e.fault?.advice?s`<p class="advice">${O(e.fault.advice)}</p>`:a}
      ${this.buttons(t)}
    </article>`}pictures(){let e=this.cameras.find(t=>t.snapshot);return!e&&!this.picture?a:s`<div class="tile-view">
      ${e?s`<still-camera .camera=${e}></still-camera>`:a}
      ${this.picture?s`<div class="thumb ${e?"inset":""}"><api-image .path=${this.picture}
            alt=${i("dashboard.thumbnail")}></api-image></div>`:a}</div>`}progress(e){let{completion:t,left_s:r}=e.job,o=t??0;return s`<div class="progress">
        <progress max="1" .value=${o} aria-label=${i("fleet.progress",{name:this.printer.name})}></progress><strong>${T(o)}</strong></div>
      ${r===null?a:s`<p class="quiet small-text">${i("fleet.left",{time:I(r)})}</p>`}`}heaters(){let e=Object.entries(this.printer.heaters),t=e.filter(([n])=>n.startsWith("tool")).length>1,r=e.filter(([n])=>/^(tool\d+|bed|chamber)$/.test(n));if(!r.length||this.printer.link!=="online")return a;let o=n=>n in M?i(M[n]):t?i("heater.tools",{number:Number(n.slice(4))+1}):i("heater.tool");return s`<dl class="tile-heaters">${r.map(([n,{actual:p,target:m}])=>s`<div>
      <dt>${o(n)}</dt>
      <dd>${g(p)}${m?s` <span class="quiet">→ ${g(m)}</span>`:a}</dd></div>`)}</dl>`}question(){return f(this.printer)?s`<printer-question class="advice" role="group" kind="small" .printer=${this.printer}
      aria-label=${i("fleet.asks",{name:this.printer.name})} @answered=${this.wished}
      ></printer-question>`:a}buttons(e){let{link:t,name:r,phase:o}=this.printer,n=(m,$,N=!1,_="small")=>s`<button
      type="button" class=${_} ?disabled=${N}
      aria-label=${i("fleet.of",{label:m,name:r})} @click=${$}>${m}</button>`,p=(m,$)=>()=>this.wish("POST",m,$);return s`<div class="row tile-buttons">
      ${e.job&&l.may("PRINT")?s`${o==="paused"?n(i("job.resume"),p("printer/print/resume")):n(i("job.pause"),p("printer/print/pause"),o!=="printing"&&o!=="preparing")}
            <hold-button kind="danger small" .label=${i("job.cancel")}
              .name=${i("fleet.of",{label:i("job.cancel"),name:r})}
              @confirm=${p("printer/print/cancel")}></hold-button>`:a}
      ${(t==="halted"||t==="failed")&&l.may("CONTROL")?n(i("printer.reset"),p("printer/firmware_restart"),!1,"small primary"):a}
      ${t==="offline"&&l.may("CONNECTION")?n(i("printer.connect"),p("api/connection",{command:"connect"}),!1,"small primary"):a}
      ${l.may("CONTROL")&&t==="online"?s`<button type="button" class="stop small" title=${i("stop.title")}
            aria-label=${i("fleet.of",{label:i("stop.label"),name:r})}
            @click=${p("printer/emergency_stop")}>${x("stop")}<span>${i("stop.label")}</span>
          </button>`:a}</div>`}};customElements.define("printer-tile",y);var A=1e3,C=class extends c{constructor(){super(...arguments);this.page="dashboard";this.printers=null;this.cameras={};this.asking=!1;this.look=()=>{this.load()};this.see=async({id:e,job:t})=>{this.cameras[e]=[];let r=async()=>{if(!l.may("WEBCAM"))return;let o=await d(e,"GET","api/gantry/cameras").catch(()=>null);this.cameras[e]=o?.cameras??[]};await Promise.all([r(),u(t)])}}static{this.properties={printers:{state:!0},page:{}}}createRenderRoot(){return this}connectedCallback(){super.connectedCallback(),this.timer=window.setInterval(this.look,A),this.look()}disconnectedCallback(){super.disconnectedCallback(),clearInterval(this.timer)}async load(){if(this.asking||document.hidden)return;this.asking=!0;let e=await R().catch(()=>this.printers),t=e?.filter(({id:r})=>!(r in this.cameras))??[];await L(Promise.all(t.map(this.see))),this.printers=e,this.asking=!1}render(){let e=this.printers;return e===null?s`<p aria-busy="true">${i("app.loading")}</p>`:s`<div class="page-head"><h1>${i("fleet.title")}</h1>
        <p class="quiet" role="status">${this.summary(e)}</p></div>
      <ul class="fleet" @wished=${this.look}>${q(e,({id:t})=>t,t=>s`<li>
        <printer-tile .printer=${t} .cameras=${this.cameras[t.id]??[]}
          .href=${`${E(t.id,l.info?.id)}#/${this.page}`}></printer-tile></li>`)}
      </ul>
      <neighbour-links></neighbour-links>`}summary(e){let t={wait:0,busy:0,bad:0,rest:0};for(let r of e){let{tone:o}=h(r,{}),n=f(r)||o==="waiting";t[n?"wait":o==="busy"||o==="bad"?o:"rest"]++}return["wait","bad","busy","rest"].filter(r=>t[r]).map(r=>i(`fleet.${r}`,{number:t[r]})).join(" \xB7 ")}};customElements.define("printers-view",C);
