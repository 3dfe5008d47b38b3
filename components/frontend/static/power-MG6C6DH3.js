import{a as v}from"./chunk-Z2LAGUGR.js";import"./chunk-72DYD4AI.js";import{a as b}from"./chunk-HTILZKQJ.js";import{A as i,d as f,m as d}from"./chunk-PFJOUD6N.js";import{a as o,d as r,j as t,l as m}from"./chunk-M6YJ65Q2.js";var w="api/gantry/power",p=class extends b{constructor(){super(...arguments);this.devices=[];this.busy=new Set;this.turns=new v;this.reload=()=>{this.load()}}static{this.properties={devices:{state:!0},busy:{state:!0}}}connectedCallback(){super.connectedCallback(),i.addEventListener("power",this.reload),i.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),i.removeEventListener("power",this.reload)}async load(){let e=this.turns.begin(),n=await d("GET",w).catch(()=>({devices:[]}));n.devices.length&&await m("devices"),e()&&(this.devices=n.devices)}async turn(e,n){this.busy=new Set([...this.busy,e.name]),await i.attempt(()=>d("POST",`${w}/${encodeURIComponent(e.name)}`,{state:n})),this.busy=new Set([...this.busy].filter(s=>s!==e.name)),await this.load()}render(){return this.devices.length?o`<section class="card" aria-labelledby="power-title">
      <h2 id="power-title">${t("power.title")}</h2>
      <ul class="devices">${this.devices.map(e=>this.row(e))}</ul></section>`:r}row(e){let{name:n,state:s,locked:l,problem:a}=e;return o`<li>
      <div class="grow"><strong>${n}</strong>
        <span class="badge ${s==="on"?"good":s==="error"?"bad":""}" role="status">${t(`power.${s}`)}</span>
        ${a?o`<p class="quiet small-text">${f(a)}</p>`:r}
        ${l?o`<p class="quiet small-text">${t("power.locked")}</p>`:r}</div>
      ${i.may("CONTROL")?this.buttons(e):r}</li>`}buttons(e){let{name:n,state:s,locked:l}=e,a=this.busy.has(n)||!i.online,u=(i.info?.phase??"none")!=="none",c=g=>t("power.named",{label:g,name:n}),h=o`<button type="button" class="small" ?disabled=${a}
      aria-label=${c(t("power.turnOn"))} @click=${()=>this.turn(e,"on")}>
      ${t("power.turnOn")}</button>`,$=u&&!l?o`<hold-button kind="danger small" .label=${t("power.turnOff")}
          .name=${c(t("power.turnOff"))} .disabled=${a} title=${t("power.during")}
          @confirm=${()=>this.turn(e,"off")}></hold-button>`:o`<button type="button" class="small" ?disabled=${a||l}
          aria-label=${c(t("power.turnOff"))} @click=${()=>this.turn(e,"off")}>
          ${t("power.turnOff")}</button>`;return o`<div class="row">${s==="on"?r:h} ${s==="off"?r:$}</div>`}};customElements.define("power-card",p);
