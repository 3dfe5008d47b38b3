import{a as m}from"./chunk-B544CBGK.js";import{A as c,x as p}from"./chunk-J5RRR37K.js";import{a as i,j as s}from"./chunk-M6YJ65Q2.js";var u={name:"",extruder:null,bed:null,chamber:null},n=class extends m{constructor(){super(...arguments);this.presets=[];this.rows=[];this.close=()=>this.dispatchEvent(new Event("close"))}static{this.properties={presets:{attribute:!1},rows:{state:!0}}}connectedCallback(){super.connectedCallback(),this.rows=this.presets.length?this.presets.map(e=>({...e})):[{...u}]}firstUpdated(){this.querySelector("dialog")?.showModal()}change(e,t){this.rows=this.rows.map((a,r)=>r===e?{...a,...t}:a)}async save(e){e.preventDefault();let t=this.rows.filter(a=>a.name.trim());await c.attempt(()=>p(t))&&this.close()}render(){return i`<dialog aria-labelledby="presets-title" @close=${e=>{e.stopPropagation(),this.close()}}>
      <form class="stack" @submit=${this.save}>
        <h2 id="presets-title">${s("presets.title")}</h2>
        <div class="preset-rows">${this.rows.map((e,t)=>this.row(e,t))}</div>
        <button type="button" class="plain" @click=${()=>this.rows=[...this.rows,{...u}]}>
          ${s("presets.add")}</button>
        <div class="row end">
          <button type="button" @click=${this.close}>${s("app.close")}</button>
          <button class="primary">${s("app.save")}</button></div>
      </form></dialog>`}row(e,t){let a=(r,l)=>i`<label class="field">${l}
      <input type="number" min="0" max="500" .value=${e[r]===null?"":String(e[r])}
        @change=${d=>{let o=d.target.valueAsNumber;this.change(t,{[r]:Number.isNaN(o)?null:o})}}></label>`;return i`<div class="preset-row">
      <label class="field">${s("presets.name")}<input .value=${e.name} maxlength="40"
        @change=${r=>this.change(t,{name:r.target.value})}></label>
      ${a("extruder",s("heater.tool"))} ${a("bed",s("heater.bed"))}
      <button type="button" class="plain" aria-label=${s("presets.remove",{name:e.name})}
        @click=${()=>this.rows=this.rows.filter((r,l)=>l!==t)}>✕</button></div>`}};customElements.define("preset-editor",n);
