import{a as w}from"./chunk-Z2LAGUGR.js";import"./chunk-72DYD4AI.js";import{a as b}from"./chunk-B544CBGK.js";import{A as r,d as f,m as d}from"./chunk-J5RRR37K.js";import{a as o,d as i,j as t,l as m}from"./chunk-M6YJ65Q2.js";var v="api/gantry/power",p=class extends b{constructor(){super(...arguments);this.devices=[];this.busy=new Set;this.turns=new w;this.reload=()=>{this.load()}}static{this.properties={devices:{state:!0},busy:{state:!0}}}connectedCallback(){super.connectedCallback(),r.addEventListener("power",this.reload),r.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),r.removeEventListener("power",this.reload)}async load(){let e=this.turns.begin(),n=[];try{n=(await d("GET",v)).devices,n.length&&await m("devices")}catch{n=[]}e()&&(this.devices=n)}async turn(e,n){this.busy=new Set([...this.busy,e.name]),await r.attempt(()=>d("POST",`${v}/${encodeURIComponent(e.name)}`,{state:n})),this.busy=new Set([...this.busy].filter(s=>s!==e.name)),await this.load()}render(){return this.devices.length?o`<section class="card" aria-labelledby="power-title">
      <h2 id="power-title">${t("power.title")}</h2>
      <ul class="devices">${this.devices.map(e=>this.row(e))}</ul></section>`:i}row(e){let{name:n,state:s,locked:l,problem:a}=e;return o`<li>
      <div class="grow"><strong>${n}</strong>
        <span class="badge ${s==="on"?"good":s==="error"?"bad":""}" role="status">${t(`power.${s}`)}</span>
        ${a?o`<p class="quiet small-text">${f(a)}</p>`:i}
        ${l?o`<p class="quiet small-text">${t("power.locked")}</p>`:i}</div>
      ${r.may("CONTROL")?this.buttons(e):i}</li>`}buttons(e){let{name:n,state:s,locked:l}=e,a=this.busy.has(n)||!r.online,u=(r.info?.phase??"none")!=="none",c=y=>t("power.named",{label:y,name:n}),h=o`<button type="button" class="small" ?disabled=${a}
      aria-label=${c(t("power.turnOn"))} @click=${()=>this.turn(e,"on")}>
      ${t("power.turnOn")}</button>`,$=u&&!l?o`<hold-button kind="danger small" .label=${t("power.turnOff")}
          .name=${c(t("power.turnOff"))} .disabled=${a} title=${t("power.during")}
          @confirm=${()=>this.turn(e,"off")}></hold-button>`:o`<button type="button" class="small" ?disabled=${a||l}
          aria-label=${c(t("power.turnOff"))} @click=${()=>this.turn(e,"off")}>
          ${t("power.turnOff")}</button>`;return o`<div class="row">${s==="on"?i:h} ${s==="off"?i:$}</div>`}};customElements.define("power-card",p);
