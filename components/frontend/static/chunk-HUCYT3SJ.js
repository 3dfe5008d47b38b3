import{c as p}from"./chunk-XNBOOLDR.js";import{e as u,i as c,j as s,k as f}from"./chunk-6O4BZPLP.js";import{a as o,d as m,i as a}from"./chunk-IKJ2O7UB.js";var $=[{name:"PLA",tool:205,bed:60},{name:"PETG",tool:235,bed:80},{name:"ABS",tool:245,bed:100}],v=i=>{if(i==="heater_bed")return a("heater.bed");if(i.startsWith("heater_generic "))return a("heater.chamber");let e=i.slice(8);return c(s.objects).filter(r=>r.startsWith("extruder")).length>1?a("heater.tools",{number:Number(e||0)+1}):a("heater.tool")};function d(i,e){if(i==="heater_bed")return u("POST","api/printer/bed",{command:"target",target:e});if(i.startsWith("extruder")){let r={[`tool${i.slice(8)||0}`]:e};return u("POST","api/printer/tool",{command:"target",targets:r})}return u("POST","api/printer/chamber",{command:"target",target:e})}var b=class extends f{async load(){await import("./temperature-chart-DZ7QG4SZ.js")}connectedCallback(){super.connectedCallback(),this.load()}updated(){let e=this.querySelector("temperature-chart");e&&(e.samples=s.samples)}limit(e){let t=s.info?.profile;return e==="heater_bed"?t?.max_bed_c??130:e.startsWith("extruder")?t?.max_tool_c??300:t?.max_chamber_c??80}submit(e,t){e.preventDefault();let r=e.target.querySelector("input");if(!r||r.value==="")return;let l=r.valueAsNumber;s.attempt(()=>d(t,l)).then(n=>{n&&(r.value="")})}async preset(e,t){let r=c(s.objects);await s.attempt(async()=>{r.includes("extruder")&&await d("extruder",e),r.includes("heater_bed")&&await d("heater_bed",t)})}render(){let e=c(s.objects);return e.length?o`<section class="card temperatures" aria-labelledby="temperatures-title">
      <h2 id="temperatures-title">${a("temperatures.title")}</h2>
      <ul class="heaters">${e.map((t,r)=>this.heater(t,r))}</ul>
      ${s.may("CONTROL")?o`<div class="row presets" role="group" aria-label=${a("temperatures.presets")}>
            ${$.map(t=>o`<button type="button" class="small"
              @click=${()=>this.preset(t.tool,t.bed)}>${t.name}</button>`)}
            <button type="button" class="small" @click=${()=>this.preset(0,0)}>
              ${a("temperatures.off")}</button></div>`:m}
      <temperature-chart></temperature-chart>
    </section>`:m}heater(e,t){let{temperature:r,target:l}=s.objects[e],n=v(e),h=`target-${t}`;return o`<li>
      <span class="swatch s${t}" aria-hidden="true"></span>
      <span class="heater-name">${n}</span>
      <span class="reading"><strong>${p(r,1)}</strong>
        <span class="quiet">${l?`\u2192 ${p(l)}`:a("temperatures.isOff")}</span></span>
      ${s.may("CONTROL")?o`<form class="target" @submit=${g=>this.submit(g,e)}>
            <label class="hidden" for=${h}>${a("temperatures.target",{heater:n})}</label>
            <input id=${h} type="number" min="0" max=${this.limit(e)} step="1"
              inputmode="numeric" placeholder="°C">
            <button class="small" aria-label=${a("temperatures.setFor",{heater:n})}>
              ${a("temperatures.set")}</button>
          </form>`:m}
    </li>`}};customElements.define("temperature-card",b);
