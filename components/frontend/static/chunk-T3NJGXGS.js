import{a as m,b as y,c as T,d as x,g as w}from"./chunk-VETSJHJ2.js";import{c as f}from"./chunk-35X64PMC.js";import{a as E}from"./chunk-B544CBGK.js";import{A as s,m as b,z as p}from"./chunk-J5RRR37K.js";import{a as l,c as d,d as u,j as n}from"./chunk-M6YJ65Q2.js";var k=y(class extends T{constructor(t){if(super(t),t.type!==m.PROPERTY&&t.type!==m.ATTRIBUTE&&t.type!==m.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!x(t))throw Error("`live` bindings can only contain a single expression")}render(t){return t}update(t,[a]){if(a===d||a===u)return a;let e=t.element,r=t.name;if(t.type===m.PROPERTY){if(a===e[r])return d}else if(t.type===m.BOOLEAN_ATTRIBUTE){if(!!a===e.hasAttribute(r))return d}else if(t.type===m.ATTRIBUTE&&e.getAttribute(r)===a+"")return d;return w(t),a}});var O={power:()=>import("./power-OO7XNUUD.js"),sensor:()=>import("./sensors-MWNQGDFU.js")},g=new Set;function I(){for(let t of Object.keys(O))!s.components.has(t)||g.has(t)||(g.add(t),O[t]().catch(()=>g.delete(t)))}var P=t=>{if(t==="heater_bed")return n("heater.bed");if(t.startsWith("heater_generic "))return n("heater.chamber");let a=t.slice(8);return p(s.objects).filter(r=>r.startsWith("extruder")).length>1?n("heater.tools",{number:Number(a||0)+1}):n("heater.tool")};function h(t,a){if(t==="heater_bed")return b("POST","api/printer/bed",{command:"target",target:a});if(t.startsWith("extruder")){let r={[`tool${t.slice(8)||0}`]:a};return b("POST","api/printer/tool",{command:"target",targets:r})}return b("POST","api/printer/chamber",{command:"target",target:a})}var $=class extends E{constructor(){super(...arguments);this.editing=!1}static{this.properties={editing:{state:!0}}}connectedCallback(){super.connectedCallback();let e=[import("./temperature-chart-2C4RVLMH.js"),import("./preset-editor-4PSTIDUA.js")];Promise.allSettled(e)}updated(){let e=this.querySelector("temperature-chart");e&&(e.names=p(s.objects),e.samples=s.samples,e.label=P)}limit(e){let r=s.info?.profile;return e==="heater_bed"?r?.max_bed_c??130:e.startsWith("extruder")?r?.max_tool_c??300:r?.max_chamber_c??80}submit(e,r){e.preventDefault();let i=e.target.querySelector("input");if(!i||i.value==="")return;let o=i.valueAsNumber;s.attempt(()=>h(r,o)).then(c=>{c&&(i.value="")})}async heat(e){let r=p(s.objects),i=s.objects.toolhead?.extruder??"extruder",o=r.find(c=>c.startsWith("heater_generic"));await s.attempt(async()=>{e.extruder!==null&&r.includes(i)&&await h(i,e.extruder),e.bed!==null&&r.includes("heater_bed")&&await h("heater_bed",e.bed),e.chamber!==null&&o&&await h(o,e.chamber)})}async cool(){await s.attempt(async()=>{for(let e of p(s.objects))await h(e,0)})}render(){let e=p(s.objects);return e.length?l`<section class="card temperatures" aria-labelledby="temperatures-title">
      <h2 id="temperatures-title">${n("temperatures.title")}</h2>
      <ul class="heaters">${e.map((r,i)=>this.heater(r,i))}</ul>
      ${s.may("CONTROL")?this.buttons():u}
      <temperature-chart></temperature-chart>
      ${this.editing?l`<preset-editor .presets=${s.presets}
            @close=${()=>{this.editing=!1,s.learnPresets()}}></preset-editor>`:u}
    </section>`:u}buttons(){let e=!["none","paused"].includes(s.info?.phase??"none")||!s.online;return l`<div class="row presets" role="group" aria-label=${n("temperatures.presets")}>
      ${s.presets.map(r=>l`<button type="button" class="small"
        ?disabled=${e} @click=${()=>this.heat(r)}>${r.name}
        <span class="quiet">${[r.extruder,r.bed].filter(i=>i!==null).join(" / ")}</span>
      </button>`)}
      <button type="button" class="small" ?disabled=${e} @click=${()=>this.cool()}>
        ${n("temperatures.off")}</button>
      ${s.may("SETTINGS")?l`<button type="button" class="small plain" @click=${()=>this.editing=!0}>
            ${n("presets.edit")}</button>`:u}</div>`}heater(e,r){let{temperature:i,target:o}=s.objects[e],c=P(e),v=`target-${r}`;return l`<li>
      <span class="swatch s${r%4}" aria-hidden="true"></span>
      <span class="heater-name">${c}</span>
      <span class="reading"><strong>${f(i,1)}</strong>
        <span class="quiet">${o?`\u2192 ${f(o)}`:n("temperatures.isOff")}</span></span>
      ${s.may("CONTROL")?l`<form class="target" @submit=${_=>this.submit(_,e)}>
            <label class="hidden" for=${v}>${n("temperatures.target",{heater:c})}</label>
            <input id=${v} type="number" min="0" max=${this.limit(e)} step="1"
              inputmode="numeric" placeholder=${o||"\xB0C"}>
            <button class="small" aria-label=${n("temperatures.setFor",{heater:c})}>
              ${n("temperatures.set")}</button>
          </form>`:u}
    </li>`}};customElements.define("temperature-card",$);export{k as a,I as b};
