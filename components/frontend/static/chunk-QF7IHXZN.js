import{a as e,f as i,j as s}from"./chunk-YKPVKB4B.js";var n={"+":"added","-":"removed","@":"quiet"},t=class extends i{constructor(){super(...arguments);this.lines=[]}static{this.properties={lines:{attribute:!1}}}createRenderRoot(){return this}render(){return e`<div class="scroll diff mono" tabindex="0" role="region"
      aria-label=${s("config.diff")}
    >${this.lines.map(r=>e`<div class=${n[r[0]]??""}>${r||" "}</div>`)}</div>`}};customElements.define("diff-lines",t);
