import{a as g}from"./chunk-5NYQ4Z7S.js";import{c as h}from"./chunk-GW66QZOH.js";import{a as $}from"./chunk-2IGGXCD2.js";import{g as d,l as m,m as r}from"./chunk-EPF25ZMC.js";import{a as o,d as c,i as a}from"./chunk-ZAYU2SCW.js";var v=i=>{if(i==="heater_bed")return a("heater.bed");if(i.startsWith("heater_generic "))return a("heater.chamber");let u=i.slice(8);return m(r.objects).filter(e=>e.startsWith("extruder")).length>1?a("heater.tools",{number:Number(u||0)+1}):a("heater.tool")};function p(i,u){if(i==="heater_bed")return d("POST","api/printer/bed",{command:"target",target:u});if(i.startsWith("extruder")){let e={[`tool${i.slice(8)||0}`]:u};return d("POST","api/printer/tool",{command:"target",targets:e})}return d("POST","api/printer/chamber",{command:"target",target:u})}var b=class extends ${constructor(){super(...arguments);this.presets=null;this.editing=!1;this.loadPresets=async()=>{this.presets=[],r.may("SETTINGS_READ")&&(this.presets=await g().catch(()=>[]))}}static{this.properties={presets:{state:!0},editing:{state:!0}}}connectedCallback(){super.connectedCallback(),import("./temperature-chart-MK7AYTIC.js"),import("./preset-editor-VP23JX7K.js")}willUpdate(){this.presets===null&&r.online&&this.loadPresets()}updated(){let t=this.querySelector("temperature-chart");t&&(t.names=m(r.objects),t.samples=r.samples,t.label=v)}limit(t){let e=r.info?.profile;return t==="heater_bed"?e?.max_bed_c??130:t.startsWith("extruder")?e?.max_tool_c??300:e?.max_chamber_c??80}submit(t,e){t.preventDefault();let s=t.target.querySelector("input");if(!s||s.value==="")return;let n=s.valueAsNumber;r.attempt(()=>p(e,n)).then(l=>{l&&(s.value="")})}async heat(t){let e=m(r.objects),s=r.objects.toolhead?.extruder??"extruder",n=e.find(l=>l.startsWith("heater_generic"));await r.attempt(async()=>{t.extruder!==null&&e.includes(s)&&await p(s,t.extruder),t.bed!==null&&e.includes("heater_bed")&&await p("heater_bed",t.bed),t.chamber!==null&&n&&await p(n,t.chamber)})}async cool(){await r.attempt(async()=>{for(let t of m(r.objects))await p(t,0)})}render(){let t=m(r.objects);return t.length?o`<section class="card temperatures" aria-labelledby="temperatures-title">
      <h2 id="temperatures-title">${a("temperatures.title")}</h2>
      <ul class="heaters">${t.map((e,s)=>this.heater(e,s))}</ul>
      ${r.may("CONTROL")?this.buttons():c}
      <temperature-chart></temperature-chart>
      ${this.editing?o`<preset-editor .presets=${this.presets??[]}
            @close=${()=>{this.editing=!1,this.loadPresets()}}></preset-editor>`:c}
    </section>`:c}buttons(){let t=!["none","paused"].includes(r.info?.phase??"none")||!r.online;return o`<div class="row presets" role="group" aria-label=${a("temperatures.presets")}>
      ${(this.presets??[]).map(e=>o`<button type="button" class="small"
        ?disabled=${t} @click=${()=>this.heat(e)}>${e.name}
        <span class="quiet">${[e.extruder,e.bed].filter(s=>s!==null).join(" / ")}</span>
      </button>`)}
      <button type="button" class="small" ?disabled=${t} @click=${()=>this.cool()}>
        ${a("temperatures.off")}</button>
      ${r.may("SETTINGS")?o`<button type="button" class="small plain" @click=${()=>this.editing=!0}>
            ${a("presets.edit")}</button>`:c}</div>`}heater(t,e){let{temperature:s,target:n}=r.objects[t],l=v(t),f=`target-${e}`;return o`<li>
      <span class="swatch s${e%4}" aria-hidden="true"></span>
      <span class="heater-name">${l}</span>
      <span class="reading"><strong>${h(s,1)}</strong>
        <span class="quiet">${n?`\u2192 ${h(n)}`:a("temperatures.isOff")}</span></span>
      ${r.may("CONTROL")?o`<form class="target" @submit=${y=>this.submit(y,t)}>
            <label class="hidden" for=${f}>${a("temperatures.target",{heater:l})}</label>
            <input id=${f} type="number" min="0" max=${this.limit(t)} step="1"
              inputmode="numeric" placeholder=${n||"\xB0C"}>
            <button class="small" aria-label=${a("temperatures.setFor",{heater:l})}>
              ${a("temperatures.set")}</button>
          </form>`:c}
    </li>`}};customElements.define("temperature-card",b);
