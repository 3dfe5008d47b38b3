import"./chunk-72DYD4AI.js";import{a as b}from"./chunk-HTILZKQJ.js";import{A as s,d as f,m as d}from"./chunk-PFJOUD6N.js";import{a as o,d as i,j as t,l as m}from"./chunk-M6YJ65Q2.js";var v="api/gantry/power",p=class extends b{constructor(){super(...arguments);this.devices=[];this.busy=new Set;this.reload=()=>{this.load()}}static{this.properties={devices:{state:!0},busy:{state:!0}}}connectedCallback(){super.connectedCallback(),s.addEventListener("power",this.reload),s.online&&this.load()}disconnectedCallback(){super.disconnectedCallback(),s.removeEventListener("power",this.reload)}async load(){let e=await d("GET",v).catch(()=>({devices:[]}));e.devices.length&&await m("devices"),this.devices=e.devices}async turn(e,r){this.busy=new Set([...this.busy,e.name]),await s.attempt(()=>d("POST",`${v}/${encodeURIComponent(e.name)}`,{state:r})),this.busy=new Set([...this.busy].filter(n=>n!==e.name)),await this.load()}render(){return this.devices.length?o`<section class="card" aria-labelledby="power-title">
      <h2 id="power-title">${t("power.title")}</h2>
      <ul class="devices">${this.devices.map(e=>this.row(e))}</ul></section>`:i}row(e){let{name:r,state:n,locked:l,problem:a}=e;return o`<li>
      <div class="grow"><strong>${r}</strong>
        <span class="badge ${n==="on"?"good":n==="error"?"bad":""}" role="status">${t(`power.${n}`)}</span>
        ${a?o`<p class="quiet small-text">${f(a)}</p>`:i}
        ${l?o`<p class="quiet small-text">${t("power.locked")}</p>`:i}</div>
      ${s.may("CONTROL")?this.buttons(e):i}</li>`}buttons(e){let{name:r,state:n,locked:l}=e,a=this.busy.has(r)||!s.online,u=(s.info?.phase??"none")!=="none",c=$=>t("power.named",{label:$,name:r}),w=o`<button type="button" class="small" ?disabled=${a}
      aria-label=${c(t("power.turnOn"))} @click=${()=>this.turn(e,"on")}>
      ${t("power.turnOn")}</button>`,h=u&&!l?o`<hold-button kind="danger small" .label=${t("power.turnOff")}
          .name=${c(t("power.turnOff"))} .disabled=${a} title=${t("power.during")}
          @confirm=${()=>this.turn(e,"off")}></hold-button>`:o`<button type="button" class="small" ?disabled=${a||l}
          aria-label=${c(t("power.turnOff"))} @click=${()=>this.turn(e,"off")}>
          ${t("power.turnOff")}</button>`;return o`<div class="row">${n==="on"?i:w} ${n==="off"?i:h}</div>`}};customElements.define("power-card",p);
