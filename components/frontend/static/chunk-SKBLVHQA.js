import{a as c,b as $,c as T,d as y,g as x}from"./chunk-N4NNLI2Y.js";import{a as P}from"./chunk-IHO42T3R.js";import{c as f}from"./chunk-SOO26UOD.js";import{a as E}from"./chunk-7LKY2THS.js";import{k as b,t as m,u as s}from"./chunk-RK5JDRNO.js";import{a as l,c as d,d as u,j as n}from"./chunk-JJDR7GUU.js";var A=$(class extends T{constructor(r){if(super(r),r.type!==c.PROPERTY&&r.type!==c.ATTRIBUTE&&r.type!==c.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!y(r))throw Error("`live` bindings can only contain a single expression")}render(r){return r}update(r,[a]){if(a===d||a===u)return a;let e=r.element,t=r.name;if(r.type===c.PROPERTY){if(a===e[t])return d}else if(r.type===c.BOOLEAN_ATTRIBUTE){if(!!a===e.hasAttribute(t))return d}else if(r.type===c.ATTRIBUTE&&e.getAttribute(t)===a+"")return d;return x(r),a}});var w=r=>{if(r==="heater_bed")return n("heater.bed");if(r.startsWith("heater_generic "))return n("heater.chamber");let a=r.slice(8);return m(s.objects).filter(t=>t.startsWith("extruder")).length>1?n("heater.tools",{number:Number(a||0)+1}):n("heater.tool")};function h(r,a){if(r==="heater_bed")return b("POST","api/printer/bed",{command:"target",target:a});if(r.startsWith("extruder")){let t={[`tool${r.slice(8)||0}`]:a};return b("POST","api/printer/tool",{command:"target",targets:t})}return b("POST","api/printer/chamber",{command:"target",target:a})}var g=class extends E{constructor(){super(...arguments);this.presets=null;this.editing=!1;this.loadPresets=async()=>{this.presets=[],s.may("SETTINGS_READ")&&(this.presets=await P().catch(()=>[]))}}static{this.properties={presets:{state:!0},editing:{state:!0}}}connectedCallback(){super.connectedCallback(),import("./temperature-chart-RNIURYSQ.js"),import("./preset-editor-ZFYZTX4D.js")}willUpdate(){this.presets===null&&s.online&&this.loadPresets()}updated(){let e=this.querySelector("temperature-chart");e&&(e.names=m(s.objects),e.samples=s.samples,e.label=w)}limit(e){let t=s.info?.profile;return e==="heater_bed"?t?.max_bed_c??130:e.startsWith("extruder")?t?.max_tool_c??300:t?.max_chamber_c??80}submit(e,t){e.preventDefault();let i=e.target.querySelector("input");if(!i||i.value==="")return;let o=i.valueAsNumber;s.attempt(()=>h(t,o)).then(p=>{p&&(i.value="")})}async heat(e){let t=m(s.objects),i=s.objects.toolhead?.extruder??"extruder",o=t.find(p=>p.startsWith("heater_generic"));await s.attempt(async()=>{e.extruder!==null&&t.includes(i)&&await h(i,e.extruder),e.bed!==null&&t.includes("heater_bed")&&await h("heater_bed",e.bed),e.chamber!==null&&o&&await h(o,e.chamber)})}async cool(){await s.attempt(async()=>{for(let e of m(s.objects))await h(e,0)})}render(){let e=m(s.objects);return e.length?l`<section class="card temperatures" aria-labelledby="temperatures-title">
      <h2 id="temperatures-title">${n("temperatures.title")}</h2>
      <ul class="heaters">${e.map((t,i)=>this.heater(t,i))}</ul>
      ${s.may("CONTROL")?this.buttons():u}
      <temperature-chart></temperature-chart>
      ${this.editing?l`<preset-editor .presets=${this.presets??[]}
            @close=${()=>{this.editing=!1,this.loadPresets()}}></preset-editor>`:u}
    </section>`:u}buttons(){let e=!["none","paused"].includes(s.info?.phase??"none")||!s.online;return l`<div class="row presets" role="group" aria-label=${n("temperatures.presets")}>
      ${(this.presets??[]).map(t=>l`<button type="button" class="small"
        ?disabled=${e} @click=${()=>this.heat(t)}>${t.name}
        <span class="quiet">${[t.extruder,t.bed].filter(i=>i!==null).join(" / ")}</span>
      </button>`)}
      <button type="button" class="small" ?disabled=${e} @click=${()=>this.cool()}>
        ${n("temperatures.off")}</button>
      ${s.may("SETTINGS")?l`<button type="button" class="small plain" @click=${()=>this.editing=!0}>
            ${n("presets.edit")}</button>`:u}</div>`}heater(e,t){let{temperature:i,target:o}=s.objects[e],p=w(e),v=`target-${t}`;return l`<li>
      <span class="swatch s${t%4}" aria-hidden="true"></span>
      <span class="heater-name">${p}</span>
      <span class="reading"><strong>${f(i,1)}</strong>
        <span class="quiet">${o?`\u2192 ${f(o)}`:n("temperatures.isOff")}</span></span>
      ${s.may("CONTROL")?l`<form class="target" @submit=${_=>this.submit(_,e)}>
            <label class="hidden" for=${v}>${n("temperatures.target",{heater:p})}</label>
            <input id=${v} type="number" min="0" max=${this.limit(e)} step="1"
              inputmode="numeric" placeholder=${o||"\xB0C"}>
            <button class="small" aria-label=${n("temperatures.setFor",{heater:p})}>
              ${n("temperatures.set")}</button>
          </form>`:u}
    </li>`}};customElements.define("temperature-card",g);export{A as a};
